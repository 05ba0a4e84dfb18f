import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { test } from '../control-plane/cluster-test.ts';
import type { TestCluster } from '../control-plane/test-cluster.ts';
import { runCommand } from '../support/run-command.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const callApi = (cluster: TestCluster, args: readonly string[], options: Parameters<typeof runCommand>[2] = {}) =>
  runCommand('call-api', args, { env: cluster.env, ...options });

const makeConfigMaps = async ({ admin }: TestCluster, namespace: string, count: number) => {
  for (let index = 0; index < count; index += 1) {
    await admin.post(`/api/v1/namespaces/${namespace}/configmaps`, {
      metadata: { name: `map-${index}`, labels: { test: 'pages' } },
    });
  }
};

describe('call-api', () => {
  test('prints the body as it comes, as the user of the kubeconfig', async ({ cluster }) => {
    const { code, stdout, stderr } = await callApi(cluster, ['/api']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'APIVersions', versions: ['v1'] });
    expect(stderr).toContain(`Calling ${cluster.server} as user`);
  });

  test('sends the token of --token-file, of stdin, of --secret and of --service-account as the only credential', async ({
    cluster,
    namespace,
  }) => {
    await using directory = await temporaryDirectory();
    await cluster.admin.post(`/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name: 'ci-bot' } });
    const { stdout: token } = await runCommand('bootstrap-token', ['ci-bot', '-n', namespace], { env: cluster.env });
    await writeFile(join(directory.path, 'token'), `${token}\n`);
    const secrets = await cluster.admin.get<{ items: { metadata: { name: string } }[] }>(
      `/api/v1/namespaces/${namespace}/secrets`,
    );
    const credentials: [string[], string?][] = [
      [['--token-file', 'token']],
      [['--token-file', '-'], token],
      [['--secret', secrets.items[0]?.metadata.name ?? '', '-n', namespace]],
      [['--service-account', 'ci-bot', '-n', namespace]],
    ];
    for (const [flags, stdin = ''] of credentials) {
      const args = ['POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', '--data', '{}', ...flags];
      const run = await callApi(cluster, args, { cwd: directory.path, stdin });
      expect(run).toMatchObject({ code: 0 });
      expect(JSON.parse(run.stdout)).toMatchObject({
        status: { userInfo: { username: `system:serviceaccount:${namespace}:ci-bot` } },
      });
    }
  });

  test.for([
    ['/api/v1/namespaces/nowhere', 3, 'NotFound'],
    ['/api/v1/namespaces/default/pods/x?dryRun=No', 3, 'NotFound'],
  ] as const)(
    'prints the body of an error too, and exits by its status: %s -> %d',
    async ([path, exit, reason], { cluster }) => {
      const { code, stdout, stderr } = await callApi(cluster, [path]);
      expect(code).toBe(exit);
      expect(JSON.parse(stdout)).toMatchObject({ kind: 'Status', reason });
      expect(stderr).toMatch(/error: Cannot GET .*: 404/u);
    },
  );

  test('exits 4 for what the caller may not do', async ({ cluster, namespace }) => {
    const user = await cluster.kubeconfigFor({ namespace });
    const run = await callApi(cluster, [`/api/v1/namespaces/${namespace}/pods`], { env: user.env });
    expect(run.code).toBe(4);
    expect(JSON.parse(run.stdout)).toMatchObject({ kind: 'Status', code: 403 });
  });

  test('exits 1 for a conflict', async ({ cluster }) => {
    const run = await callApi(cluster, ['POST', '/api/v1/namespaces', '--data', '{"metadata":{"name":"default"}}']);
    expect(run.code).toBe(1);
    expect(JSON.parse(run.stdout)).toMatchObject({ reason: 'AlreadyExists' });
  });

  test('creates, patches and deletes, with the content type that fits', async ({ cluster, namespace }) => {
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    await using directory = await temporaryDirectory();
    await writeFile(join(directory.path, 'map.yaml'), 'metadata:\n  name: hello\ndata:\n  a: "1"\n');
    expect(await callApi(cluster, ['POST', path, '--data', 'map.yaml'], { cwd: directory.path })).toMatchObject({
      code: 0,
    });
    expect(await callApi(cluster, ['patch', `${path}/hello`, '--data', '{"data":{"b":"2"}}'])).toMatchObject({
      code: 0,
    });
    const jsonPatch = '[{"op":"remove","path":"/data/a"}]';
    expect(await callApi(cluster, ['PATCH', `${path}/hello`, '--data', '-'], { stdin: jsonPatch })).toMatchObject({
      code: 0,
    });
    expect((await cluster.admin.get(`${path}/hello`)).data).toEqual({ b: '2' });
    expect(await callApi(cluster, ['DELETE', `${path}/hello`, '--dry-run=server'])).toMatchObject({ code: 0 });
    expect(await cluster.admin.find(`${path}/hello`)).toBeDefined();
    expect(await callApi(cluster, ['DELETE', `${path}/hello`])).toMatchObject({ code: 0 });
    expect(await cluster.admin.find(`${path}/hello`)).toBeUndefined();
  });

  test('--include prints status and headers first; -o yaml and json render the body', async ({ cluster }) => {
    const included = await callApi(cluster, ['/version', '--include', '-H', 'Accept: application/json']);
    expect(included.stdout).toMatch(/^HTTP\/1\.1 200 OK\n(?:[a-z-]+: .*\n)+\n\{/u);
    expect((await callApi(cluster, ['/version', '-o', 'yaml'])).stdout).toMatch(/^major: "1"$/mu);
    expect((await callApi(cluster, ['/version', '-o', 'json'])).stdout).toMatch(/^ {2}"major": "1",?$/mu);
    expect((await callApi(cluster, ['/healthz', '-o', 'json'])).stdout).toBe('ok');
  });

  test.for(['raw', 'json', 'yaml'])(
    '--all-pages prints a list of several pages as one (-o %s)',
    async (format, { cluster, namespace }) => {
      await makeConfigMaps(cluster, namespace, 5);
      const path = `/api/v1/namespaces/${namespace}/configmaps?limit=2&labelSelector=test%3Dpages`;
      const { code, stdout } = await callApi(cluster, [path, '--all-pages', '-o', format]);
      expect(code).toBe(0);
      const { parse } = await import('yaml');
      const list = (format === 'yaml' ? parse(stdout) : JSON.parse(stdout)) as {
        kind: string;
        metadata: object;
        items: { metadata: { name: string } }[];
      };
      expect(list.kind).toBe('ConfigMapList');
      expect(list.metadata).not.toHaveProperty('continue');
      expect(list.items.map(({ metadata }) => metadata.name)).toEqual(['map-0', 'map-1', 'map-2', 'map-3', 'map-4']);
    },
  );

  test.for(['raw', 'yaml'])(
    '--all-pages of an empty list is an empty list (-o %s)',
    async (format, { cluster, namespace }) => {
      const { stdout } = await callApi(cluster, [`/api/v1/namespaces/${namespace}/pods`, '--all-pages', '-o', format]);
      const { parse } = await import('yaml');
      expect(parse(stdout)).toMatchObject({ kind: 'PodList', items: [] });
    },
  );

  test('--watch prints an event a line until it is interrupted, and that is no failure', async ({
    cluster,
    namespace,
  }) => {
    const { main } = await import('../../lib/main.ts');
    const { testRuntime } = await import('../support/runtime.ts');
    await makeConfigMaps(cluster, namespace, 1);
    const path = `/api/v1/namespaces/${namespace}/configmaps?labelSelector=test%3Dpages`;
    const runtime = testRuntime({
      args: [path, '--watch'],
      env: cluster.env,
      onStdout: (text) => text.includes('map-0') && runtime.interrupt('SIGINT'),
    });
    expect(await main('call-api', runtime)).toBe(0);
    const [line = ''] = runtime.stdout.text().split('\n');
    expect(JSON.parse(line)).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'map-0' } } });
  });

  test('--watch of a single object prints it, and says that it is no watch', async ({ cluster }) => {
    const run = await callApi(cluster, ['/version', '--watch']);
    expect(run.code).toBe(1);
    expect(JSON.parse(run.stdout)).toMatchObject({ major: '1' });
    expect(run.stderr).toContain('there are no watch events in the answer');
  });

  test('--all-pages prints the body of a refusal', async ({ cluster, namespace }) => {
    const { env } = await cluster.kubeconfigFor({ namespace });
    const { code, stdout } = await callApi(cluster, ['/api/v1/secrets', '--all-pages'], { env });
    expect(code).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'Status', code: 403 });
  });

  test('escapes what a cluster says, where stdout is a terminal', async ({ cluster, namespace }) => {
    await cluster.admin.post(`/api/v1/namespaces/${namespace}/configmaps`, {
      metadata: { name: 'evil' },
      data: { text: '\u202Eevil' },
    });
    const { stdout } = await callApi(cluster, [`/api/v1/namespaces/${namespace}/configmaps/evil`], {
      stdoutIsTTY: true,
    });
    expect(stdout).not.toContain('\u202E');
    expect(stdout).toContain(String.raw`\u{202e}evil`);
  });
});
