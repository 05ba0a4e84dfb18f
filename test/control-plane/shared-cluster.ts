import { readFile } from 'node:fs/promises';
import { inject } from 'vitest';
import { sleep } from '../../lib/system/deadline.ts';
import type { ClusterDescription } from './start.ts';

/** What the run's main process tells those that run the tests, in a file: it is known only while they run. */
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
  const path = inject('sharedCluster');
  for (;;) {
    const shared = await readShared(path);
    if (shared?.status === 'failed') throw new Error(shared.why);
    if (shared !== undefined) return shared;
    await sleep(100);
  }
}

async function readShared(path: string): Promise<SharedCluster | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as SharedCluster;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
