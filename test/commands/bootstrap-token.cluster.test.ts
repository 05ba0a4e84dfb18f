import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { test } from '../control-plane/cluster-test.ts';
import { type KubernetesList, type KubernetesObject, restClient } from '../control-plane/rest.ts';
import type { TestCluster } from '../control-plane/test-cluster.ts';
import { runCommand } from '../support/run-command.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { whoIs } from '../support/token-run.ts';

const bootstrap = (cluster: TestCluster, args: readonly string[], options: Parameters<typeof runCommand>[2] = {}) =>
  runCommand('bootstrap-token', args, { env: cluster.env, ...options });

const tokenSecrets = async ({ admin }: TestCluster, namespace: string) => {
  const list = await admin.get<KubernetesList>(
    `/api/v1/namespaces/${namespace}/secrets?fieldSelector=type%3Dkubernetes.io/service-account-token`,
  );
  return list.items;
};

const account = async ({ admin }: TestCluster, namespace: string, name: string): Promise<KubernetesObject> =>
  admin.post(`/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name } });

describe('bootstrap-token hands out', () => {
  test('a token that the API server takes for the ServiceAccount, and nothing else on stdout', async ({
    cluster,
    namespace,
  }) => {
    await account(cluster, namespace, 'ci-bot');
    const { code, stdout, stderr } = await bootstrap(cluster, ['ci-bot', '-n', namespace]);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toMatch(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/u);
    expect(await whoIs(cluster, stdout)).toBe(`system:serviceaccount:${namespace}:ci-bot`);
    const [secret, ...more] = await tokenSecrets(cluster, namespace);
    expect(more).toEqual([]);
    expect(secret?.metadata.labels).toMatchObject({
      'app.kubernetes.io/managed-by': 'kube-sa-token',
      'kube-sa-token/state': 'delivered',
    });
    expect(stderr).toContain(`Using context`);
    expect(stderr).toContain(cluster.server);
    expect(stderr).toContain('has 1 token that never expires');
  });

  test('the document of -o json: verified, with the CA that verified it', async ({ cluster, namespace }) => {
    const found = await account(cluster, namespace, 'ci-bot');
    const { code, stdout } = await bootstrap(cluster, [
      'ci-bot',
      '-n',
      namespace,
      '-o',
      'json',
      '-q',
      '--purpose',
      'deploy',
      '--rotate-after',
      '24h',
    ]);
    expect(code).toBe(0);
    const document = JSON.parse(stdout) as Record<string, never> & {
      token: string;
      certificateAuthorityData: string;
      rotateAfter: string;
    };
    const [secret] = await tokenSecrets(cluster, namespace);
    expect(document).toMatchObject({
      apiVersion: 'kube-sa-token/v1',
      kind: 'ServiceAccountCredential',
      cluster: { server: cluster.server, insecureSkipTlsVerify: false, tlsServerName: null },
      serviceAccount: { namespace, name: 'ci-bot', uid: found.metadata.uid },
      method: 'secret',
      secret: { namespace, name: secret?.metadata.name, uid: secret?.metadata.uid },
      subject: `system:serviceaccount:${namespace}:ci-bot`,
      audiences: [],
      issuedAt: null,
      expiresAt: null,
      verified: true,
      verifiedBy: 'SelfSubjectReview',
    });
    expect(Buffer.from(document.certificateAuthorityData, 'base64').toString()).toBe(cluster.caPem);
    expect(secret?.metadata.annotations).toMatchObject({
      'kube-sa-token/purpose': 'deploy',
      'kube-sa-token/rotate-after': document.rotateAfter,
    });
    expect(await whoIs(cluster, document.token)).toBe(`system:serviceaccount:${namespace}:ci-bot`);
  });

  test('a token in a namespace and of a ServiceAccount that it makes first', async ({ cluster, namespace }) => {
    const fresh = `${namespace}-new`;
    try {
      const run = await bootstrap(cluster, ['ci-bot', '-n', fresh, '--create-namespace', '--create-service-account']);
      expect(run).toMatchObject({ code: 0 });
      expect(await whoIs(cluster, run.stdout)).toBe(`system:serviceaccount:${fresh}:ci-bot`);
      const made = await cluster.admin.get(`/api/v1/namespaces/${fresh}/serviceaccounts/ci-bot`);
      expect(made).toMatchObject({
        automountServiceAccountToken: false,
        metadata: { labels: { 'app.kubernetes.io/managed-by': 'kube-sa-token' } },
      });
      expect(made['secrets']).toBeUndefined();
    } finally {
      await cluster.admin.delete(`/api/v1/namespaces/${fresh}`);
    }
  });

  test('a token of "default" in a new namespace, which it waits for and does not make', async ({
    cluster,
    namespace,
  }) => {
    const fresh = `${namespace}-new`;
    try {
      const run = await bootstrap(cluster, ['-n', fresh, '--create-namespace']);
      expect(run).toMatchObject({ code: 0 });
      const found = await cluster.admin.get(`/api/v1/namespaces/${fresh}/serviceaccounts/default`);
      expect(found.metadata.labels).toBeUndefined();
    } finally {
      await cluster.admin.delete(`/api/v1/namespaces/${fresh}`);
    }
  });

  test('one more token each time, and says how many there are', async ({ cluster, namespace }) => {
    await account(cluster, namespace, 'ci-bot');
    const first = await bootstrap(cluster, ['ci-bot', '-n', namespace]);
    const second = await bootstrap(cluster, ['ci-bot', '-n', namespace]);
    expect(second.stdout).not.toBe(first.stdout);
    expect(second.stderr).toContain('has 2 tokens that never expire');
  });

  test('the token of an earlier run with --reuse, for the same purpose only', async ({ cluster, namespace }) => {
    await account(cluster, namespace, 'ci-bot');
    const first = await bootstrap(cluster, ['ci-bot', '-n', namespace, '--purpose', 'deploy']);
    const same = await bootstrap(cluster, ['ci-bot', '-n', namespace, '--purpose', 'deploy', '--reuse']);
    expect(same.stdout).toBe(first.stdout);
    const other = await bootstrap(cluster, ['ci-bot', '-n', namespace, '--reuse']);
    expect(other).toMatchObject({ code: 0 });
    expect(other.stdout).not.toBe(first.stdout);
  });

  test('a new token with --reuse where the earlier one no longer authenticates, naming it', async ({
    cluster,
    namespace,
  }) => {
    await account(cluster, namespace, 'ci-bot');
    const first = await bootstrap(cluster, ['ci-bot', '-n', namespace]);
    const [secret] = await tokenSecrets(cluster, namespace);
    const path = `/api/v1/namespaces/${namespace}/secrets/${secret?.metadata.name ?? ''}`;
    await cluster.admin.patch(path, { data: { token: Buffer.from('not a token').toString('base64') } });
    const second = await bootstrap(cluster, ['ci-bot', '-n', namespace, '--reuse']);
    expect(second).toMatchObject({ code: 0 });
    expect(second.stdout).not.toBe(first.stdout);
    expect(second.stderr).toContain(`Secret "${namespace}/${secret?.metadata.name ?? ''}" is not reused`);
  });

  test('a file of mode 0600 with --output-file, and nothing on stdout', async ({ cluster, namespace }) => {
    await account(cluster, namespace, 'ci-bot');
    await using directory = await temporaryDirectory();
    const { code, stdout, stderr } = await bootstrap(cluster, ['ci-bot', '-n', namespace, '--output-file', 'token'], {
      cwd: directory.path,
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain('token');
    const token = await readFile(join(directory.path, 'token'), 'utf8');
    expect(await whoIs(cluster, token)).toBe(`system:serviceaccount:${namespace}:ci-bot`);
  });

  test('with a newline and a word on how to revoke it, where stdout is a terminal', async ({ cluster, namespace }) => {
    await account(cluster, namespace, 'ci-bot');
    const { stdout, stderr } = await bootstrap(cluster, ['ci-bot', '-n', namespace], { stdoutIsTTY: true });
    expect(stdout).toMatch(/\n$/u);
    expect(stderr).toMatch(/does not expire\..*--output-file.*kubectl delete secret/u);
  });
});

describe('bootstrap-token gives', () => {
  test('a ClusterRole in the namespace, before the token', async ({ cluster, namespace }) => {
    const run = await bootstrap(cluster, ['ci-bot', '-n', namespace, '--create-service-account', '--role', 'view']);
    expect(run).toMatchObject({ code: 0 });
    const rest = restClient({ server: cluster.server, caPem: cluster.caPem, token: run.stdout });
    try {
      expect((await rest.request('GET', `/api/v1/namespaces/${namespace}/pods`)).status).toBe(200);
      expect((await rest.request('GET', '/api/v1/pods')).status).toBe(403);
    } finally {
      rest.close();
    }
  });

  test('rights of its own, and replaces them by others, showing the difference', async ({ cluster, namespace }) => {
    const allow = (rule: string) =>
      bootstrap(cluster, ['ci-bot', '-n', namespace, '--create-service-account', '--allow', rule]);
    const role = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles/kube-sa-token:ci-bot`;
    expect(await allow('get,list pods,deployments.apps')).toMatchObject({ code: 0 });
    const before = await cluster.admin.get(role);
    expect(before['rules']).toEqual([
      { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] },
      { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list'] },
    ]);
    const same = await allow('list,get deployments.apps,pods');
    expect(same.stderr).toContain('Already has rights of its own');
    expect((await cluster.admin.get(role)).metadata.resourceVersion).toBe(before.metadata.resourceVersion);
    const other = await allow('get pods,services');
    expect(other.stderr).toMatch(/- list pods[\s\S]*\+ get services/u);
    expect((await cluster.admin.get(role))['rules']).toEqual([
      { apiGroups: [''], resources: ['pods', 'services'], verbs: ['get'] },
    ]);
  });

  test('nothing to a ServiceAccount that it did not make, unless told to --adopt', async ({ cluster, namespace }) => {
    await account(cluster, namespace, 'app');
    const refused = await bootstrap(cluster, ['app', '-n', namespace, '--role', 'view']);
    expect(refused).toMatchObject({ code: 6, stdout: '' });
    expect(refused.stderr).toContain('--adopt');
    expect(await tokenSecrets(cluster, namespace)).toEqual([]);
    const adopted = await bootstrap(cluster, ['app', '-n', namespace, '--role', 'view', '--adopt']);
    expect(adopted).toMatchObject({ code: 0 });
    expect(adopted.stderr).toContain('pods that run as it get the rights too');
  });

  test('nothing to "default", whatever flags are given', async ({ cluster, namespace }) => {
    const run = await bootstrap(cluster, ['-n', namespace, '--role', 'view', '--adopt']);
    expect(run).toMatchObject({ code: 6, stdout: '' });
    expect(run.stderr).toContain('each pod of its namespace that names no other runs as it');
  });

  test('no binding to a ClusterRole that does not exist, and makes nothing', async ({ cluster, namespace }) => {
    const run = await bootstrap(cluster, ['ci-bot', '-n', namespace, '--create-service-account', '--role', 'veiw']);
    expect(run).toMatchObject({ code: 3, stdout: '' });
    expect(run.stderr).toContain('Cannot bind ClusterRole "veiw": it does not exist');
    expect(await cluster.admin.find(`/api/v1/namespaces/${namespace}/serviceaccounts/ci-bot`)).toBeUndefined();
  });

  test('no Role of somebody else away', async ({ cluster, namespace }) => {
    const roles = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles`;
    await cluster.admin.post(roles, { metadata: { name: 'kube-sa-token:ci-bot' }, rules: [] });
    const args = ['ci-bot', '-n', namespace, '--create-service-account', '--allow', 'get pods'];
    const run = await bootstrap(cluster, args);
    expect(run).toMatchObject({ code: 6, stdout: '' });
    expect((await cluster.admin.get(`${roles}/kube-sa-token:ci-bot`))['rules']).toBeNull();
    expect(await bootstrap(cluster, [...args, '--adopt'])).toMatchObject({ code: 0 });
  });
});

describe('bootstrap-token --dry-run', () => {
  test('=client prints what it would create, in order, and asks nobody', async ({ cluster, namespace }) => {
    const args = [
      'ci-bot',
      '-n',
      namespace,
      '--create-namespace',
      '--create-service-account',
      '--role',
      'view',
      '--dry-run=client',
    ];
    const env = { KUBECONFIG: cluster.env['KUBECONFIG'] };
    const { code, stdout } = await bootstrap(cluster, [...args, '-s', 'https://127.0.0.1:1', '-o', 'name'], { env });
    expect(code).toBe(0);
    expect(stdout.split('\n')).toEqual([
      `namespace/${namespace}`,
      'serviceaccount/ci-bot',
      'rolebinding.rbac.authorization.k8s.io/kube-sa-token:ci-bot:view',
      expect.stringMatching(/^secret\/ci-bot-token-.{10}$/u),
      '',
    ]);
  });

  test('=server has them checked and keeps none', async ({ cluster, namespace }) => {
    const args = [
      'ci-bot',
      '-n',
      namespace,
      '--create-service-account',
      '--allow',
      'get pods',
      '--dry-run=server',
      '-o',
      'json',
    ];
    const { code, stdout } = await bootstrap(cluster, args);
    expect(code).toBe(0);
    const { items } = JSON.parse(stdout) as KubernetesList;
    expect(items.map(({ kind }) => kind)).toEqual(['ServiceAccount', 'Role', 'RoleBinding', 'Secret']);
    expect(items.every(({ metadata }) => metadata.uid !== undefined)).toBe(true);
    expect(await tokenSecrets(cluster, namespace)).toEqual([]);
    expect(await cluster.admin.find(`/api/v1/namespaces/${namespace}/serviceaccounts/ci-bot`)).toBeUndefined();
  });

  test('=server marks what lies in a namespace that does not exist yet', async ({ cluster, namespace }) => {
    const { code, stdout, stderr } = await bootstrap(cluster, [
      'ci-bot',
      '-n',
      `${namespace}-new`,
      '--create-namespace',
      '--create-service-account',
      '--dry-run=server',
    ]);
    expect(code).toBe(0);
    expect(stdout.match(/^# not checked/gmu)).toHaveLength(2);
    expect(stderr).toContain('not checked');
    expect(await cluster.admin.find(`/api/v1/namespaces/${namespace}-new`)).toBeUndefined();
  });
});
