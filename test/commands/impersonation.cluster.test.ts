import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { parse, stringify } from 'yaml';
import { test } from '../control-plane/cluster-test.ts';
import type { TestCluster } from '../control-plane/test-cluster.ts';
import { runCommand } from '../support/run-command.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const review = ['POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', '--data', '{}'];

async function whoAmI({ env }: Pick<TestCluster, 'env'>, flags: readonly string[]) {
  const run = await runCommand('call-api', [...review, ...flags], { env });
  expect(run).toMatchObject({ code: 0 });
  const { status } = JSON.parse(run.stdout) as { status: { userInfo: Record<string, unknown> } };
  return { userInfo: status.userInfo, stderr: run.stderr };
}

describe('impersonation on an API server', () => {
  test('is of the user, groups, UID and extras that the flags name', async ({ cluster }) => {
    const flags = ['--as=bob', '--as-group=readers', '--as-group=grüße', '--as-uid=u-7'];
    const extras = ['--as-user-extra=example.com/scope=view', '--as-user-extra=example.com/scope=edit'];
    const { stderr, userInfo } = await whoAmI(cluster, [...flags, ...extras]);
    expect(userInfo).toMatchObject({
      username: 'bob',
      uid: 'u-7',
      groups: ['readers', 'grüße', 'system:authenticated'],
      extra: { 'example.com/scope': ['view', 'edit'] },
    });
    expect(stderr).toContain('as user "bob" in groups "readers", "grüße" (impersonated by user ');
  });

  test('is of a ServiceAccount by its full name', async ({ cluster, namespace }) => {
    const username = `system:serviceaccount:${namespace}:default`;
    const { userInfo } = await whoAmI(cluster, ['--as', username]);
    expect(userInfo).toMatchObject({
      username,
      groups: expect.arrayContaining(['system:serviceaccounts', `system:serviceaccounts:${namespace}`]),
    });
  });

  test('is of the user that the kubeconfig names, and list-clusters --probe shows it', async ({ cluster }) => {
    await using directory = await temporaryDirectory();
    const config = parse(await readFile(cluster.kubeconfig, 'utf8')) as { users: { user: object }[] };
    config.users = config.users.map((entry) => ({ ...entry, user: { ...entry.user, as: 'bob', 'as-groups': ['a'] } }));
    const env = { KUBECONFIG: join(directory.path, 'config') };
    await writeFile(env.KUBECONFIG, stringify(config));
    expect((await whoAmI({ env }, [])).userInfo).toMatchObject({
      username: 'bob',
      groups: ['a', 'system:authenticated'],
    });
    const { stdout } = await runCommand('list-clusters', ['--probe'], { env });
    expect(stdout).toMatch(/ bob$/mu);
  });

  test('makes a token with the rights of the one who is impersonated, says so before the first write, and proves the token by itself', async ({
    cluster,
    namespace,
  }) => {
    const rules = [
      { resources: ['serviceaccounts'], verbs: ['get'] },
      { resources: ['secrets'], verbs: ['create', 'get', 'watch', 'patch', 'delete'] },
    ];
    const { username } = await cluster.kubeconfigFor({ namespace, rules });
    const args = ['default', '-n', namespace, '-o', 'summary'];
    const run = await runCommand('bootstrap-token', [...args, '--as', username], { env: cluster.env });
    expect(run).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`system:serviceaccount:${namespace}:default`),
    });
    expect(run.stderr).toMatch(new RegExp(`^Using .*as user "${username}" \\(impersonated by user `, 'u'));
    const denied = await runCommand('bootstrap-token', [...args, '--as', 'nobody'], { env: cluster.env });
    expect(denied).toMatchObject({ code: 4, stdout: '' });
    expect(denied.stderr).toContain('user "nobody" (impersonated by user ');
  });

  test('is exit 4 where the caller may not, and the hint says what it needs', async ({ cluster, namespace }) => {
    const { env } = await cluster.kubeconfigFor({ namespace });
    for (const name of ['bob', 'system:serviceaccount:kube-system:default']) {
      const run = await runCommand('bootstrap-token', ['default', '-n', namespace, '--as', name], { env });
      expect(run).toMatchObject({ code: 4, stdout: '' });
      expect(run.stderr).toMatch(/^error: Cannot .*cannot impersonate/mu);
      expect(run.stderr).toMatch(/^hint: User ".*" needs the right to impersonate/mu);
    }
    const call = await runCommand('call-api', ['/api', '--as', 'bob'], { env });
    expect(call).toMatchObject({ code: 4, stdout: expect.stringContaining('cannot impersonate') });
  });

  test('of call-api counts for the caller, beside a --token-file too, and not for a token that the call fetches', async ({
    cluster,
    namespace,
  }) => {
    const asBot = await whoAmI(cluster, [
      '--service-account',
      'default',
      '-n',
      namespace,
      '--as=a',
      '--as-group=system:masters',
    ]);
    expect(asBot.userInfo).toMatchObject({ username: `system:serviceaccount:${namespace}:default` });
    const { kubeconfig } = await cluster.kubeconfigFor({
      namespace,
      as: 'serviceAccount',
      clusterRules: [{ resources: ['users'], verbs: ['impersonate'] }],
    });
    await using directory = await temporaryDirectory();
    const { users } = parse(await readFile(kubeconfig, 'utf8')) as { users: { user: { token: string } }[] };
    const file = join(directory.path, 'token');
    await writeFile(file, users[0]?.user.token ?? '');
    const asBob = await whoAmI(cluster, ['--token-file', file, '--as', 'bob']);
    expect(asBob.userInfo).toMatchObject({ username: 'bob' });
    expect(asBob.stderr).toContain(`as user "bob" (impersonated by the token in "${file}")`);
  });
});
