import { type KubeSaTokenError, UnreachableError } from '../model/errors.ts';
import { renderDuration } from '../system/duration.ts';
import { startDeadline, withDeadline } from '../system/deadline.ts';
import { readAnswer, readText } from './answer.ts';
import { attemptRefreshed, type AttemptResult, callContext, type ConnectionCore, isIdempotent } from './attempt.ts';
import { describeCall } from './call-context.ts';
import type { ApiRequest, ApiResponse, ApiStream } from './connection.ts';
import { redact } from './redact.ts';
import { RetryableError, retryAfterMs, type RetrySchedule, withRetries } from './retry.ts';
import { statusError } from './status-error.ts';

export interface SendSettings {
  readonly schedule: RetrySchedule;
  random(): number;
  /** Milliseconds; undefined for no limit. */
  readonly requestTimeoutMs: number | undefined;
}

/** As `Connection.send()`. */
export function send(core: ConnectionCore, request: ApiRequest, settings: SendSettings): Promise<ApiResponse> {
  const context = callContext(core, request.doing);
  const { schedule, random } = settings;
  const limitMs = limitOf(request, settings);
  return withDeadline(limitMs, { signal: request.signal, reason: () => overdue(core, request, limitMs) }, (signal) =>
    withRetries({ schedule, random, signal }, async () => {
      const stream = await attemptRefreshed(core, request, signal);
      const text = await readText(stream);
      if (stream.status >= 300) {
        const { headers, status } = stream;
        const error = statusError(status, redact(text, stream.sent), headers, context);
        request.onRefusal?.({ status, headers, text, error });
        throw retryable(error, stream, request, core) ?? error;
      }
      return readAnswer(stream, text, request, context);
    }),
  );
}

/** As `Connection.open()`. */
export async function open(core: ConnectionCore, request: ApiRequest, settings: SendSettings): Promise<ApiStream> {
  const { schedule, random } = settings;
  const limitMs = request.stream === true ? Infinity : limitOf(request, settings);
  request.signal?.throwIfAborted();
  const deadline = startDeadline(limitMs, { signal: request.signal, reason: () => overdue(core, request, limitMs) });
  const { signal } = deadline;
  try {
    const stream = await withRetries({ schedule, random, signal }, async (isLast) => {
      const answer = await attemptRefreshed(core, request, signal);
      if (isLast || answer.status < 400) return answer;
      // The error only carries the decision: without repetitions left, the answer itself is the result.
      const error = statusError(answer.status, '', answer.headers, callContext(core, request.doing));
      const again = retryable(error, answer, request, core);
      if (again === undefined) return answer;
      await readText(answer);
      throw again;
    });
    const { body, discard, headers, status, warnings } = stream;
    return {
      status,
      headers,
      warnings,
      body: readLimited(body, () => deadline.end()),
      discard() {
        deadline.end();
        discard();
      },
    };
  } catch (error) {
    deadline.end();
    throw error;
  }
}

async function* readLimited(body: AsyncIterable<Uint8Array>, end: () => void): AsyncIterable<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw error instanceof RetryableError ? error.error : error; // the reader has seen a part of it
  } finally {
    end();
  }
}

function limitOf({ timeoutMs }: ApiRequest, { requestTimeoutMs }: SendSettings): number {
  return Math.min(timeoutMs ?? Infinity, requestTimeoutMs ?? Infinity);
}

function overdue(core: ConnectionCore, { doing, timeoutMs = Infinity }: ApiRequest, limitMs: number): UnreachableError {
  const context = callContext(core, doing);
  const message = `${describeCall(context)} gave no answer within ${renderDuration(limitMs)}`;
  const hint = timeoutMs > limitMs ? 'A longer --request-timeout may do' : undefined;
  return new UnreachableError(message, { reason: 'RequestTimeout', hint });
}

/** A server that answers 429 has not executed the request; after a 5xx it may have. */
function retryable(
  error: KubeSaTokenError,
  { headers, status }: AttemptResult,
  request: ApiRequest,
  core: ConnectionCore,
): RetryableError | undefined {
  const mayRepeat = status === 429 ? request.retry !== 'never' : status >= 500 && isIdempotent(request);
  if (!mayRepeat || status === 501) return undefined;
  return new RetryableError(error, { kind: 'status', afterMs: retryAfterMs(headers['retry-after'], core.now()) });
}
