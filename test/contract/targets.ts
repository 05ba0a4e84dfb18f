import { existsSync } from 'node:fs';
import { test as base } from 'vitest';
import { restTargetOf } from '../control-plane/external-cluster.ts';
import { sharedCluster } from '../control-plane/shared-cluster.ts';
import type { Target } from './server.ts';

/** Whether there is a sandbox to put the contract to. */
export const hasSandbox = existsSync(new URL('../../lib/sandbox/index.ts', import.meta.url));
const entry = new URL('../../lib/sandbox/index.ts', import.meta.url);

interface Sandbox {
  readonly server: string;
  readonly caPem: string;
  readonly adminCertificate: { readonly certPem: string; readonly keyPem: string };
  close(): Promise<void>;
}

/** `test()` with both servers of the contract; `controlPlane` is undefined where there can be none. */
export const test = base
  .extend('shared', { scope: 'file' }, () => sharedCluster())
  .extend('controlPlane', { scope: 'file' }, async ({ shared }): Promise<Target | undefined> => {
    if (shared.status === 'absent') return undefined;
    return { name: 'kube-apiserver', access: await restTargetOf(shared.cluster.kubeconfig) };
  })
  .extend('sandbox', { scope: 'file' }, async ({ controlPlane }, { onCleanup }): Promise<Target | undefined> => {
    if (!hasSandbox) return controlPlane;
    const { startSandbox } = (await import(entry.href)) as { startSandbox(): Promise<Sandbox> };
    const { server, caPem, adminCertificate, close } = await startSandbox();
    onCleanup(close);
    return { name: 'the sandbox', access: { server, caPem, ...adminCertificate } };
  });
