import { beforeAll } from 'vitest';
import { sharedCluster } from './shared-cluster.ts';

// Before each file of tests on a real cluster. Only the first one of a run waits, longest where Go has to compile it all.
beforeAll(async () => {
  await sharedCluster();
}, 30 * 60_000);
