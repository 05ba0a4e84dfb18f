import { sleep } from '../../lib/system/deadline.ts';

/**
 * Asks again and again until `probe` gives a value. `false` is none: it means "not yet".
 *
 * @param what Completes "Waited in vain for …".
 */
export async function until<T>(
  what: string,
  probe: () => Promise<T | false | undefined>,
  timeoutMs = 10_000,
): Promise<NonNullable<T>> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== null && value !== false) return value;
    if (Date.now() > end) throw new Error(`Waited in vain for ${what}`);
    await sleep(10);
  }
}
