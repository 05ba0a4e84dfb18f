import type { IncomingMessage, ServerResponse } from 'node:http';
import type { User } from '../authentication/user.ts';
import type { Cluster } from '../cluster.ts';
import { type Format, negotiate } from './negotiate.ts';
import type { RequestInfo } from './request-info.ts';
import type { RequestTarget } from './request-target.ts';

/** One request on its way. */
export interface Exchange extends RequestTarget {
  readonly cluster: Cluster;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  readonly user: User;
  readonly warnings: string[];
  /** Whether an answer is indented that does not say otherwise: clients of people get it so. */
  readonly pretty: boolean;
}

/** The form that is wanted of an object of a resource, or of another. @throws {ApiError} 406 */
export function formatOf({ pretty, request }: Exchange, isObject = true): Format {
  const format = negotiate(request.headers.accept ?? '', { isObject });
  return { ...format, pretty: format.pretty || pretty };
}

export type ResourceInfo = Extract<RequestInfo, { isResource: true }>;
