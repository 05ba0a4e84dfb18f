import { expect } from 'vitest';
import { restClient } from '../control-plane/rest.ts';
import type { KubernetesList, KubernetesObject } from '../control-plane/rest.ts';
import type { TestCluster } from '../control-plane/test-cluster.ts';
import { type PassThrough, startPassThrough } from './pass-through.ts';

const ours = 'labelSelector=app.kubernetes.io/managed-by%3Dkube-sa-token';

/** What this suite has in a namespace: Secrets with their state, and the rights that it gave. */
export async function objectsOfOurs({ admin }: TestCluster, namespace: string) {
  const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
  const list = async (path: string) => (await admin.get<KubernetesList>(`${path}?${ours}`)).items;
  const [secrets, roles, roleBindings] = await Promise.all([
    list(`/api/v1/namespaces/${namespace}/secrets`),
    list(`${rbac}/roles`),
    list(`${rbac}/rolebindings`),
  ]);
  const stateOf = ({ metadata }: KubernetesObject) => metadata.labels?.['kube-sa-token/state'];
  return {
    secrets: secrets.map((secret) => ({ name: secret.metadata.name, state: stateOf(secret) })),
    rights: [...roles, ...roleBindings].map(({ metadata }) => metadata.name),
  };
}

/** Nothing that authenticates, and no right, is left. */
export async function expectNothingLeft(cluster: TestCluster, namespace: string): Promise<void> {
  expect(await objectsOfOurs(cluster, namespace)).toEqual({ secrets: [], rights: [] });
}

/** Whom the API server takes a token for, asked apart from the code under test. */
export async function whoIs(cluster: TestCluster, token: string): Promise<string | undefined> {
  const rest = restClient({ server: cluster.server, caPem: cluster.caPem, token });
  try {
    const review = await rest.post<{ status: { userInfo: { username: string } } }>(
      '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      {},
    );
    return review.status.userInfo.username;
  } finally {
    rest.close();
  }
}

/** A user with every right in a namespace, whose requests go through a PassThrough: a bearer token, so that it can. */
export async function throughPass(
  cluster: TestCluster,
  namespace: string,
  options: { clockAheadMs?: number } = {},
): Promise<{ env: Record<string, string>; pass: PassThrough }> {
  const user = await cluster.kubeconfigFor({
    namespace,
    as: 'serviceAccount',
    rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }],
  });
  const pass = await startPassThrough(cluster, options);
  return { env: { KUBECONFIG: await pass.kubeconfig(user.kubeconfig) }, pass };
}
