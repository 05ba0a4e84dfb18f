import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { expect } from 'vitest';
import {
  bootstrap,
  clientNodeOptions,
  connectWithKubeconfig,
  decodeToken,
  loadClusterAccess,
  NotFoundError,
} from '../lib/index.ts';
import { coreV1 } from '../lib/connection/typed-api.ts';
import { test } from './control-plane/cluster-test.ts';

test('client-node goes on from our token: loadFromOptions() takes what clientNodeOptions() gives', async ({
  cluster,
  namespace,
}) => {
  const connection = await connectWithKubeconfig({ kubeconfig: cluster.kubeconfig });
  try {
    const credential = await bootstrap(connection, {
      serviceAccount: 'ci-bot',
      namespace,
      createServiceAccount: true,
      roles: ['view'],
    });
    expect(credential).toMatchObject({
      verified: true,
      verifiedBy: 'SelfSubjectReview',
      subject: `system:serviceaccount:${namespace}:ci-bot`,
    });
    expect(decodeToken(credential.token)).toMatchObject({ kind: 'legacy', secret: { name: credential.secret.name } });
    const kubeconfig = new KubeConfig();
    kubeconfig.loadFromOptions(clientNodeOptions(credential));
    const pods = await kubeconfig.makeApiClient(CoreV1Api).listNamespacedPod({ namespace });
    expect(pods.items).toEqual([]);
  } finally {
    connection.close();
  }
});

test('the typed API of client-node runs on our connection, and throws our errors', async ({ cluster, namespace }) => {
  const connection = await connectWithKubeconfig({ kubeconfig: cluster.kubeconfig, namespace });
  try {
    const core = await coreV1(connection, { doing: 'read a Secret' });
    await expect(core.readNamespacedSecret({ namespace, name: 'none' })).rejects.toThrow(NotFoundError);
    const account = await core.readNamespacedServiceAccount({ namespace, name: 'default' });
    expect(account.metadata?.creationTimestamp).toBeInstanceOf(Date);
  } finally {
    connection.close();
  }
});

test('bootstrap() ends with its signal and leaves nothing', async ({ cluster, namespace }) => {
  const connection = await connectWithKubeconfig({ kubeconfig: cluster.kubeconfig });
  const controller = new AbortController();
  try {
    const running = bootstrap(connection, {
      serviceAccount: 'default',
      namespace,
      signal: controller.signal,
      onStep: ({ step }) => step === 'filled' && controller.abort(new Error('enough')),
    });
    await expect(running).rejects.toThrow('enough');
    expect(await cluster.admin.get<{ items: unknown[] }>(`/api/v1/namespaces/${namespace}/secrets`)).toMatchObject({
      items: [],
    });
  } finally {
    connection.close();
  }
});

test('loadClusterAccess() reads a kubeconfig without a network', async ({ cluster }) => {
  expect(await loadClusterAccess({ kubeconfig: cluster.kubeconfig, namespace: 'ci' })).toMatchObject({
    cluster: { server: cluster.server },
    namespace: 'ci',
  });
});
