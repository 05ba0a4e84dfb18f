import pRetry from 'p-retry';
import type { KubeSaTokenError } from '../model/errors.ts';
import { sleep as systemSleep } from '../system/deadline.ts';

/** How a Connection spaces its attempts; tests change it. */
export interface RetrySchedule {
  /** Milliseconds before each repetition, at most; there are as many repetitions as entries. */
  readonly delaysMs: readonly number[];
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

export const defaultSchedule: RetrySchedule = { delaysMs: [100, 300, 900, 2000], sleep: systemSleep };

/** Repetitions while there is no connection at all: whoever waits should be told soon. */
const connectionRetries = 2;
/** Milliseconds. A server that wants us to come back later than this is not waited for. */
const longestRetryAfterMs = 30_000;

/** A failure after which the request may be sent again. It stays inside: `withRetries()` throws its `error`. */
export class RetryableError extends Error {
  readonly error: KubeSaTokenError;
  readonly kind: 'connection' | 'status';
  /** Milliseconds that the server wants us to wait. */
  readonly afterMs: number;

  constructor(error: KubeSaTokenError, { kind, afterMs = 0 }: { kind: 'connection' | 'status'; afterMs?: number }) {
    super(error.message);
    this.name = 'RetryableError';
    this.error = error;
    this.kind = kind;
    this.afterMs = afterMs;
  }
}

/**
 * Repeats `attempt` while it throws a RetryableError: after a growing, jittered delay, and not before the server's
 * Retry-After is over.
 *
 * @param attempt Is told when no repetition can follow.
 */
export async function withRetries<T>(
  { schedule, random, signal }: { schedule: RetrySchedule; random: () => number; signal: AbortSignal | undefined },
  attempt: (isLast: boolean) => Promise<T>,
): Promise<T> {
  const { delaysMs, sleep } = schedule;
  try {
    // Without its signal: that would drop an answer which comes together with the abort.
    return await pRetry((attemptNumber) => attempt(attemptNumber > delaysMs.length), {
      retries: delaysMs.length,
      minTimeout: 0, // it waits here, where Retry-After is known
      shouldRetry: async ({ error, attemptNumber }) => {
        if (!(error instanceof RetryableError) || error.afterMs > longestRetryAfterMs) return false;
        if (error.kind === 'connection' && attemptNumber > connectionRetries) return false;
        const delayMs = (delaysMs[attemptNumber - 1] ?? 0) * (0.5 + random() / 2);
        await sleep(Math.max(delayMs, error.afterMs), signal);
        return true;
      },
    });
  } catch (error) {
    throw error instanceof RetryableError ? error.error : error;
  }
}

/**
 * Milliseconds of a Retry-After header: seconds, or an HTTP date (RFC 9110, section 10.2.3); 0 if there is none.
 *
 * @param now Milliseconds since 1970.
 */
export function retryAfterMs(header: string | undefined, now: number): number {
  if (header === undefined) return 0;
  if (/^\s*\d+\s*$/u.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}
