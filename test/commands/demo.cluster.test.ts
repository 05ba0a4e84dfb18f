import { expect } from 'vitest';
import { test } from '../control-plane/cluster-test.ts';
import type { KubernetesList } from '../control-plane/rest.ts';
import type { TestCluster } from '../control-plane/test-cluster.ts';
import { refuseToken } from '../support/no-token.ts';
import { startPassThrough } from '../support/pass-through.ts';
import { startProgram } from '../support/program.ts';
import { runCommand } from '../support/run-command.ts';
import { until } from '../support/until.ts';

const everything = [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }];
const ours = 'labelSelector=app.kubernetes.io/managed-by%3Dkube-sa-token';

/** Waits until the namespace of a tour, and with it all that is in it, is gone. */
async function untilGone({ admin }: TestCluster, namespace: string): Promise<void> {
  await until(
    `namespace "${namespace}" to be gone`,
    async () => ((await admin.find(`/api/v1/namespaces/${namespace}`)) === undefined ? 'gone' : undefined),
    30_000,
  );
}

/** Nothing that authenticates is left, nothing outside of the namespace, and that is gone or about to. */
async function expectNothingLeft({ admin }: TestCluster, namespace: string): Promise<void> {
  const own = await admin.find(`/api/v1/namespaces/${namespace}`);
  if (own !== undefined) expect(own.metadata).toHaveProperty('deletionTimestamp');
  const list = async (path: string) => (await admin.get<KubernetesList>(`${path}?${ours}`)).items;
  expect(await list(`/api/v1/namespaces/${namespace}/secrets`)).toEqual([]);
  for (const resource of ['clusterroles', 'clusterrolebindings']) {
    const items = await list(`/apis/rbac.authorization.k8s.io/v1/${resource}`);
    expect(items.filter(({ metadata }) => metadata.name.includes(namespace))).toEqual([]);
  }
}

/** The one that a tour has named. */
function namespaceOf(stdout: string): string {
  const name = /in a namespace of its own, "(demo-\w+)"/u.exec(stdout.replaceAll(/\s+/gu, ' '))?.[1];
  if (name === undefined) throw new Error(`The tour names no namespace: ${stdout}`);
  return name;
}

test('demo tours a cluster in a namespace of its own, and leaves nothing', { timeout: 60_000 }, async ({ cluster }) => {
  const { code, stderr, stdout } = await runCommand('demo', [], { env: cluster.env });
  expect({ code, stderr }).toMatchObject({ code: 0 });
  refuseToken(stdout, 'stdout');
  expect(stdout).toMatch(
    /^── 9\/12 .*403 Forbidden:.*^── 10\/12 .*pods: 200$.*^── 12\/12 .*Nothing of the tour is left\.$/msu,
  );
  expect(await cluster.admin.find(`/api/v1/namespaces/${namespaceOf(stdout)}`)).toBeUndefined();
  await expectNothingLeft(cluster, namespaceOf(stdout));
});

test('demo writes nothing for who may not make namespaces, and says so', async ({ cluster, namespace }) => {
  const user = await cluster.kubeconfigFor({ namespace, rules: everything });
  const { code, stderr, stdout } = await runCommand('demo', [], { env: user.env });
  expect({ code, stderr }).toEqual({ code: 4, stderr: expect.stringContaining('may not create namespaces') });
  expect(stdout).toContain('  What you are told\n    error: Cannot give a tour of ');
  expect(stdout).not.toMatch(/^── 3\//mu);
});

const points = {
  'the namespace is asked for': ['request', /^POST \/api\/v1\/namespaces$/u],
  'the namespace is made, unanswered': ['answer', /^POST \/api\/v1\/namespaces$/u],
  'the ServiceAccount is asked for': ['request', /^POST \S+\/serviceaccounts$/u],
  'the Secret is made, unanswered': ['answer', /^POST \S+\/secrets$/u],
  'the proof is under way': ['request', /^POST \S+\/selfsubjectreviews$/u],
  'the Secret is being labelled': ['request', /^PATCH \S+\/secrets\//u],
  'the first direct call is under way': ['answer', /^GET \/api$/u],
  'the pods are asked for': ['request', /^GET \S+\/pods$/u],
  'the binding is made, unanswered': ['answer', /^POST \S+\/rolebindings$/u],
  'the Secret is deleted, unanswered': ['answer', /^DELETE \S+\/secrets\//u],
  'the namespace is to be deleted': ['request', /^DELETE \/api\/v1\/namespaces\/[^/]+$/u],
} satisfies Record<string, ['request' | 'answer', RegExp]>;
const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Namespaces of the tours that a signal has ended: the namespace controller takes its time with each. */
const interrupted: string[] = [];

test.for(Object.entries(points).map(([name, point], index) => [name, point, index] as const))(
  'demo leaves nothing on a signal, once %s',
  { timeout: 60_000 },
  async ([, [what, matches], index], { cluster, namespace }) => {
    const user = await cluster.kubeconfigFor({ namespace, as: 'serviceAccount', clusterRules: everything });
    const pass = await startPassThrough(cluster);
    const env = { KUBECONFIG: await pass.kubeconfig(user.kubeconfig) };
    const held = pass.hold(what, (line) => matches.test(line));
    const program = startProgram('demo', { args: [], env });
    const early = program.ended.then(({ stderr }) => Promise.reject(new Error(`It ended before that: ${stderr}`)));
    early.catch(() => undefined);
    await Promise.race([held.reached, early]);
    const signal = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const)[index % 3] ?? 'SIGINT';
    program.kill(signal);
    held.release();
    const { code, stderr, stdout } = await program.ended;
    expect({ code, stderr }).toMatchObject({ code: signals[signal] });
    expect(stderr).not.toContain('could not be removed');
    refuseToken(stdout, 'stdout');
    await expectNothingLeft(cluster, namespaceOf(stdout));
    interrupted.push(namespaceOf(stdout));
  },
);

test('the namespaces of interrupted tours go, and all in them', { timeout: 60_000 }, async ({ cluster }) => {
  for (const namespace of interrupted) await untilGone(cluster, namespace);
});
