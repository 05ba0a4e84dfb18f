import type { IncomingMessage } from 'node:http';
import { type RequestInfo, requestInfo } from '../http/request-info.ts';
import { parseTarget } from '../http/request-target.ts';
import { isReview } from '../http/reviews.ts';

/** `GET` that goes on: what changes, as it changes. */
export function isWatch(request: IncomingMessage): boolean {
  return infoOf(request)?.verb === 'watch';
}

/** `GET` of a collection. */
export function isList(request: IncomingMessage): boolean {
  const info = infoOf(request);
  return info?.isResource === true && info.verb === 'list';
}

/** `POST` that makes an object: no review, no TokenRequest. */
export function isCreate(request: IncomingMessage): boolean {
  const info = infoOf(request);
  return info?.isResource === true && info.verb === 'create' && info.subresource === '' && !isReview(info);
}

function infoOf({ method, url }: IncomingMessage): RequestInfo | undefined {
  const target = parseTarget(url ?? '/');
  return target && requestInfo(method ?? 'GET', target);
}
