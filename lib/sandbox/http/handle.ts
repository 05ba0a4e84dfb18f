import type { IncomingMessage, ServerResponse } from 'node:http';
import { authenticate } from '../authentication/authenticate.ts';
import { authorize } from '../authorization/rbac.ts';
import { impersonate } from '../authorization/impersonate.ts';
import { refusal } from '../authorization/refuse.ts';
import type { Cluster } from '../cluster.ts';
import { isServed } from '../discovery/discovery.ts';
import { findType } from '../kinds/table.ts';
import { ApiError, internal } from '../status.ts';
import { readBody } from './body.ts';
import { writeBadRequest, writeUndetermined } from './early.ts';
import type { Exchange } from './exchange.ts';
import { errorFormat } from './negotiate.ts';
import { handleNonResource } from './non-resource.ts';
import { type RequestInfo, requestInfo } from './request-info.ts';
import { parseTarget } from './request-target.ts';
import { handleReview, isReview } from './reviews.ts';
import { handleStored } from './stored.ts';
import { writeObject, writePageNotFound } from './write.ts';

/** Answers one request, whatever it is. */
export async function handle(cluster: Cluster, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const method = request.method ?? 'GET';
  const target = parseTarget(request.url ?? '/');
  if (target === undefined) return writeBadRequest(response);
  const info = requestInfo(method, target);
  if (info === undefined) return writeUndetermined(response, request.url ?? '/');
  const pretty = wantsPretty(target.query, request.headers['user-agent'] ?? '');
  const warnings: string[] = [];
  let early = true;
  try {
    const { user: caller, warnings: said } = authenticate(cluster, request);
    warnings.push(...said);
    const user = impersonate(cluster, caller, request.headers, info);
    early = false;
    await answer({ cluster, request, response, ...target, method, user, warnings, pretty }, info);
  } catch (error) {
    const failure = error instanceof ApiError ? error : internal(`Internal error: ${String(error)}`);
    const { status } = failure;
    if (response.headersSent) return void response.destroy();
    const retry = status.details?.retryAfterSeconds;
    const headers = {
      ...(failure.nosniff ? { 'X-Content-Type-Options': 'nosniff' } : {}),
      ...(retry === undefined ? {} : { 'Retry-After': String(retry) }),
    };
    const format = errorFormat(request.headers.accept ?? '') ?? { type: 'json', pretty: true };
    const written = { ...format, pretty: format.pretty || pretty };
    await writeObject(response, status, { code: status.code, headers, warnings, early, ...written });
  }
}

async function answer(exchange: Exchange, info: RequestInfo): Promise<void> {
  const { cluster, path, request, response, user, warnings } = exchange;
  const decision = authorize(cluster.store, user, info);
  if (!decision.allowed) throw refusal(user, info, decision.reason);
  if (!info.isResource) return handleNonResource(exchange);
  if (!isServed(path)) return writePageNotFound(response, warnings);
  if (isReview(info)) return handleReview(exchange, info, await readBody(request));
  return handleStored(exchange, info, findType(info.group, info.version, info.resource));
}

function wantsPretty(query: URLSearchParams, userAgent: string): boolean {
  const asked = query.get('pretty') ?? '';
  if (asked !== '') return ['1', 't', 'T', 'true', 'True', 'TRUE'].includes(asked);
  return /^(?:curl|Wget|Mozilla\/5\.0)/u.test(userAgent);
}
