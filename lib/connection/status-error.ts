import type { IdentityHeaders } from '../auth/identity.ts';
import { DeniedError, type KubeSaTokenError, NotFoundError, ServerError, UnreachableError } from '../model/errors.ts';
import { escapeLine } from '../model/escape.ts';
import { describeHttpStatus } from '../model/http-status.ts';
import { type CallContext, describeCall, describeTask } from './call-context.ts';
import { redact } from './redact.ts';
import { rightsNotHeld } from './rights-not-held.ts';
import { parseStatus, serverWords, type Status } from './server-words.ts';

/**
 * The error that an answer from 300 on stands for. `reason` is that of its Status, made finer where a caller decides
 * on it (`QuotaExceeded`, `NamespaceTerminating`), and always there: load balancers, and the API server's own throttle,
 * answer without a Status.
 *
 * @param text The body, without credentials.
 */
export function statusError(
  status: number,
  text: string,
  headers: Readonly<Record<string, string>>,
  context: CallContext,
): KubeSaTokenError {
  const words = serverWords(text, headers['content-type']);
  return errorOf({ status, words, found: parseStatus(text), location: headers['location'] }, context);
}

/**
 * The error that a Status within an answer of 200 stands for: the ERROR event of a watch.
 *
 * @param sent Headers of the request: a credential in them is not repeated.
 */
export function statusObjectError(status: Status, sent: IdentityHeaders, context: CallContext): KubeSaTokenError {
  const message = redact(status.message ?? '', sent);
  const found = { ...status, message };
  return errorOf({ status: found.code ?? 500, words: escapeLine(message), found, location: undefined }, context);
}

interface Failure {
  readonly status: number;
  readonly words: string;
  readonly found: Status | undefined;
  readonly location: string | undefined;
}

function errorOf({ status, words, found, location }: Failure, context: CallContext): KubeSaTokenError {
  const task = describeTask(context);
  const reason = reasonOf(status, found);
  const saying = words === '' ? '' : `: ${words}`;
  // A Status speaks for itself; what else comes was perhaps not said by an API server.
  const answer =
    found === undefined || words === '' ? `the server answers ${describeHttpStatus(status)}${saying}` : words;
  if (status === 401) return unauthorized({ words, task }, context);
  if (status === 403 && context.impersonatedBy !== undefined && / cannot impersonate(?:-on)?[ :]/u.test(words)) {
    return impersonationDenied({ words, task }, { ...context, impersonatedBy: context.impersonatedBy });
  }
  const missing = status === 403 ? rightsNotHeld(found?.message ?? '') : undefined;
  if (missing !== undefined) return escalation(missing, words, context);
  if (status === 403)
    return new DeniedError(`${task}: ${answer}`, { status, reason, said: words, hint: anonymousHint(context) });
  if (status === 404 && found === undefined) return noSuchPath(`${task}: ${answer}`, context);
  if (status === 404) return new NotFoundError(`${task}: ${answer}`, { reason });
  if (status === 429 || status >= 500) {
    const message = `${describeCall(context)} answers ${describeHttpStatus(status)}${saying}`;
    return new UnreachableError(message, { reason, hint: status === 429 ? busyHint : brokenHint });
  }
  if (status >= 300 && status < 400) return redirected(status, location, context);
  if (context.server.startsWith('http://') && words.includes('HTTP request to an HTTPS server')) {
    return tlsOnHttpPort(context);
  }
  return new ServerError(`${task}: ${answer}`, { status, reason });
}

const busyHint = 'The API server is busy: try again later';
const brokenHint = 'call-api "/readyz?verbose" shows how the API server is, to whom it may';

/** An API server says so too, of an API that it does not have; of an object that is missing it gives a Status. */
function noSuchPath(message: string, { server }: CallContext): NotFoundError {
  const hint = `Does ${server} lead to an API server? Look at the path of the server's URL`;
  return new NotFoundError(message, { reason: 'NoSuchPath', hint });
}

