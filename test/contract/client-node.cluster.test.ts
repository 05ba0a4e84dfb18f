import { CoreV1Api, KubeConfig, RbacAuthorizationV1Api, Watch } from '@kubernetes/client-node';
import { describe, expect } from 'vitest';
import { until } from '../support/until.ts';
import { behaviour } from './behaviour.ts';
import { kubeconfigOf } from './kubectl.ts';
import type { Server } from './server.ts';

const clientFor = ({ access, namespace }: Server) => {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromString(kubeconfigOf(access, namespace));
  return kubeConfig;
};

describe("client-node's own API", () => {
  behaviour('creates, reads, lists, changes and deletes', async (server) => {
    const { namespace, note } = server;
    const core = clientFor(server).makeApiClient(CoreV1Api);
    const body = { metadata: { name: 'x' }, stringData: { a: '1' } };
    note('created', await core.createNamespacedSecret({ namespace, body }));
    note('read', await core.readNamespacedSecret({ namespace, name: 'x' }));
    const listed = await core.listNamespacedSecret({ namespace, labelSelector: '!app', limit: 1 });
    note('listed', [listed.kind, listed.items.length]);
    note(
      'replaced',
      await core.replaceNamespacedSecret({ namespace, name: 'x', body: { ...body, stringData: { b: '2' } } }),
    );
    note('deleted', await core.deleteNamespacedSecret({ namespace, name: 'x' }));
    const missing = await core.readNamespacedSecret({ namespace, name: 'x' }).catch((error: unknown) => error);
    const { code, body: status } = missing as { code: number; body: string };
    expect(code).toBe(404);
    note('missing', JSON.parse(status));
  });

  behaviour('requests tokens, and makes ServiceAccounts, Roles and bindings', async (server) => {
    const { namespace, note } = server;
    const client = clientFor(server);
    const core = client.makeApiClient(CoreV1Api);
    const rbac = client.makeApiClient(RbacAuthorizationV1Api);
    const metadata = { name: 'bot' };
    note('account', await core.createNamespacedServiceAccount({ namespace, body: { metadata } }));
    const spec = { audiences: [], expirationSeconds: 3600 };
    const request = await core.createNamespacedServiceAccountToken({ namespace, name: 'bot', body: { spec } });
    note('token', request.status?.token);
    const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }];
    note('role', await rbac.createNamespacedRole({ namespace, body: { metadata, rules } }));
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'bot' };
    note('binding', await rbac.createNamespacedRoleBinding({ namespace, body: { metadata, roleRef } }));
  });

  behaviour('watches', async (server) => {
    const { create, note, path } = server;
    const seen: string[] = [];
    const onEvent = (type: string, { metadata }: { metadata: { name: string } }) => {
      seen.push(`${type} ${metadata.name}`);
    };
    const ending = await new Watch(clientFor(server)).watch(path('secrets'), {}, onEvent, () => undefined);
    for (const name of ['x', 'y']) await create(path('secrets'), { metadata: { name } });
    await until('two events', () => Promise.resolve(seen.length === 2 ? true : undefined));
    ending.abort();
    expect(seen).toEqual(['ADDED x', 'ADDED y']);
    note('seen', seen);
  });
});
