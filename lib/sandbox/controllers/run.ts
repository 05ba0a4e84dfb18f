import type { Cluster } from '../cluster.ts';
import type { Change } from '../store/store.ts';

/**
 * Runs a controller beside the API server: it hears of a change a little later, one after another, as one that watches
 * the API does.
 *
 * @param delayMs Milliseconds between a change and what the controller does about it.
 * @param begin What it hears first, as of objects that are new to it.
 * @returns Ends it.
 */
export function runController(
  { store }: Cluster,
  controller: (change: Change) => void,
  { delayMs, begin = [] }: { readonly delayMs: number; readonly begin?: readonly Change[] },
): () => void {
  const waiting = [...begin];
  const work = () => {
    timer = undefined;
    for (const change of waiting.splice(0)) controller(change);
  };
  let timer = waiting.length === 0 ? undefined : setTimeout(work, delayMs);
  const unsubscribe = store.subscribe((change) => {
    waiting.push(change);
    timer ??= setTimeout(work, delayMs);
  });
  return () => {
    unsubscribe();
    clearTimeout(timer);
  };
}
