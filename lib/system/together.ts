/**
 * Runs all of `work` at once, with a signal that aborts when `signal` does or as soon as one of them has failed: the
 * others are not left running, and asking again, behind the back of whoever is told of the failure.
 */
export async function together<const Tasks extends readonly Promise<unknown>[]>(
  signal: AbortSignal,
  work: (signal: AbortSignal) => Tasks,
): Promise<{ -readonly [Index in keyof Tasks]: Awaited<Tasks[Index]> }> {
  const failed = new AbortController();
  const tasks = work(AbortSignal.any([signal, failed.signal]));
  try {
    return await Promise.all(tasks);
  } catch (error) {
    failed.abort(error);
    await Promise.allSettled(tasks);
    throw error;
  }
}
