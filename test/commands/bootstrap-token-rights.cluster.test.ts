import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect } from 'vitest';
import { parse } from 'yaml';
import { test } from '../control-plane/cluster-test.ts';
import type { TestCluster } from '../control-plane/test-cluster.ts';
import type { TestUser } from '../control-plane/test-user.ts';
import { isKubectlOnPath } from '../kubectl/find.ts';
import { type CommandRun, recordTold, runCommand } from '../support/run-command.ts';
import { expectNothingLeft, objectsOfOurs, whoIs } from '../support/token-run.ts';

// The table of missing rights in the interface, a test a row: a ServiceAccount that has exactly the other rights.

const rights = {
  serviceaccounts: ['get'],
  secrets: ['create', 'get', 'watch', 'patch', 'delete', 'list'],
} as const;
type Right = {
  [Resource in keyof typeof rights]: `${Resource} ${(typeof rights)[Resource][number]}`;
}[keyof typeof rights];

const makeAccount = ({ admin }: TestCluster, namespace: string) =>
  admin.post(`/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name: 'ci-bot' } });

/** A ServiceAccount with all the rights of the table but these. */
const callerWithout = (cluster: TestCluster, namespace: string, missing: readonly Right[]): Promise<TestUser> =>
  cluster.kubeconfigFor({
    namespace,
    as: 'serviceAccount',
    rules: Object.entries(rights)
      .map(([resource, verbs]) => ({
        resources: [resource],
        verbs: verbs.filter((verb) => !(missing as readonly string[]).includes(`${resource} ${verb}`)),
      }))
      .filter(({ verbs }) => verbs.length > 0),
  });

const warningsOf = ({ stderr }: CommandRun) => stderr.split('\n').filter((line) => line.startsWith('warning: '));

async function expectToken(cluster: TestCluster, namespace: string, { code, stdout, stderr }: CommandRun) {
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(await whoIs(cluster, stdout)).toBe(`system:serviceaccount:${namespace}:ci-bot`);
}

describe('bootstrap-token', () => {
  test('with all rights of the table warns of nothing', async ({ cluster, namespace }) => {
    await makeAccount(cluster, namespace);
    const { env } = await callerWithout(cluster, namespace, []);
    const run = await runCommand('bootstrap-token', ['ci-bot'], { env });
    await expectToken(cluster, namespace, run);
    expect(warningsOf(run)).toEqual([]);
    expect((await objectsOfOurs(cluster, namespace)).secrets).toMatchObject([{ state: 'delivered' }]);
  });

  test.for(['create', 'get'] as const)(
    'without %s on Secrets is 4, before anything is made',
    async (verb, { cluster, namespace }) => {
      await makeAccount(cluster, namespace);
      const { env } = await callerWithout(cluster, namespace, [`secrets ${verb}`]);
      const run = await runCommand('bootstrap-token', ['ci-bot'], { env });
      recordTold(run);
      const { code, stdout, stderr } = run;
      expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
      expect(stderr).toMatch(
        new RegExp(`Cannot make a token in namespace .* may not ${verb} Secrets there\nhint: .*README`, 'u'),
      );
      expect(stderr).not.toContain('Creating');
      await expectNothingLeft(cluster, namespace);
    },
  );

  test('without create nor get on Secrets names both', async ({ cluster, namespace }) => {
    const { env } = await callerWithout(cluster, namespace, ['secrets create', 'secrets get']);
    const { code, stderr } = await runCommand('bootstrap-token', ['ci-bot', '--create-service-account'], { env });
    expect(code).toBe(4);
    expect(stderr).toContain('may not create nor get Secrets there');
    expect(await cluster.admin.find(`/api/v1/namespaces/${namespace}/serviceaccounts/ci-bot`)).toBeUndefined();
  });

  test('without get on ServiceAccounts goes on with a warning', async ({ cluster, namespace }) => {
    await makeAccount(cluster, namespace);
    const { env } = await callerWithout(cluster, namespace, ['serviceaccounts get']);
    const run = await runCommand('bootstrap-token', ['ci-bot', '-o', 'json'], { env });
    expect(warningsOf(run)).toContainEqual(
      expect.stringContaining('cannot be read (get is denied): its uid is taken from the Secret'),
    );
    const { serviceAccount } = JSON.parse(run.stdout) as { serviceAccount: { uid: string } };
    const { metadata } = await cluster.admin.get(`/api/v1/namespaces/${namespace}/serviceaccounts/ci-bot`);
    expect(serviceAccount.uid).toBe(metadata.uid);
  });

  test('without get on ServiceAccounts tells that there is none (3), once the controller has deleted the Secret', async ({
    cluster,
    namespace,
  }) => {
    const { env } = await callerWithout(cluster, namespace, ['serviceaccounts get']);
    const run = await runCommand('bootstrap-token', ['nobody'], { env });
    recordTold(run);
    const { code, stdout, stderr } = run;
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/Secret ".*" vanished: the token controller deletes it if the ServiceAccount is missing/u);
    await expectNothingLeft(cluster, namespace);
  });

  test('without watch on Secrets polls, and says so in one line', async ({ cluster, namespace }) => {
    await makeAccount(cluster, namespace);
    const { env } = await callerWithout(cluster, namespace, ['secrets watch']);
    const run = await runCommand('bootstrap-token', ['ci-bot'], { env });
    await expectToken(cluster, namespace, run);
    expect(warningsOf(run)).toEqual(['warning: Secrets cannot be watched (watch is denied): polling instead']);
  });

  test('without patch on Secrets leaves the Secret labelled pending, with a warning', async ({
    cluster,
    namespace,
  }) => {
    await makeAccount(cluster, namespace);
    const { env } = await callerWithout(cluster, namespace, ['secrets patch']);
    const run = await runCommand('bootstrap-token', ['ci-bot'], { env });
    await expectToken(cluster, namespace, run);
    expect(warningsOf(run)).toEqual([
      expect.stringContaining('(patch is denied): the Secret stays labelled "pending"'),
    ]);
    expect((await objectsOfOurs(cluster, namespace)).secrets).toMatchObject([{ state: 'pending' }]);
  });

  test('without delete on Secrets warns up front and succeeds', async ({ cluster, namespace }) => {
    await makeAccount(cluster, namespace);
    const { env } = await callerWithout(cluster, namespace, ['secrets delete']);
    const run = await runCommand('bootstrap-token', ['ci-bot'], { env });
    await expectToken(cluster, namespace, run);
    expect(run.stderr.indexOf('warning: Secrets cannot be deleted (delete is denied)')).toBeLessThan(
      run.stderr.indexOf('Creating Secret'),
    );
    expect(warningsOf(run)).toHaveLength(1);
  });

  test('without delete on Secrets prints for a failed run the command that somebody else can paste', async ({
    cluster,
    namespace,
  }) => {
    await makeAccount(cluster, namespace);
    const { kubeconfig, ...user } = await callerWithout(cluster, namespace, ['secrets delete']);
    const options = { env: user.env, stdoutFails: 'EPIPE' } as const;
    const { code, stdout, stderr } = await runCommand('bootstrap-token', ['ci-bot'], options);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    const { secrets } = await objectsOfOurs(cluster, namespace);
    expect(secrets).toMatchObject([{ state: 'pending' }]);
    const [, command = ''] =
      /^warning: Secret ".*" could not be removed .*; to remove it: (kubectl .*)$/mu.exec(stderr) ?? [];
    const { 'current-context': context } = parse(await readFile(kubeconfig, 'utf8')) as { 'current-context': string };
    expect(command).toBe(`kubectl delete secret ${secrets[0]?.name ?? ''} -n ${namespace} --context ${context}`);
    if (!isKubectlOnPath()) return; // then the text has to do
    const [file = '', ...args] = command.split(' ');
    const env = { PATH: process.env['PATH'], HOME: dirname(kubeconfig), ...cluster.env };
    await promisify(execFile)(file, args, { env });
    await expectNothingLeft(cluster, namespace);
  });

  test('without list on Secrets cannot --reuse (4)', async ({ cluster, namespace }) => {
    await makeAccount(cluster, namespace);
    const { env } = await callerWithout(cluster, namespace, ['secrets list']);
    const { code, stdout, stderr } = await runCommand('bootstrap-token', ['ci-bot', '--reuse'], { env });
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toMatch(/error: Cannot list Secrets .*cannot list resource "secrets"/u);
    await expectNothingLeft(cluster, namespace);
  });

  test('without list on Secrets looks for no left-overs, counts nothing, and warns of nothing', async ({
    cluster,
    namespace,
  }) => {
    await makeAccount(cluster, namespace);
    const { env } = await callerWithout(cluster, namespace, ['secrets list']);
    const run = await runCommand('bootstrap-token', ['ci-bot'], { env });
    await expectToken(cluster, namespace, run);
    expect(warningsOf(run)).toEqual([]);
    expect(run.stderr).not.toContain('never expire');
  });

  test('gives no rights that the caller lacks (4), and says which, and who could', async ({ cluster, namespace }) => {
    const { env, username } = await cluster.kubeconfigFor({
      namespace,
      rules: [
        { resources: ['secrets', 'serviceaccounts'], verbs: ['*'] },
        {
          apiGroups: ['rbac.authorization.k8s.io'],
          resources: ['roles', 'rolebindings'],
          verbs: ['get', 'create', 'delete'],
        },
      ],
      clusterRules: [{ apiGroups: ['rbac.authorization.k8s.io'], resources: ['clusterroles'], verbs: ['get'] }],
    });
    const args = ['ci-bot', '--create-service-account', '--role', 'edit'];
    const { code, stdout, stderr } = await runCommand('bootstrap-token', args, { env });
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    const lacks = new RegExp(
      `^error: Cannot give rights by RoleBinding .*: RBAC lets nobody give rights that he does not have, and \\w+ "?${username}"? lacks .* and \\d+ more rules\nhint: Give fewer rights`,
      'mu',
    );
    expect(stderr).toMatch(lacks);
    await expectNothingLeft(cluster, namespace);
  });
});
