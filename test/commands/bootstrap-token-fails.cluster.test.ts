import { chmod, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect } from 'vitest';
import { privateClusterTest, test } from '../control-plane/cluster-test.ts';
import type { KubernetesList } from '../control-plane/rest.ts';
import type { TestCluster } from '../control-plane/test-cluster.ts';
import { type CommandRun, recordTold, runCommand } from '../support/run-command.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { until } from '../support/until.ts';

type Options = Parameters<typeof runCommand>[2];

const bootstrap = (cluster: TestCluster, args: readonly string[], options: Options = {}) =>
  runCommand('bootstrap-token', args, { env: cluster.env, ...options });

/** Names of the token Secrets of a namespace: what a failed run has left behind. */
const left = async ({ admin }: TestCluster, namespace: string) => {
  const list = await admin.get<KubernetesList>(
    `/api/v1/namespaces/${namespace}/secrets?fieldSelector=type%3Dkubernetes.io/service-account-token`,
  );
  return list.items.map(({ metadata }) => metadata.name);
};

const bindings = async ({ admin }: TestCluster, namespace: string) =>
  (
    await admin.get<KubernetesList>(`/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`)
  ).items.map(({ metadata }) => metadata.name);

const makeAccount = ({ admin }: TestCluster, namespace: string, name = 'ci-bot') =>
  admin.post(`/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name } });

const expectFailure = (run: CommandRun, code: number, message: string | RegExp) => {
  expect(run.stderr).toMatch(message);
  expect({ code: run.code, stdout: run.stdout }).toEqual({ code, stdout: '' });
  recordTold(run);
};

// what is loaded when it is needed: from sources that takes the first test a second, from dist/ some milliseconds
beforeAll(() => import('../../lib/connection/generated.ts').then(() => undefined));

describe('bootstrap-token says within a moment', () => {
  test('that the ServiceAccount is missing (3), and how it is made', async ({ cluster, namespace }) => {
    const run = await bootstrap(cluster, ['ci-bot', '-n', namespace]);
    expectFailure(
      run,
      3,
      `error: Cannot find ServiceAccount "ci-bot" in namespace "${namespace}"\nhint: --create-service-account creates it`,
    );
    expect(await left(cluster, namespace)).toEqual([]);
  });

  test('that the namespace is missing (3), and how it is made', async ({ cluster }) => {
    expectFailure(
      await bootstrap(cluster, ['ci-bot', '-n', 'nowhere']),
      3,
      'error: Cannot find namespace "nowhere"\nhint: --create-namespace',
    );
  });

  test('that the path of the server leads to no API (3), and not that something is to be created', async ({
    cluster,
    namespace,
  }) => {
    await makeAccount(cluster, namespace);
    const run = await bootstrap(cluster, ['ci-bot', '-n', namespace, '-s', `${cluster.server}/some/prefix`]);
    expectFailure(
      run,
      3,
      /^hint: Does .*\/some\/prefix lead to an API server\? Look at the path of the server's URL$/mu,
    );
    expect(run.stderr).not.toContain('--create');
  });

  test('that the quota is used up (4), with the words of the server', async ({ cluster, namespace }) => {
    await makeAccount(cluster, namespace);
    await cluster.admin.post(`/api/v1/namespaces/${namespace}/resourcequotas`, {
      metadata: { name: 'none' },
      spec: { hard: { secrets: '0' } },
    });
    const tried = () =>
      cluster.admin.post(`/api/v1/namespaces/${namespace}/secrets?dryRun=All`, { metadata: { name: 'x' } });
    await until('the API server to know of the quota', () =>
      tried().then(
        () => false,
        () => true,
      ),
    );
    expectFailure(
      await bootstrap(cluster, ['ci-bot', '-n', namespace]),
      4,
      /Cannot create a Secret in namespace.*quota/u,
    );
  });

  test('that the namespace is being terminated (4)', async ({ cluster, namespace }) => {
    await makeAccount(cluster, namespace);
    // a finalizer of its own keeps the ServiceAccount, and so the namespace, terminating
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/ci-bot`;
    await cluster.admin.patch(path, { metadata: { finalizers: ['test.example/hold'] } });
    await cluster.admin.delete(`/api/v1/namespaces/${namespace}`);
    try {
      expectFailure(await bootstrap(cluster, ['ci-bot', '-n', namespace]), 4, /is being terminated/u);
    } finally {
      await cluster.admin.patch(path, { metadata: { finalizers: null } });
    }
  });

  test('that the server is not the one of the kubeconfig (3): its certificate comes from another authority', async ({
    cluster,
    namespace,
  }) => {
    await using directory = await temporaryDirectory();
    const { createAuthority } = await import('../../lib/sandbox/certificates/authority.ts');
    const { writeFile } = await import('node:fs/promises');
    await writeFile(join(directory.path, 'other-ca.pem'), createAuthority({ name: 'other', now: Date.now }).certPem);
    const run = await bootstrap(
      cluster,
      ['ci-bot', '-n', namespace, '--certificate-authority', 'other-ca.pem', '--context', 'control-plane'],
      { cwd: directory.path },
    );
    expectFailure(run, 3, /Cannot trust https:/u);
  });
});

