/**
 * Runs all of `work` at once, with a signal that aborts when `signal` does or as soon as one of them has failed: the
 * others are not left running, and asking again, behind the back of whoever is told of the failure.
 */
export async function together<Results extends readonly unknown[]>(
  signal: AbortSignal,
  work: (signal: AbortSignal) => readonly [...{ [Index in keyof Results]: Promise<Results[Index]> }],
): Promise<Results> {
  const failed = new AbortController();
  const tasks = work(AbortSignal.any([signal, failed.signal]));
  try {
    return (await Promise.all(tasks)) as unknown as Results;
  } catch (error) {
    failed.abort(error);
    await Promise.allSettled(tasks);
    throw error;
  }
}
