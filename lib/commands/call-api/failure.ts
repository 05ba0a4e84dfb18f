import { callContext } from '../../connection/attempt.ts';
import type { ApiStream, Connection } from '../../connection/connection.ts';
import { redact } from '../../connection/redact.ts';
import { parseStatus, serverWords } from '../../connection/server-words.ts';
import { statusError } from '../../connection/status-error.ts';
import { describeHttpStatus } from '../../model/http-status.ts';
import { KubeSaTokenError, UnreachableError } from '../../model/errors.ts';
import type { CallApiInput } from './input.ts';

/** The exit code of a call: that of the status of its answer. */
export function exitCodeOfStatus(status: number): number {
  if (status === 401 || status === 403) return 4;
  if (status === 404) return 3;
  return status >= 300 ? 1 : 0; // a redirect is not followed: no credential goes where a server points
}

/**
 * What stderr says of an answer from 300 on, whose body has gone to stdout.
 *
 * @param text The body, or as much of it as was kept.
 */
export async function answerFailure(
  connection: Connection,
  { credential, method, path }: Pick<CallApiInput, 'credential' | 'method' | 'path'>,
  { headers, status, text }: Pick<ApiStream, 'headers' | 'status'> & { text: string },
): Promise<KubeSaTokenError> {
  const doing = `${method} ${path}`;
  const clean = redact(text, await connection.identity.headers());
  const { hint, reason } = statusError(status, clean, headers, callContext(connection, doing));
  const words = serverWords(clean, headers['content-type']);
  const said = words === '' || words === describeHttpStatus(status).slice(4) ? '' : `: ${words}`;
  return new KubeSaTokenError(`Cannot ${doing}: ${describeHttpStatus(status)}${said}`, {
    reason,
    hint:
      (status >= 500 && isWrite(method) ? inDoubt : hint) ??
      (isOfObject(clean) ? 'The path without the name lists what there is' : hintFor(status, credential.from)),
  });
}

/** Whether an object is missing, and not the path: what is said then names it. */
function isOfObject(text: string): boolean {
  const found = parseStatus(text);
  return found?.code === 404 && found.details?.name !== undefined;
}

/** A failure in the middle of the answer to a write, with what follows from it. */
export function withDoubt(error: unknown, method: string): unknown {
  const isInDoubt = error instanceof UnreachableError && error.reason === 'ConnectionReset' && isWrite(method);
  if (!isInDoubt || error.hint !== undefined) return error;
  return new UnreachableError(error.message, { reason: error.reason, hint: inDoubt, cause: error });
}

const inDoubt = 'It may have been done all the same: look before you repeat it';

function isWrite(method: string): boolean {
  return !['GET', 'HEAD', 'OPTIONS'].includes(method);
}

function hintFor(status: number, from: CallApiInput['credential']['from']): string | undefined {
  switch (status) {
    case 400:
    case 422:
      return 'The body of the answer says what is wrong with the request';
    case 403:
      return from === 'kubeconfig'
        ? 'kubectl auth can-i --list shows what this user may do'
        : 'bootstrap-token --role or --allow gives a ServiceAccount the rights that it needs';
    case 404:
      return 'call-api / lists the paths of the API server, /api/v1 and /apis/GROUP/VERSION their resources';
    case 405:
      return '/api/v1 and /apis/GROUP/VERSION list what each resource can do';
    case 409:
      return 'It exists already, or has changed since it was read: read it again';
    case 410:
      return 'Begin again, without resourceVersion and continue';
    case 415:
      return 'Name the type of the body with --content-type';
    default:
      return undefined;
  }
}
