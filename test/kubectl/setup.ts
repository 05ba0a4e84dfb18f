import { beforeAll } from 'vitest';
import { foundKubectl } from './kubectl-test.ts';

// Before each file of tests that run kubectl. Only the first one of a run waits, longest where Go has to compile it all.
beforeAll(async () => {
  await foundKubectl();
}, 30 * 60_000);