describe('bootstrap-token, where something is missing,', () => {
  test('makes no namespace in which the ServiceAccount would be missing (3)', async ({ cluster, namespace }) => {
    const run = await bootstrap(cluster, ['ci-bot', '-n', `${namespace}-new`, '--create-namespace']);
    expectFailure(run, 3, 'hint: --create-service-account creates it');
    expect(await cluster.admin.find(`/api/v1/namespaces/${namespace}-new`)).toBeUndefined();
  });

  test('names the denied create of the namespace (4), not the 404 that follows from it', async ({
    cluster,
    namespace,
  }) => {
    const user = await cluster.kubeconfigFor({
      namespace,
      clusterRules: [{ resources: ['secrets', 'serviceaccounts'], verbs: ['*'] }],
    });
    const args = ['ci-bot', '-n', `${namespace}-new`, '--create-namespace', '--create-service-account'];
    expectFailure(
      await bootstrap(cluster, args, { env: user.env }),
      4,
      /Cannot create namespace .*cannot create resource "namespaces"/u,
    );
  });
});

describe('bootstrap-token leaves nothing behind', () => {
  test('when the reader of stdout went away (1): Secret, binding and Role are removed, the ServiceAccount stays', async ({
    cluster,
    namespace,
  }) => {
    const run = await bootstrap(
      cluster,
      ['ci-bot', '-n', namespace, '--create-service-account', '--allow', 'get pods'],
      { stdoutFails: 'EPIPE' },
    );
    expectFailure(run, 1, 'error: Cannot write to stdout: its reader went away');
    expect(await left(cluster, namespace)).toEqual([]);
    expect(await bindings(cluster, namespace)).toEqual([]);
    expect(run.stderr).toMatch(/Removed again: Secret .*, RoleBinding .*, Role /u);
    expect(run.stderr).toContain(`ServiceAccount "${namespace}/ci-bot" stays`);
    expect(await cluster.admin.find(`/api/v1/namespaces/${namespace}/serviceaccounts/ci-bot`)).toBeDefined();
  });

  test('when the disk is full (1)', async ({ cluster, namespace }) => {
    await makeAccount(cluster, namespace);
    expectFailure(
      await bootstrap(cluster, ['ci-bot', '-n', namespace], { stdoutFails: 'ENOSPC' }),
      1,
      'Cannot write to stdout: no space is left on the device',
    );
    expect(await left(cluster, namespace)).toEqual([]);
  });

  test('when the process that started it is gone before the token is out (143)', async ({ cluster, namespace }) => {
    await makeAccount(cluster, namespace);
    expectFailure(
      await bootstrap(cluster, ['ci-bot', '-n', namespace], { parentIsGone: true }),
      143,
      'error: Interrupted',
    );
    expect(await left(cluster, namespace)).toEqual([]);
  });

  test('when the output file cannot work (2), for it looks before it creates', async ({ cluster, namespace }) => {
    await makeAccount(cluster, namespace);
    await using directory = await temporaryDirectory();
    await mkdir(join(directory.path, 'token'));
    const run = await bootstrap(cluster, ['ci-bot', '-n', namespace, '--output-file', 'token'], {
      cwd: directory.path,
    });
    expectFailure(run, 2, 'Cannot write --output-file "token": it is a directory');
    expect(await left(cluster, namespace)).toEqual([]);
    expect(await readdir(directory.path)).toEqual(['token']);
    await chmod(directory.path, 0o700);
  });
});

const withoutController = privateClusterTest({ controllerManager: false });

