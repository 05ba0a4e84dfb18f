import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { isKubectlOnPath } from './kubectl/find.ts';
import { closingLine } from './support/closing-line.ts';

const realCluster = 'test/**/*.cluster.test.ts';
const setup = ['test/support/seed.ts', 'test/support/errors-hold-no-token.ts'];
const withKubectl = 'test/**/*.kubectl.test.ts';

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    // lib/ has no state of its own, so that files may share a process; tests prove it by doing so
    isolate: false,
    setupFiles: setup,
    execArgv: ['--import', new URL('support/end-with-run.mjs', import.meta.url).href],
    reporters: ['default', closingLine()],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [realCluster, withKubectl],
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'kubectl',
          include: [withKubectl],
          // at once where there is one; else last, when it has been built with the control plane
          sequence: { groupOrder: isKubectlOnPath() ? 0 : 2 },
          globalSetup: ['test/kubectl/global-setup.ts'],
          setupFiles: [...setup, 'test/kubectl/setup.ts'],
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'cluster',
          include: [realCluster],
          // after the others, which give the control plane time to be built
          sequence: { groupOrder: 1 },
          // much of it is waiting; and at most two private instances beside the shared one: half a gigabyte each
          maxWorkers: 2,
          globalSetup: ['test/control-plane/global-setup.ts'],
          setupFiles: [...setup, 'test/control-plane/setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
    coverage: { provider: 'v8', include: ['lib/**/*.ts'], reporter: ['text', 'html'] },
  },
});
