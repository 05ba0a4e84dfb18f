import type { Cluster } from '../cluster.ts';
import type { Change } from '../store/store.ts';
import { aggregationController } from './aggregation-controller.ts';
import { garbageCollector } from './garbage-collector.ts';
import { namespaceController, namespaceEmptier } from './namespace-controller.ts';
import { runController } from './run.ts';
import { tokenController } from './token-controller.ts';

/** How the token controller runs, where it is not as the others do. */
export interface TokenControllerOptions {
  /** The cluster as it sees it. */
  readonly cluster: Cluster;
  readonly delayMs: number;
}

/**
 * Runs the controllers. They begin with all that there is: in an earlier life something may have been left undone.
 *
 * @param delayMs Milliseconds between a change and what a controller does about it.
 * @returns Ends them.
 */
export function runControllers(
  cluster: Cluster,
  delayMs: number,
  tokens: TokenControllerOptions | 'off' = { cluster, delayMs },
): () => void {
  const { objects, revision } = cluster.store.content();
  const begin = Object.entries(objects).flatMap(([resource, all]) =>
    all.map((object): Change => ({ type: 'ADDED', revision, resource, object, previous: undefined })),
  );
  const controllers = [namespaceController, garbageCollector, aggregationController];
  const stops = [
    ...(tokens === 'off'
      ? []
      : [runController(cluster, tokenController(tokens.cluster), { delayMs: tokens.delayMs, begin })]),
    ...controllers.map((make) => runController(cluster, make(cluster), { delayMs, begin })),
    runController(cluster, namespaceEmptier(cluster), { delayMs: delayMs * 100, begin }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
