import type { Cluster } from '../cluster.ts';
import type { Change } from '../store/store.ts';

/**
 * Runs a controller beside the API server: it hears of a change a little later, one after another, as one that watches
 * the API does.
 *
 * @param delayMs Milliseconds between a change and what the controller does about it.
 * @returns Ends it.
 */
export function runController(
  { store }: Cluster,
  controller: (change: Change) => void,
  { delayMs }: { readonly delayMs: number },
): () => void {
  const waiting: Change[] = [];
  let timer: NodeJS.Timeout | undefined;
  const work = () => {
    timer = undefined;
    for (const change of waiting.splice(0)) controller(change);
  };
  const unsubscribe = store.subscribe((change) => {
    waiting.push(change);
    timer ??= setTimeout(work, delayMs);
  });
  return () => {
    unsubscribe();
    clearTimeout(timer);
  };
}
