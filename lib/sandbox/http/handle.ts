import type { IncomingMessage, ServerResponse } from 'node:http';
import { authenticate } from '../authentication/authenticate.ts';
import { authorize } from '../authorization/rbac.ts';
import { impersonate } from '../authorization/impersonate.ts';
import { refusal } from '../authorization/refuse.ts';
import type { Cluster } from '../cluster.ts';
import { findType } from '../kinds/table.ts';
import { ApiError, internal } from '../status.ts';
import { readBody } from './body.ts';
import type { Exchange } from './exchange.ts';
import { takesStatus } from './negotiate.ts';
import { handleNonResource } from './non-resource.ts';
import { requestInfo } from './request-info.ts';
import { handleReview, isReview } from './reviews.ts';
import { handleStored } from './stored.ts';
import { writeObject } from './write.ts';

/** Answers one request, whatever it is. */
export async function handle(cluster: Cluster, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'https://localhost');
  const pretty = wantsPretty(url, request.headers['user-agent'] ?? '');
  const warnings: string[] = [];
  try {
    const { user: caller, warnings: said } = authenticate(cluster, request);
    warnings.push(...said);
    const method = request.method ?? 'GET';
    const user = impersonate(cluster.store, caller, request.headers);
    await answer({ cluster, request, response, url, method, user, warnings, pretty });
  } catch (error) {
    const failure = error instanceof ApiError ? error : internal(`Internal error: ${String(error)}`);
    const { status } = failure;
    if (response.headersSent) return void response.destroy();
    const retry = status.details?.retryAfterSeconds;
    const headers = {
      ...(failure.nosniff ? { 'X-Content-Type-Options': 'nosniff' } : {}),
      ...(retry === undefined ? {} : { 'Retry-After': String(retry) }),
    };
    await writeObject(response, status, {
      code: status.code,
      headers,
      warnings,
      pretty: pretty || !takesStatus(request.headers.accept ?? '*/*'),
      type: 'json',
    });
  }
}

async function answer(exchange: Exchange): Promise<void> {
  const { cluster, method, request, url, user } = exchange;
  const info = requestInfo(method, url);
  const decision = authorize(cluster.store, user, info);
  if (!decision.allowed) throw refusal(user, info, decision.reason);
  if (!info.isResource) return handleNonResource(exchange);
  if (isReview(info)) return handleReview(exchange, info, await readBody(request));
  return handleStored(exchange, info, findType(info.group, info.version, info.resource));
}

function wantsPretty({ searchParams }: URL, userAgent: string): boolean {
  const asked = searchParams.get('pretty');
  if (asked !== null) return !['false', '0'].includes(asked);
  return /^(?:curl|Wget|Mozilla\/5\.0)/u.test(userAgent);
}
