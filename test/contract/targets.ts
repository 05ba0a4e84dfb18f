import { test as base } from 'vitest';
import { type SandboxOptions, startSandbox } from '../../lib/sandbox/index.ts';
import { restTargetOf } from '../control-plane/external-cluster.ts';
import { sharedCluster } from '../control-plane/shared-cluster.ts';
import { startControlPlane } from '../control-plane/start.ts';
import type { Target } from './server.ts';

/** Puts the contract to the control plane twice: shows that a transcript does not differ by chance. */
export const twice = process.env['KUBE_SA_TOKEN_CONTRACT_TWICE'] === '1';

/** `test()` with both servers of the contract; `controlPlane` is undefined where there can be none. */
export const test = base
  .extend('shared', { scope: 'file' }, () => sharedCluster())
  .extend('controlPlane', { scope: 'file' }, async ({ shared }): Promise<Target | undefined> => {
    if (shared.status === 'absent') return undefined;
    return { name: 'kube-apiserver', access: await restTargetOf(shared.cluster.kubeconfig) };
  })
  .extend('sandbox', { scope: 'file' }, async ({ controlPlane }, { onCleanup }): Promise<Target> => {
    return (twice && controlPlane) || (await sandboxTarget({}, onCleanup));
  });

export type ContractTest = typeof test;

/**
 * The same on servers that forget what was: etcd compacts each second, the API server's watch cache knows nothing from
 * before its second start, and the sandbox knows few changes.
 */
export const forgetfulTest: ContractTest = test
  .extend('controlPlane', { scope: 'file' }, async ({ shared }, { onCleanup }): Promise<Target | undefined> => {
    if (shared.status === 'absent' || shared.cluster.authority === undefined) return undefined;
    const plane = await startControlPlane({ apiServerFlags: ['--etcd-compaction-interval=1s'] });
    onCleanup(plane.stop);
    await plane.restartApiServer();
    return { name: 'kube-apiserver', access: await restTargetOf(plane.kubeconfig) };
  })
  .extend('sandbox', { scope: 'file' }, async ({ controlPlane }, { onCleanup }): Promise<Target> => {
    return (twice && controlPlane) || (await sandboxTarget({ historyLimit: 5 }, onCleanup));
  });

async function sandboxTarget(
  options: SandboxOptions,
  onCleanup: (close: () => Promise<void>) => void,
): Promise<Target> {
  const sandbox = await startSandbox({ algorithm: 'RS256', ...options }); // as the control plane's
  const { server, caPem, adminCertificate, close } = sandbox;
  onCleanup(close);
  return { name: 'the sandbox', access: { server, caPem, ...adminCertificate } };
}
