import { test as base } from 'vitest';
import { startSandbox } from '../../lib/sandbox/index.ts';
import { restTargetOf } from '../control-plane/external-cluster.ts';
import { sharedCluster } from '../control-plane/shared-cluster.ts';
import type { Target } from './server.ts';

/** Puts the contract to the control plane twice: shows that a transcript does not differ by chance. */
const twice = process.env['KUBE_SA_TOKEN_CONTRACT_TWICE'] === '1';

/** `test()` with both servers of the contract; `controlPlane` is undefined where there can be none. */
export const test = base
  .extend('shared', { scope: 'file' }, () => sharedCluster())
  .extend('controlPlane', { scope: 'file' }, async ({ shared }): Promise<Target | undefined> => {
    if (shared.status === 'absent') return undefined;
    return { name: 'kube-apiserver', access: await restTargetOf(shared.cluster.kubeconfig) };
  })
  .extend('sandbox', { scope: 'file' }, async ({ controlPlane }, { onCleanup }): Promise<Target> => {
    if (twice && controlPlane !== undefined) return controlPlane;
    const { server, caPem, adminCertificate, close } = await startSandbox({ algorithm: 'RS256' }); // as the control plane's
    onCleanup(close);
    return { name: 'the sandbox', access: { server, caPem, ...adminCertificate } };
  });