describe('bootstrap-token, while the token controller is not running,', () => {
  /** Runs until the wait has begun, then does something, then awaits the end. */
  async function meanwhile(
    cluster: TestCluster,
    args: readonly string[],
    act: (run: { interrupt: () => void }) => Promise<void> | void,
  ) {
    const { testRuntime } = await import('../support/runtime.ts');
    const { main } = await import('../../lib/main.ts');
    let began: () => void = () => undefined;
    const waiting = new Promise<void>((resolve) => {
      began = resolve;
    });
    const runtime = testRuntime({
      args,
      env: cluster.env,
      onStderr: (text) => text.includes('Waiting up to') && began(),
    });
    const ending = main('bootstrap-token', runtime);
    await Promise.race([waiting, ending]);
    await act(runtime);
    const start = performance.now(); // from now on it could be known
    const code = await ending;
    const ms = performance.now() - start;
    return { code, stdout: runtime.stdout.text(), stderr: runtime.stderr.text(), runtime, ms };
  }

  withoutController(
    'says so at the deadline (5), with what it saw, and removes the Secret',
    async ({ cluster, namespace }) => {
      await makeAccount(cluster, namespace);
      const run = await bootstrap(cluster, ['ci-bot', '-n', namespace, '--wait-timeout', '700ms']);
      expectFailure(
        run,
        5,
        /Cannot get a token from Secret ".*": still empty after 700ms \(watch: ADDED, \d+ polls?\)/u,
      );
      expect(run.stderr).toMatch(/^hint: A longer --wait-timeout may do: .*The token controller may not be running/mu);
      expect(await left(cluster, namespace)).toEqual([]);
    },
  );

  withoutController('looks once with --wait-timeout 0 (5)', async ({ cluster, namespace }) => {
    await makeAccount(cluster, namespace);
    expectFailure(
      await bootstrap(cluster, ['ci-bot', '-n', namespace, '--wait-timeout', '0']),
      5,
      'still empty at the one look',
    );
    expect(await left(cluster, namespace)).toEqual([]);
  });

  withoutController('cleans up after a signal (143)', async ({ cluster, namespace }) => {
    await makeAccount(cluster, namespace);
    const run = await meanwhile(cluster, ['ci-bot', '-n', namespace], (runtime) => runtime.interrupt());
    expectFailure(run, 143, 'error: Interrupted by SIGTERM');
    expect(await left(cluster, namespace)).toEqual([]);
  });

  withoutController('refuses a token that somebody else put there (6)', async ({ cluster, namespace }) => {
    await makeAccount(cluster, namespace);
    const run = await meanwhile(cluster, ['ci-bot', '-n', namespace], async () => {
      const { status } = await cluster.admin
        .post<{ status: { token: string } }>('/api/v1/namespaces/default/serviceaccounts', {
          metadata: { name: `other-${namespace}` },
        })
        .then(() =>
          cluster.admin.post<{ status: { token: string } }>(
            `/api/v1/namespaces/default/serviceaccounts/other-${namespace}/token`,
            { spec: {} },
          ),
        );
      const [name = ''] = await left(cluster, namespace);
      await cluster.admin.patch(`/api/v1/namespaces/${namespace}/secrets/${name}`, {
        data: { token: Buffer.from(status.token).toString('base64') },
      });
    });
    expectFailure(run, 6, /Cannot use the token in Secret ".*": its claim sub is/u);
    expect(await left(cluster, namespace)).toEqual([]);
  });

  withoutController('leaves a binding that a later run relies on', async ({ cluster, namespace }) => {
    const args = ['ci-bot', '-n', namespace, '--create-service-account', '--role', 'view'];
    const first = await meanwhile(cluster, args, async (earlier) => {
      const second = await meanwhile(cluster, args, (later) => {
        earlier.interrupt();
        later.interrupt();
      });
      expect(second.stderr).toContain('Already has ClusterRole "view"');
    });
    expect(first.code).toBe(143);
    expect(first.stderr).not.toContain('RoleBinding');
    expect(await bindings(cluster, namespace)).toEqual(['kube-sa-token:ci-bot:view']);
    expect(await left(cluster, namespace)).toEqual([]);
  });

  withoutController('does not delete a Secret that another run has taken over', async ({ cluster, namespace }) => {
    await makeAccount(cluster, namespace);
    const run = await meanwhile(cluster, ['ci-bot', '-n', namespace], async (runtime) => {
      const [name = ''] = await left(cluster, namespace);
      await cluster.admin.patch(`/api/v1/namespaces/${namespace}/secrets/${name}`, {
        metadata: { annotations: { 'kube-sa-token/run': 'another' } },
      });
      runtime.interrupt();
    });
    expect(run.code).toBe(143);
    expect(await left(cluster, namespace)).toHaveLength(1);
  });

  withoutController(
    'tells that the ServiceAccount was recreated (6), once the controller has deleted the Secret',
    async ({ cluster, controlPlane, namespace }) => {
      await makeAccount(cluster, namespace);
      const run = await meanwhile(cluster, ['ci-bot', '-n', namespace], async () => {
        await cluster.admin.delete(`/api/v1/namespaces/${namespace}/serviceaccounts/ci-bot`);
        await makeAccount(cluster, namespace);
        // the uid of another one, as a controller that was quicker would have written it
        const [name = ''] = await left(cluster, namespace);
        const stale = {
          metadata: { annotations: { 'kubernetes.io/service-account.uid': '00000000-0000-0000-0000-000000000000' } },
        };
        await cluster.admin.patch(`/api/v1/namespaces/${namespace}/secrets/${name}`, stale);
        await controlPlane.startControllerManager();
        await controlPlane.stopControllerManager();
      });
      expectFailure(run, 6, 'the ServiceAccount was deleted and recreated meanwhile');
      expect(await left(cluster, namespace)).toEqual([]);
    },
  );
});
