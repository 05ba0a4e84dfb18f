import { ServerError } from '../model/errors.ts';
import { escapeLine } from '../model/escape.ts';
import { describeHttpStatus } from '../model/http-status.ts';
import { type AttemptResult, callContext } from './attempt.ts';
import type { ApiRequest, ApiResponse, ApiStream, Connection } from './connection.ts';
import { redact } from './redact.ts';
import { type CallContext, describeCall } from './call-context.ts';
import { describeHtml, isStatus, looksLikeJson } from './server-words.ts';
import { statusError, statusObjectError } from './status-error.ts';

/**
 * The answer of `send()`, after a look at whether it can be one: a login page, a body that is cut off, a Failure in an
 * answer of 200, an object of another kind are errors, whoever is about to read it.
 *
 * @throws {ServerError}
 */
export function readAnswer(
  stream: AttemptResult,
  text: string,
  request: ApiRequest,
  context: CallContext,
): ApiResponse {
  const { headers, status, warnings } = stream;
  let value: unknown;
  const wantsJson = request.accept === undefined || request.accept.includes('json');
  if (wantsJson && request.method !== 'HEAD' && status !== 204) {
    value = parseAnswer(text, stream, context);
    requireKind(value, stream, request, context);
  }
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- see ApiResponse
  return { status, headers, warnings, text, json: <T>() => (value === undefined ? JSON.parse(text) : value) as T };
}

/** The body of an answer, which has to end. */
export async function readText({ body }: Pick<ApiStream, 'body'>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * For an answer of `open()` whose body is about to be read as JSON.
 *
 * @throws The error that its status stands for; {ServerError} It is a web page.
 */
export async function requireSuccess(connection: Connection, stream: ApiStream, doing: string): Promise<void> {
  const { headers, status } = stream;
  const context = callContext(connection, doing);
  if (status >= 300) {
    const text = redact(await readText(stream), await connection.identity.headers());
    throw statusError(status, text, headers, context);
  }
  if (headers['content-type']?.includes('text/html') !== true) return;
  const html = describeHtml(await readText(stream), headers['content-type']) ?? '';
  throw senseless(`${describeHttpStatus(status)} with ${html}`, 'HtmlAnswer', status, context);
}

function parseAnswer(text: string, { headers, status }: ApiStream, context: CallContext): unknown {
  const contentType = headers['content-type'];
  const html = describeHtml(text, contentType);
  if (html !== undefined) throw senseless(`${describeHttpStatus(status)} with ${html}`, 'HtmlAnswer', status, context);
  try {
    return JSON.parse(text);
  } catch {
    // V8's message would show an excerpt.
    const begins = looksLikeJson(text);
    const what =
      text.trim() === ''
        ? 'nothing'
        : begins
          ? 'JSON that is cut off or broken'
          : `${escapeLine(contentType ?? 'a body')} that is not JSON`;
    throw senseless(
      `${describeHttpStatus(status)} with ${what}`,
      begins ? 'TruncatedAnswer' : 'NotJson',
      status,
      context,
    );
  }
}

function requireKind(
  value: unknown,
  { sent, status }: AttemptResult,
  { kinds }: ApiRequest,
  context: CallContext,
): void {
  if (isStatus(value) && value.status === 'Failure') throw statusObjectError(value, sent, context);
  if (kinds === undefined) return;
  const { kind } = (value ?? {}) as { kind?: unknown };
  if (typeof kind === 'string' && kinds.includes(kind)) return;
  const what =
    typeof kind === 'string' ? `an object of kind "${escapeLine(kind)}"` : 'JSON that is no Kubernetes object';
  throw senseless(
    `${describeHttpStatus(status)} with ${what} instead of ${kinds[0] ?? ''}`,
    'UnexpectedKind',
    status,
    context,
  );
}

/** An answer that makes no sense: `200 OK with …` */
export function senseless(answer: string, reason: string, status: number, context: CallContext): ServerError {
  return new ServerError(`${describeCall(context)} answers ${answer}`, {
    status,
    reason,
    hint: 'Is it the address of an API server, or does something else answer there?',
  });
}
