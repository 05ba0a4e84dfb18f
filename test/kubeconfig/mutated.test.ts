import { test } from 'vitest';
import { tryMutatedKubeconfigs } from './mutated.ts';

test(
  'view-config and list-clusters show or refuse any damaged kubeconfig in one line',
  { timeout: 60_000 },
  async () => {
    await tryMutatedKubeconfigs({ numRuns: 300 });
  },
);
