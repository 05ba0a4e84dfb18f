import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { test as clusterTest } from '../control-plane/cluster-test.ts';
import type { TestCluster } from '../control-plane/test-cluster.ts';
import { writePod } from '../support/pod.ts';
import { runCommand } from '../support/run-command.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** A pod of ServiceAccount `robot`, which may make tokens in its namespace: what it is given, without the pod. */
const test = clusterTest.extend('pod', async ({ cluster, namespace }, { onCleanup }) => {
  const directory = await temporaryDirectory();
  onCleanup(() => directory[Symbol.asyncDispose]());
  await cluster.kubeconfigFor({
    user: 'robot',
    as: 'serviceAccount',
    namespace,
    rules: [
      { resources: ['serviceaccounts'], verbs: ['get'] },
      { resources: ['secrets'], verbs: ['create', 'get', 'list', 'watch', 'patch', 'delete'] },
    ],
  });
  const mounted = join(directory.path, 'serviceaccount');
  await mkdir(mounted);
  const token = await tokenOf(cluster, namespace, 'robot');
  return writePod(mounted, cluster.server, { token, 'ca.crt': cluster.caPem ?? '', namespace: `${namespace}\n` });
});

async function tokenOf({ admin }: TestCluster, namespace: string, name: string): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
  const { status } = await admin.post<{ status: { token: string } }>(path, { spec: { expirationSeconds: 600 } });
  return status.token;
}

describe('in a pod', () => {
  test('bootstrap-token makes a token in the namespace of the pod, as its ServiceAccount', async ({
    cluster,
    namespace,
    pod,
  }) => {
    const run = await runCommand('bootstrap-token', ['-o', 'json'], pod);
    expect(run).toMatchObject({ code: 0 });
    expect(run.stderr).toMatch(`Using cluster "in-cluster" (${cluster.server}, as user "in-cluster")`);
    expect(JSON.parse(run.stdout)).toMatchObject({
      context: null,
      cluster: { name: 'in-cluster', server: cluster.server },
      subject: `system:serviceaccount:${namespace}:default`,
      verified: true,
    });
  });

  test('list-clusters shows the cluster of the pod, and --probe who it is there', async ({
    cluster,
    namespace,
    pod,
  }) => {
    const plain = await runCommand('list-clusters', [], pod);
    expect(plain.stdout.split('\n')[1]).toMatch(
      new RegExp(`^\\* +in-cluster +${cluster.server} +certificate-authority`, 'u'),
    );
    const contexts = await runCommand('list-clusters', ['--contexts-only', '--probe'], pod);
    expect(contexts.code).toBe(0);
    expect(contexts.stdout.split('\n')[1]).toMatch(
      new RegExp(`^\\* +in-cluster +in-cluster +in-cluster +${namespace} .*:robot$`, 'u'),
    );
    const probed = await runCommand('list-clusters', ['--probe', '-o', 'json'], pod);
    expect(JSON.parse(probed.stdout)).toMatchObject({
      items: [
        {
          name: 'in-cluster',
          current: true,
          probe: { reachable: true, user: `system:serviceaccount:${namespace}:robot` },
        },
      ],
    });
  });

  test('call-api takes the token that the kubelet has put in place last', async ({ cluster, namespace, pod }) => {
    const args = ['POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', '--data', '{}'];
    const name = async () => {
      const { stdout } = await runCommand('call-api', args, pod);
      return (JSON.parse(stdout) as { status: { userInfo: { username: string } } }).status.userInfo.username;
    };
    expect(await name()).toBe(`system:serviceaccount:${namespace}:robot`);
    const file = join(pod.serviceAccountDirectory, 'token');
    await writeFile(`${file}.new`, await tokenOf(cluster, namespace, 'default'));
    await rename(`${file}.new`, file);
    expect(await name()).toBe(`system:serviceaccount:${namespace}:default`);
  });

  test('without a token mounted, and without a kubeconfig, is exit 2 and says so', async ({ pod }) => {
    const run = await runCommand('list-clusters', [], { ...pod, serviceAccountDirectory: '/nonexistent' });
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain('hint: In this pod no token of a ServiceAccount is mounted');
  });
});
