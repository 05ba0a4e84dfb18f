import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { expect } from 'vitest';
import {
  bootstrap,
  BearerToken,
  clientNodeOptions,
  connectTo,
  connectWithKubeconfig,
  type Credential,
  decodeToken,
  loadClusterAccess,
  NotFoundError,
  readSelfSubject,
  RefusedError,
  verifyToken,
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

test('bootstrap() keeps rotateAfter and the prefix of the Secret, and can go without the proof', async ({
  cluster,
  namespace,
}) => {
  const connection = await connectWithKubeconfig({ kubeconfig: cluster.kubeconfig, namespace });
  try {
    for (const rotateAfter of [new Date('2027-01-01T00:00:00Z'), '2027-01-01T01:00:00+01:00']) {
      const told: string[] = [];
      const credential = await bootstrap(connection, {
        serviceAccount: 'default',
        rotateAfter,
        secretNamePrefix: 'deploys',
        verify: false,
        onStep: ({ step }) => told.push(step),
      });
      expect(credential).toMatchObject({ rotateAfter: '2027-01-01T00:00:00.000Z', verified: false, verifiedBy: null });
      expect(credential.secret.name).toMatch(/^deploys-[a-z0-9]{10}$/u);
      expect(told).not.toContain('verified');
      expect(
        await cluster.admin.get(`/api/v1/namespaces/${namespace}/secrets/${credential.secret.name}`),
      ).toMatchObject({
        metadata: { annotations: { 'kube-sa-token/rotate-after': '2027-01-01T00:00:00.000Z' } },
      });
    }
  } finally {
    connection.close();
  }
});

test('bootstrap() labels the Secret delivered once deliver() has ended, and not before', async ({
  cluster,
  namespace,
}) => {
  const connection = await connectWithKubeconfig({ kubeconfig: cluster.kubeconfig, namespace });
  const stateOf = async (name: string) => {
    const { metadata } = await cluster.admin.get<{ metadata: { labels: Record<string, string> } }>(
      `/api/v1/namespaces/${namespace}/secrets/${name}`,
    );
    return metadata.labels['kube-sa-token/state'];
  };
  try {
    let taken: Credential | undefined;
    let stateThen: string | undefined;
    const credential = await bootstrap(connection, {
      serviceAccount: 'default',
      deliver: async (ready) => {
        stateThen = await stateOf(ready.secret.name);
        taken = ready;
      },
    });
    expect(taken).toBe(credential);
    expect([stateThen, await stateOf(credential.secret.name)]).toEqual(['pending', 'delivered']);
  } finally {
    connection.close();
  }
});

test('bootstrap() removes what it made, and throws what deliver() throws', async ({ cluster, namespace }) => {
  const connection = await connectWithKubeconfig({ kubeconfig: cluster.kubeconfig, namespace });
  const removed: string[] = [];
  const full = new Error('the vault is full');
  try {
    const running = bootstrap(connection, {
      serviceAccount: 'ci-bot',
      createServiceAccount: true,
      allow: ['get pods'],
      deliver: () => Promise.reject(full),
      onStep: (told) => told.step === 'removed' && removed.push(...told.objects.map(({ kind }) => kind)),
    });
    await expect(running).rejects.toBe(full);
    expect(removed.toSorted()).toEqual(['Role', 'RoleBinding', 'Secret']);
    for (const path of ['/api/v1', '/apis/rbac.authorization.k8s.io/v1'] as const) {
      const resource = path === '/api/v1' ? 'secrets' : 'rolebindings';
      expect(await cluster.admin.get(`${path}/namespaces/${namespace}/${resource}`)).toMatchObject({ items: [] });
    }
  } finally {
    connection.close();
  }
});

test('bootstrap() gives a right of a verb that is no standard one, with a warning', async ({ cluster, namespace }) => {
  const connection = await connectWithKubeconfig({ kubeconfig: cluster.kubeconfig, namespace });
  const told: string[] = [];
  try {
    await bootstrap(connection, {
      serviceAccount: 'ci-bot',
      createServiceAccount: true,
      allow: ['mutate pods'],
      onWarning: (text) => told.push(text),
    });
    expect(told).toEqual(['"mutate" is not a standard verb: Kubernetes never asks about it']);
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

test('connectTo() with a token calls as its ServiceAccount, whoever the kubeconfig is', async ({
  cluster,
  namespace,
}) => {
  const admin = await connectWithKubeconfig({ kubeconfig: cluster.kubeconfig });
  const { token } = await bootstrap(admin, { serviceAccount: 'default', namespace });
  const connection = await connectTo(admin.access, { token });
  try {
    expect(await readSelfSubject(connection)).toMatchObject({
      username: `system:serviceaccount:${namespace}:default`,
    });
  } finally {
    connection.close();
    admin.close();
  }
});

test('verifyToken() takes a token for that of its ServiceAccount, and for no other', async ({ cluster, namespace }) => {
  const connection = await connectWithKubeconfig({ kubeconfig: cluster.kubeconfig });
  try {
    const { serviceAccount, token } = await bootstrap(connection, { serviceAccount: 'default', namespace });
    const { uid } = serviceAccount;
    expect(await verifyToken(connection, { token, account: serviceAccount, uid })).toBe('SelfSubjectReview');
    const other = { ...serviceAccount, name: 'other' };
    await expect(verifyToken(connection, { token, account: other, uid })).rejects.toThrow(RefusedError);
    const forged = new BearerToken(`${token.reveal().slice(0, -8)}AAAAAAAA`);
    await expect(
      verifyToken(connection, { token: forged, account: serviceAccount, uid, refusalMs: 50 }),
    ).rejects.toMatchObject({ reason: 'TokenRefused' });
  } finally {
    connection.close();
  }
});
