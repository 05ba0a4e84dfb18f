import { expect } from 'vitest';
import { test } from './cluster-test.ts';
import { restTargetOf } from './external-cluster.ts';
import { restClient } from './rest.ts';

const rules = [{ resources: ['secrets'], verbs: ['list'] }];

test.for(['certificate', 'serviceAccount'] as const)(
  'kubeconfigFor() gives a user by %s who may at once do what its rules say, and nothing else',
  async (as, { cluster, namespace, onTestFinished }) => {
    const user = await cluster.kubeconfigFor({ namespace, rules, as });
    const rest = restClient(await restTargetOf(user.kubeconfig));
    onTestFinished(() => rest.close());
    const secrets = `/api/v1/namespaces/${namespace}/secrets`;

    expect((await rest.request('GET', secrets)).status).toBe(200);
    const { status, text } = await rest.request('GET', `${secrets}/any`);
    expect(status).toBe(403);
    expect(text).toContain(JSON.stringify(`User "${user.username}"`).slice(1, -1));
  },
);

test('kubeconfigFor() gives rights in the whole cluster by clusterRules', async ({
  cluster,
  namespace,
  onTestFinished,
}) => {
  const clusterRules = [{ resources: ['namespaces'], verbs: ['get'], resourceNames: [namespace] }];
  const user = await cluster.kubeconfigFor({ namespace, clusterRules });
  const rest = restClient(await restTargetOf(user.kubeconfig));
  onTestFinished(() => rest.close());

  expect((await rest.request('GET', `/api/v1/namespaces/${namespace}`)).status).toBe(200);
  expect((await rest.request('GET', '/api/v1/namespaces/default')).status).toBe(403);
});
