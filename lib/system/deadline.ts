/** Node's timers hold no more (24 days): a longer one would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/** A time limit that has begun. */
export interface Deadline {
  /** Aborts when the time is over, or when the outer signal does; its reason is the error to throw. */
  readonly signal: AbortSignal;
  /** Stops the clock. What is not ended keeps the process alive. */
  end(): void;
}

/**
 * Begins a time limit for work that outlives one function call; `withDeadline()` is for the rest.
 *
 * @param ms Milliseconds; Infinity sets no timer.
 */
export function startDeadline(
  ms: number,
  { signal, reason }: { signal?: AbortSignal | undefined; reason: () => Error },
): Deadline {
  const controller = new AbortController();
  const forward = () => controller.abort(signal?.reason);
  if (signal?.aborted === true) forward();
  else signal?.addEventListener('abort', forward, { once: true });
  const timer = Number.isFinite(ms)
    ? setTimeout(() => controller.abort(reason()), Math.min(ms, longestTimerMs))
    : undefined;
  return {
    signal: controller.signal,
    end() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', forward);
    },
  };
}

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
  const deadline = startDeadline(ms, { signal, reason });
  try {
    return await work(deadline.signal);
  } catch (error) {
    throw deadline.signal.aborted ? deadline.signal.reason : error;
  } finally {
    deadline.end();
  }
}

/**
 * Runs `work` that a signal must not cut, because what it made has to be known: `ms` milliseconds at most, and
 * `graceMs` once `signal` has aborted.
 */
export async function withGrace<T>(
  { ms, graceMs, signal, reason }: { ms: number; graceMs: number; signal: AbortSignal; reason: () => Error },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let grace: Deadline | undefined;
  const hurry = () => {
    grace = startDeadline(graceMs, { reason });
    grace.signal.addEventListener('abort', () => controller.abort(grace?.signal.reason), { once: true });
  };
  if (signal.aborted) hurry();
  else signal.addEventListener('abort', hurry, { once: true });
  try {
    return await withDeadline(ms, { signal: controller.signal, reason }, work);
  } finally {
    grace?.end();
    signal.removeEventListener('abort', hurry);
  }
}

/** Waits `ms` milliseconds; rejects with the reason of `signal` when that aborts. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  let timer: NodeJS.Timeout | undefined;
  let onAbort = () => {};
  try {
    await new Promise<void>((resolve, reject) => {
      timer = setTimeout(resolve, ms);
      onAbort = () => reject(signal?.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

/** What `work` gives, or the reason of `signal` once that has aborted; then nobody waits for `work`, which goes on. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([aborted, work]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
