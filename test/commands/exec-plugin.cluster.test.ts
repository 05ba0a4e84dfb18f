import { readFile } from 'node:fs/promises';
import { describe, expect } from 'vitest';
import { parse } from 'yaml';
import { test } from '../control-plane/cluster-test.ts';
import type { TestCluster } from '../control-plane/test-cluster.ts';
import { simpleKubeconfig, writeKubeconfig } from '../support/kubeconfig.ts';
import { execCredential, prints, writePlugin } from '../support/plugin.ts';
import { runCommand } from '../support/run-command.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const decode = (base64: string | undefined) => Buffer.from(base64 ?? '', 'base64').toString();

/** What the administrator's kubeconfig holds of him, as a plugin would give it. */
async function adminStatus({ kubeconfig }: TestCluster): Promise<Record<string, string>> {
  const { users } = parse(await readFile(kubeconfig, 'utf8')) as { users: { user: Record<string, string> }[] };
  const user = users[0]?.user ?? {};
  if (user['token'] !== undefined) return { token: user['token'] };
  return {
    clientCertificateData: decode(user['client-certificate-data']),
    clientKeyData: decode(user['client-key-data']),
  };
}

/** A kubeconfig whose user is what this plugin says. */
async function withPlugin(cluster: TestCluster, directory: string, body: string) {
  const plugin = await writePlugin(directory, body);
  const kubeconfig = await writeKubeconfig(
    directory,
    simpleKubeconfig('dev', {
      cluster: {
        server: cluster.server,
        'certificate-authority-data': Buffer.from(cluster.caPem ?? '').toString('base64'),
      },
      user: {
        exec: { apiVersion: 'client.authentication.k8s.io/v1', command: './plugin', interactiveMode: 'Never' },
      },
    }),
  );
  return { plugin, kubeconfig, env: { PATH: process.env['PATH'], KUBECONFIG: kubeconfig } };
}

describe.skipIf(process.platform === 'win32')('with a user of an exec plugin', () => {
  test('bootstrap-token makes a token, and runs the plugin once', async ({ cluster, namespace }) => {
    await using directory = await temporaryDirectory();
    const body = `echo "logged in" >&2; ${prints(execCredential(await adminStatus(cluster)))}`;
    const { plugin, env } = await withPlugin(cluster, directory.path, body);
    const args = ['ci-bot', '-n', namespace, '--create-service-account'];
    const { code, stdout, stderr } = await runCommand('bootstrap-token', args, { env });
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('logged in\n') });
    expect(stdout).toMatch(/^eyJ/u);
    expect(await plugin.runs()).toBe(1);
    const review = await runCommand('call-api', ['/api', '--token-file', '-'], { env, stdin: stdout });
    expect(review.code).toBe(0);
    expect(await plugin.runs()).toBe(1); // the caller's own credential is not needed
  });

  test('a token that the API server refuses (401) is asked for once more', async ({ cluster, namespace }) => {
    await using directory = await temporaryDirectory();
    const request = { spec: { expirationSeconds: 3600 } };
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/default/token`;
    const { status } = await cluster.admin.post<{ status: { token: string } }>(path, request);
    const old = prints(execCredential({ token: 'stale-token' }));
    const fresh = prints(execCredential({ token: status.token }));
    const { plugin, env } = await withPlugin(
      cluster,
      directory.path,
      `if [ "$RUN" = 1 ]; then\n${old}\nelse\n${fresh}\nfi`,
    );
    const { code, stdout } = await runCommand(
      'call-api',
      ['POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', '--data', '{}'],
      { env },
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      status: { userInfo: { username: `system:serviceaccount:${namespace}:default` } },
    });
    expect(await plugin.runs()).toBe(2);
  });

  test('a token that stays refused is exit 4 after one more try', async ({ cluster }) => {
    await using directory = await temporaryDirectory();
    const body = prints(execCredential({ token: 'stale-$RUN' })).replace("'END-OF-OUTPUT'", 'END-OF-OUTPUT');
    const { plugin, env } = await withPlugin(cluster, directory.path, body);
    const { code, stdout } = await runCommand('call-api', ['/api'], { env });
    expect(code).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'Status', reason: 'Unauthorized' });
    expect(await plugin.runs()).toBe(2);
  });

  test('list-clusters --probe says who the user is', async ({ cluster }) => {
    await using directory = await temporaryDirectory();
    const body = prints(execCredential(await adminStatus(cluster)));
    const { plugin, env } = await withPlugin(cluster, directory.path, body);
    const { code, stdout } = await runCommand('list-clusters', ['--probe', '-o', 'json'], { env });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ items: [{ name: 'dev' }] });
    expect(await plugin.runs()).toBe(1);
  });

  test('what connects to nothing runs no plugin', async ({ cluster }) => {
    await using directory = await temporaryDirectory();
    const { plugin, env } = await withPlugin(cluster, directory.path, 'exit 1');
    const offline: [string, string[]][] = [
      ['list-clusters', []],
      ['list-clusters', ['--contexts-only', '-o', 'json']],
      ['bootstrap-token', ['ci-bot', '--dry-run', 'client']],
    ];
    for (const [command, args] of offline) expect((await runCommand(command, args, { env })).code).toBe(0);
    expect(await plugin.runs()).toBe(0);
  });
});
