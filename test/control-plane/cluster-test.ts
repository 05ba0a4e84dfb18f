import { test as base } from 'vitest';
import { sharedCluster } from './shared-cluster.ts';
import { type StartOptions, startControlPlane } from './start.ts';
import { openTestCluster } from './test-cluster.ts';

/** Why a test is skipped on a cluster that somebody gave. */
export const needsOwnControlPlane = 'It needs a control plane of its own, and a cluster was given';

/**
 * `test()` on the cluster that the whole run shares, with `cluster`, and `namespace`: a new one for this test alone.
 * Where there can be no cluster it is skipped, and the end of the run says why.
 */
export const test = base
  .extend('shared', { scope: 'file' }, () => sharedCluster())
  .extend('cluster', async ({ shared, skip }, { onCleanup }) => {
    const description = shared.status === 'ready' ? shared.cluster : skip(shared.why);
    const { cluster, close } = await openTestCluster(description);
    onCleanup(close);
    return cluster;
  })
  .extend('namespace', ({ cluster }) => cluster.createNamespace());

/**
 * `test()` on an instance with these options, started for the file that calls this and stopped after it; besides
 * `cluster` and `namespace` there is `controlPlane`, to stop its controllers or read its audit log. On a cluster that
 * somebody gave (KUBE_SA_TOKEN_TEST_KUBECONFIG) it is skipped.
 */
export function privateClusterTest(options: StartOptions) {
  return base
    .extend('shared', { scope: 'file' }, () => sharedCluster())
    .extend('started', { scope: 'file' }, async ({ shared }, { onCleanup }) => {
      if (shared.status === 'absent' || shared.cluster.authority === undefined) return undefined;
      const plane = await startControlPlane(options);
      onCleanup(plane.stop);
      return plane;
    })
    .extend('controlPlane', ({ shared, started, skip }) => {
      if (shared.status === 'absent') skip(shared.why);
      return started ?? skip(needsOwnControlPlane);
    })
    .extend('cluster', async ({ controlPlane }, { onCleanup }) => {
      const { cluster, close } = await openTestCluster(controlPlane);
      onCleanup(close);
      return cluster;
    })
    .extend('namespace', ({ cluster }) =>
      cluster.createNamespace({ serviceAccount: options.controllerManager !== false }),
    );
}
