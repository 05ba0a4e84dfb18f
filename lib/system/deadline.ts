import { setTimeout as delay } from 'node:timers/promises';

/**
 * Runs `work` with a signal that aborts after `ms` milliseconds, or when `signal` does.
 *
 * The timer keeps the process alive (that of `AbortSignal.timeout` does not: with nothing else pending Node would end
 * with code 13 and no word). Deadlines nest: the innermost that fires names itself, because its `reason()` is what
 * `work`'s signal carries and what is thrown here, whatever `work` made of the abort.
 *
 * @param ms Milliseconds; Infinity sets no timer.
 */
export async function withDeadline<T>(
  ms: number,
  { signal, reason }: { signal?: AbortSignal | undefined; reason: () => Error },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  let expired: Error | undefined;
  const timer = Number.isFinite(ms)
    ? setTimeout(() => {
        expired = reason();
        controller.abort(expired);
      }, ms)
    : undefined;
  const forward = () => controller.abort(signal?.reason);
  signal?.addEventListener('abort', forward, { once: true });
  try {
    return await work(controller.signal);
  } catch (error) {
    if (expired !== undefined) throw expired;
    if (signal?.aborted === true) throw signal.reason;
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', forward);
  }
}

/** Waits `ms` milliseconds; rejects with the reason of `signal` when that aborts. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  try {
    await delay(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    throw signal?.aborted === true ? signal.reason : error;
  }
}
