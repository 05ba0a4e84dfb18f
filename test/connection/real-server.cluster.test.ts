import type { V1ConfigMap } from '@kubernetes/client-node';
import { expect } from 'vitest';
import { bearerIdentity } from '../../lib/auth/bearer.ts';
import { connect } from '../../lib/connection/connect.ts';
import type { Connection } from '../../lib/connection/connection.ts';
import { pages } from '../../lib/connection/paginate.ts';
import { probe } from '../../lib/connection/probe.ts';
import { coreV1 } from '../../lib/connection/typed-api.ts';
import { watch } from '../../lib/connection/watch.ts';
import { loadKubeconfig } from '../../lib/kubeconfig/load.ts';
import { resolveClusterAccess } from '../../lib/kubeconfig/resolve.ts';
import type { ClusterAccess } from '../../lib/model/cluster-access.ts';
import { BearerToken } from '../../lib/model/secret-text.ts';
import { test as clusterTest } from '../control-plane/cluster-test.ts';

// What a connection makes of a real API server: the scripted one can only repeat what we believe.

const options = { env: {}, now: Date.now, random: Math.random };

async function accessOf(kubeconfig: string): Promise<ClusterAccess> {
  return resolveClusterAccess(await loadKubeconfig({ files: [kubeconfig], explicit: true, firstOnly: false }), {});
}

const test = clusterTest
  .extend('warnings', (): string[] => [])
  .extend('connection', async ({ cluster, warnings }, { onCleanup }): Promise<Connection> => {
    const onWarning = (text: string) => warnings.push(text);
    const connection = await connect(await accessOf(cluster.kubeconfig), { ...options, onWarning });
    onCleanup(() => connection.close());
    return connection;
  })
  .extend('configMaps', ({ connection, namespace }) => {
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    const create = (name: string, more: object = {}) => {
      const body = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, ...more });
      return connection.send({
        method: 'POST',
        path,
        body,
        contentType: 'application/json',
        doing: `create ConfigMap "${name}"`,
      });
    };
    return { path, create };
  });

test('probe() tells version, certificate and who the user is', async ({ cluster }) => {
  const found = await probe(await accessOf(cluster.kubeconfig), { ...options, signal: new AbortController().signal });
  const { gitVersion } = (await cluster.admin.find('/version')) as { gitVersion?: string };
  expect(found).toMatchObject({ reachable: true, version: gitVersion, error: undefined });
  expect(found.user).not.toBe('');
  expect(Date.parse(found.certificate?.notAfter ?? '')).toBeGreaterThan(Date.now());
});

test('pages() reads a list page by page', async ({ connection, configMaps }) => {
  for (const name of ['a', 'b', 'c']) await configMaps.create(name);
  const names: (string | undefined)[] = [];
  let count = 0;
  for await (const { items } of pages<V1ConfigMap>(connection, {
    path: configMaps.path,
    query: { limit: 2 },
    doing: 'list ConfigMaps',
  })) {
    count += 1;
    names.push(...items.map(({ metadata }) => metadata?.name));
  }
  expect(names).toEqual(expect.arrayContaining(['a', 'b', 'c']));
  expect(count).toBe(Math.ceil(names.length / 2));
});

test('watch() sees what happens after the resourceVersion that it is given', async ({ connection, configMaps }) => {
  const before = (await configMaps.create('before')).json<V1ConfigMap>().metadata?.resourceVersion;
  await configMaps.create('after');
  const controller = new AbortController();
  const request = {
    path: configMaps.path,
    query: { resourceVersion: before, fieldSelector: 'metadata.name=after' },
    doing: 'watch ConfigMaps',
    signal: controller.signal,
  };
  for await (const { object, type } of watch<V1ConfigMap>(connection, request)) {
    expect([type, object.metadata?.name]).toEqual(['ADDED', 'after']);
    break;
  }
});

test('watch() ends when the server ends it', async ({ connection, configMaps }) => {
  const before = (await configMaps.create('before')).json<V1ConfigMap>().metadata?.resourceVersion;
  // the controllers put kube-root-ca.crt into a new namespace when they like
  const query = { resourceVersion: before, timeoutSeconds: 1, fieldSelector: 'metadata.name=before' };
  const request = { path: configMaps.path, query, doing: 'watch ConfigMaps', signal: new AbortController().signal };
  const types: string[] = [];
  for await (const { type } of watch(connection, request)) types.push(type);
  expect(types).toEqual([]);
});

test('an error has its name, its reason and the words of the server', async ({ connection, configMaps, namespace }) => {
  await configMaps.create('x');
  await expect(configMaps.create('x')).rejects.toMatchObject({
    name: 'ServerError',
    reason: 'AlreadyExists',
    message: expect.stringMatching(
      /^Cannot create ConfigMap "x" of context ".+": configmaps "x" already exists$/u,
    ) as unknown,
  });
  await expect(configMaps.create('Not A Name')).rejects.toMatchObject({
    name: 'ServerError',
    reason: 'Invalid',
    status: 422,
  });
  const core = await coreV1(connection, { doing: 'read' });
  await expect(core.readNamespacedSecret({ namespace, name: 'none' })).rejects.toMatchObject({
    name: 'NotFoundError',
    reason: 'NotFound',
  });
  await expect(connection.send({ method: 'GET', path: '/none', doing: 'read' })).rejects.toMatchObject({
    name: 'NotFoundError',
    reason: 'NoSuchPath',
  });
});

test('a denial says what the server said, and a token that is none is refused', async ({
  cluster,
  connection,
  namespace,
}) => {
  const user = await cluster.kubeconfigFor({ namespace, rules: [{ resources: ['configmaps'], verbs: ['list'] }] });
  const limited = await connect(await accessOf(user.kubeconfig), options);
  const path = `/api/v1/namespaces/${namespace}/secrets`;
  await expect(limited.send({ method: 'GET', path, doing: 'list Secrets' })).rejects.toMatchObject({
    name: 'DeniedError',
    status: 403,
    reason: 'Forbidden',
    said: expect.stringContaining(`User "${user.username}" cannot list resource "secrets"`) as unknown,
  });
  limited.close();
  const nobody = connection.withIdentity(bearerIdentity(new BearerToken('no-token'), 'no token'));
  await expect(nobody.send({ method: 'GET', path, doing: 'list Secrets' })).rejects.toMatchObject({
    name: 'DeniedError',
    status: 401,
  });
  nobody.close();
});

test('a warning of the server is told', async ({ configMaps, warnings }) => {
  await configMaps.create('x', { unknown: 1 });
  expect(warnings).toEqual(['unknown field "unknown"']);
});
