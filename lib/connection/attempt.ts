import type { Identity, IdentityHeaders } from '../auth/identity.ts';
import type { ClusterAccess } from '../model/cluster-access.ts';
import { KubeSaTokenError } from '../model/errors.ts';
import { escapeLine } from '../model/escape.ts';
import { version } from '../model/version.ts';
import type { TrustedProxy } from '../transport/proxy.ts';
import { describeServer } from '../transport/server-url.ts';
import type { Transport } from '../transport/transport.ts';
import { TransportError } from '../transport/transport-error.ts';
import type { Trust } from '../transport/trust.ts';
import type { CallContext } from './call-context.ts';
import type { ApiRequest, ApiStream } from './connection.ts';
import { redactHeaders } from './redact.ts';
import { RetryableError } from './retry.ts';
import { socketError } from './socket-error.ts';
import { parseWarnings } from './warnings.ts';

/** What one attempt needs of its connection. */
export interface ConnectionCore {
  readonly access: ClusterAccess;
  readonly trust: Trust;
  readonly identity: Identity;
  readonly proxy: TrustedProxy | undefined;
  readonly connectTimeoutMs: number;
  transport(signal: AbortSignal | undefined): Promise<Transport>;
  now(): number;
  onNote?: ((text: string) => void) | undefined;
  onExchange?: ((exchange: Exchange) => void) | undefined;
  /** Told each text once. */
  warn(text: string): void;
}

/** One request and what came of it, as `-v` shows it. */
export interface Exchange {
  readonly method: string;
  /** With its query, below the server's own path. */
  readonly path: string;
  /** Who it went out as: `user "jane"`. */
  readonly identity: string;
  /** The scheme of its Authorization header; undefined where there was none. Never the credential. */
  readonly authorization: string | undefined;
  /** Undefined where no answer came. */
  readonly status: number | undefined;
  /** Milliseconds until the head of the answer. */
  readonly ms: number;
  readonly warnings: readonly string[];
}

export function callContext(
  { access, identity, proxy, trust }: Pick<ConnectionCore, 'access' | 'identity' | 'proxy' | 'trust'>,
  doing: string,
): CallContext {
  const { cluster, context } = access;
  return {
    doing,
    server: describeServer(cluster.server),
    proxy: proxy?.description,
    proxyLogin: proxy?.credentials !== undefined,
    context: context === null ? null : escapeLine(context),
    cluster: escapeLine(cluster.name),
    trust: trust.source,
    identity: identity.description,
    impersonatedBy: identity.impersonatedBy,
  };
}

export function isIdempotent({ method, retry }: ApiRequest): boolean {
  return retry === undefined ? method === 'GET' || method === 'HEAD' : retry === 'idempotent';
}

/** An answer, and what was sent to get it: needed to take credentials out of what the server repeats. */
export interface AttemptResult extends ApiStream {
  readonly sent: IdentityHeaders;
}

/**
 * Sends a request; once more after a 401, which nothing was done for, if the identity then has another credential.
 * client-go gets the other one, too, but keeps it for the next request.
 *
 * @throws As `attempt()`.
 */
export async function attemptRefreshed(
  core: ConnectionCore,
  request: ApiRequest,
  signal: AbortSignal | undefined,
): Promise<AttemptResult> {
  const answer = await attempt(core, request, signal);
  const { identity } = core;
  if (answer.status !== 401 || identity.refresh === undefined) return answer;
  try {
    if (!(await identity.refresh(answer.sent, signal))) return answer;
  } catch (error) {
    if (!(error instanceof KubeSaTokenError) || signal?.aborted === true) throw error;
    core.onNote?.(error.message);
    return answer;
  }
  answer.discard();
  return attempt(core, request, signal);
}

/**
 * Sends a request once.
 *
 * @throws {RetryableError} It may be sent again: there was no connection, or it is idempotent and has broken off.
 * @throws {UnreachableError} It may not.
 */
async function attempt(
  core: ConnectionCore,
  request: ApiRequest,
  signal: AbortSignal | undefined,
): Promise<AttemptResult> {
  const path = pathOf(request);
  const { method } = request;
  const transport = await core.transport(signal);
  const headers = await headersOf(core, request, signal);
  const started = core.now();
  const sentAs = { identity: core.identity.description, authorization: schemeOf(headers['authorization']) };
  const told = (status: number | undefined, warnings: readonly string[]) =>
    core.onExchange?.({ method, path, ...sentAs, status, ms: core.now() - started, warnings });
  const failed = (error: unknown) => (error instanceof TransportError ? failure(error, core, request) : error);
  try {
    const replayable = isIdempotent(request);
    const answer = await transport.exchange({ method, path, headers, body: request.body, replayable, signal });
    const received = redactHeaders(answer.headers, headers);
    const warnings = parseWarnings(received['warning']);
    told(answer.status, warnings);
    for (const warning of warnings) core.warn(warning);
    return { ...answer, headers: received, warnings, sent: headers, body: readBody(answer.body, failed) };
  } catch (error) {
    if (error instanceof TransportError) told(undefined, []);
    throw failed(error);
  }
}

/** `Bearer` of `Bearer …`; anything else may be the credential itself. */
function schemeOf(authorization: string | string[] | undefined): string | undefined {
  if (authorization === undefined) return undefined;
  return /^(?:Bearer|Basic)(?= )/u.exec(String(authorization))?.[0] ?? 'a credential';
}

/** Codes of failures that may pass by themselves; a certificate does not become right. */
const passing = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** So may a proxy's trouble with the server. */
function mayPass({ code, proxyAnswer = '' }: TransportError): boolean {
  return passing.has(code) || /^50[234]\b/u.test(proxyAnswer);
}

function failure(error: TransportError, core: ConnectionCore, request: ApiRequest): Error {
  const typed = socketError(error, callContext(core, request.doing), core.connectTimeoutMs);
  const mayRepeat = error.stage === 'connect' ? request.retry !== 'never' : isIdempotent(request);
  return mayRepeat && mayPass(error) ? new RetryableError(typed, { kind: 'connection' }) : typed;
}

async function* readBody(
  body: AsyncIterable<Uint8Array>,
  failed: (error: unknown) => unknown,
): AsyncIterable<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw failed(error);
  }
}

/** Letter case does not matter to HTTP; ours are lower-case, so that none comes twice. */
async function headersOf(
  { identity }: ConnectionCore,
  request: ApiRequest,
  signal: AbortSignal | undefined,
): Promise<Record<string, string | string[]>> {
  const { accept, contentType, headers = {} } = request;
  const given = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const credentials = await identity.headers(signal);
  return {
    accept: accept ?? 'application/json',
    'user-agent': `kube-sa-token/${version}`,
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
    ...Object.fromEntries(given.filter(([name]) => name !== 'authorization' && !name.startsWith('impersonate-'))),
    ...credentials,
  };
}

function pathOf({ path, query = {} }: ApiRequest): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value));
  if (parameters.size === 0) return path;
  return `${path}${path.includes('?') ? '&' : '?'}${parameters.toString()}`;
}