/** kubernetes: apimachinery/pkg/apis/meta/v1/types.go, StatusReason */
const reasons: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  406: 'NotAcceptable',
  409: 'Conflict',
  410: 'Expired',
  413: 'RequestEntityTooLarge',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  502: 'BadGateway',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

function reasonOf(status: number, found: Status | undefined): string {
  if (status === 410) return 'Expired'; // a watch says "Gone" or "Expired"
  if (status === 403 && found?.details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating') === true) {
    return 'NamespaceTerminating';
  }
  if (status === 403 && /exceeded quota|failed quota/u.test(found?.message ?? '')) return 'QuotaExceeded';
  const said = found?.reason ?? '';
  return /^[A-Za-z]+$/u.test(said) ? said : (reasons[status] ?? `Status${status}`);
}

/**
 * `users "bob" is forbidden: User "jane" cannot impersonate resource "users" …`; from 1.36 on also `User "jane" cannot
 * impersonate-on:user-info:create resource "secrets" …` (kubernetes: apiserver/pkg/endpoints/filters/impersonation).
 */
function impersonationDenied(
  { words, task }: { words: string; task: string },
  { identity, impersonatedBy }: CallContext & { impersonatedBy: string },
): DeniedError {
  return new DeniedError(`${task} as ${identity}: ${words}`, {
    status: 403,
    reason: 'ImpersonationDenied',
    said: words,
    hint: `${capitalized(impersonatedBy)} needs the right to impersonate: verb "impersonate" on users, groups, uids, userextras, or serviceaccounts`,
  });
}

function capitalized(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function unauthorized({ words, task }: { words: string; task: string }, context: CallContext): DeniedError {
  const detail = words === '' || words === 'Unauthorized' ? '' : `: ${words}`;
  const caller = context.impersonatedBy ?? context.identity;
  const refused =
    caller === 'anonymous'
      ? 'a call without a credential'
      : `${caller.startsWith('the token') ? '' : 'the credential of '}${caller}`;
  return new DeniedError(`${task}: the API server refuses ${refused} (401 Unauthorized)${detail}`, {
    status: 401,
    reason: 'Unauthorized',
    said: words,
    hint: anonymousHint(context) ?? `${capitalized(refused)} may have expired, or belong to another cluster`,
  });
}

/** RBAC's words have no end where a role has many rules, and hide what to do. */
function escalation(missing: string, words: string, context: CallContext): DeniedError {
  const why = `RBAC lets nobody give rights that he does not have, and ${context.identity} lacks ${missing}`;
  return new DeniedError(`${describeTask(context)}: ${why}`, {
    status: 403,
    reason: 'RightsNotHeld',
    said: words,
    hint: 'Give fewer rights, or have somebody who holds them, or may "escalate" and "bind" roles, run this',
  });
}

function anonymousHint({ identity, impersonatedBy, server }: CallContext): string | undefined {
  if ((impersonatedBy ?? identity) !== 'anonymous') return undefined;
  return server.startsWith('http://')
    ? 'Over plain http no credential is sent: use the https address of the API server'
    : 'The call went out without a credential: the user of the kubeconfig has none';
}

function redirected(status: number, location: string | undefined, context: CallContext): ServerError {
  // What follows "?" may be a secret of somebody's session.
  const where = location === undefined ? '' : ` to "${escapeLine(location.replace(/[?#].*$/u, ''))}"`;
  return new ServerError(`${describeCall(context)} redirects${where} (${status}), which is not followed`, {
    status,
    reason: 'Redirected',
    hint: 'API servers do not redirect: is it the address of a login page or of a proxy?',
  });
}

function tlsOnHttpPort(context: CallContext): UnreachableError {
  return new UnreachableError(`${describeCall(context)} speaks TLS, not plain http`, {
    reason: 'TlsOnPlainHttpPort',
    hint: 'Its address begins with https://',
  });
}
