import { sleep } from '../../lib/system/deadline.ts';

type NotYet = false | '' | 0 | null | undefined;

/**
 * Asks again and again until `probe` gives something: what counts as false means "not yet", an empty text too.
 *
 * @param what Completes "Waited in vain for …".
 */
export async function until<T>(
  what: string,
  probe: () => Promise<T | NotYet>,
  timeoutMs = 10_000,
): Promise<Exclude<T, NotYet>> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value) return value as Exclude<T, NotYet>;
    if (Date.now() > end) throw new Error(`Waited in vain for ${what}`);
    await sleep(10);
  }
}
