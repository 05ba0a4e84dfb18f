import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCommand } from '../support/run-command.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const kubeconfig = `apiVersion: v1
kind: Config
current-context: dev
clusters:
- {name: kind-dev, cluster: {server: "https://127.0.0.1:6443", certificate-authority-data: "Zm9v"}}
- {name: prod, cluster: {server: "https://prod.example", insecure-skip-tls-verify: true}}
- {name: plain, cluster: {server: "http://10.0.0.1:8080"}}
- {name: "evil\\u001b[31m", cluster: {server: "https://evil.example", certificate-authority: ca.pem}}
contexts:
- {name: dev, context: {cluster: kind-dev, user: jane, namespace: ci}}
- {name: dev-admin, context: {cluster: kind-dev, user: admin}}
- {name: lost, context: {cluster: nowhere, user: nobody}}
users:
- {name: jane, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: /nonexistent/plugin, interactiveMode: Never}}}
- {name: admin, user: {token: secret-word}}
`;

async function list(args: readonly string[]) {
  await using directory = await temporaryDirectory();
  await writeFile(join(directory.path, 'config'), kubeconfig);
  const run = await runCommand('list-clusters', args, {
    cwd: directory.path,
    env: { KUBECONFIG: join(directory.path, 'config') },
  });
  return { ...run, file: join(directory.path, 'config') };
}

test('list-clusters shows every cluster in the look of kubectl, and runs no plugin', async () => {
  const { code, stdout, stderr } = await list([]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toBe(
    [
      String.raw`CURRENT   NAME           SERVER                   TRUST                        CONTEXTS`,
      String.raw`          evil\x1b[31m   https://evil.example     certificate-authority`,
      String.raw`*         kind-dev       https://127.0.0.1:6443   certificate-authority-data   dev,dev-admin`,
      String.raw`          plain          http://10.0.0.1:8080     none`,
      String.raw`          prod           https://prod.example     insecure-skip-tls-verify`,
      '',
    ].join('\n'),
  );
});

test('list-clusters --contexts-only shows every context, those of a missing cluster too', async () => {
  const { stdout } = await list(['--contexts-only']);
  expect(stdout.split('\n').map((line) => line.trim().split(/\s{3,}/u))).toEqual([
    ['CURRENT', 'NAME', 'CLUSTER', 'USER', 'NAMESPACE'],
    ['*', 'dev', 'kind-dev', 'jane', 'ci'],
    ['dev-admin', 'kind-dev', 'admin'],
    ['lost', 'nowhere (missing)', 'nobody (missing)'],
    [''],
  ]);
});

test('list-clusters -o json is a ClusterList', async () => {
  const { stdout, file } = await list(['-o', 'json']);
  const document = JSON.parse(stdout) as { items: unknown[] };
  expect(document).toMatchObject({ apiVersion: 'kube-sa-token/v1', kind: 'ClusterList' });
  expect(document.items[1]).toEqual({
    name: 'kind-dev',
    server: 'https://127.0.0.1:6443',
    current: true,
    contexts: ['dev', 'dev-admin'],
    trust: 'certificate-authority-data',
    file,
  });
  expect(stdout).not.toContain('secret-word');
});

test('list-clusters -o name prints lines for scripts', async () => {
  expect((await list(['-o', 'name'])).stdout).toContain('cluster/kind-dev\n');
});

test('list-clusters without a kubeconfig is exit 2', async () => {
  const { code, stdout, stderr } = await runCommand('list-clusters', [], {
    env: { KUBECONFIG: '/nonexistent/a:/nonexistent/b' },
  });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('/nonexistent/a');
});

test.each([
  [['--request-timeout', '5s'], '--request-timeout'],
  [['-v', '6'], '--v'],
])('list-clusters %j without --probe is exit 2', async (args, flag) => {
  const { code, stdout, stderr } = await list(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toBe(`error: Cannot use ${flag} without --probe: nothing is asked over the network\n`);
});
