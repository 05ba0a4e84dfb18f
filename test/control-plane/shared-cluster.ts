import { inject } from 'vitest';
import { told } from '../support/told-later.ts';
import type { ClusterDescription } from './start.ts';

/** What the run's main process tells those that run the tests, while they run. */
export type SharedCluster =
  | { readonly status: 'ready'; readonly cluster: ClusterDescription }
  | { readonly status: 'absent'; readonly why: string }
  | { readonly status: 'failed'; readonly why: string };

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the file that will hold a SharedCluster. */
    sharedCluster: string;
  }
}

/**
 * The cluster that all tests of a run share, once it is ready; undefined where there can be none.
 *
 * @throws {Error} It could not be built or started.
 */
export async function sharedCluster(): Promise<Exclude<SharedCluster, { status: 'failed' }>> {
  const shared = await told<SharedCluster>(inject('sharedCluster'));
  if (shared.status === 'failed') throw new Error(shared.why);
  return shared;
}
