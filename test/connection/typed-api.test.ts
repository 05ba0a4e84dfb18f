import { describe, expect, test } from 'vitest';
import { authorizationV1, coreV1, rbacAuthorizationV1 } from '../../lib/connection/typed-api.ts';
import { NotFoundError, ServerError, UnreachableError, UsageError } from '../../lib/model/errors.ts';
import { version } from '../../lib/model/version.ts';
import { janesToken, testConnection } from '../support/connect.ts';
import { answer, failure, json, startScriptedServer } from '../support/scripted-server.ts';

const doing = 'test the typed API';
const secret = {
  kind: 'Secret',
  apiVersion: 'v1',
  metadata: { name: 'x', creationTimestamp: '2026-11-24T12:00:00Z' },
  data: { token: 'dG9rZW4=' },
};

describe('the typed API', () => {
  test('sends official requests over our connection, with our headers', async () => {
    const server = await startScriptedServer([json(200, secret)]);
    const { connection } = await testConnection(`${server.url}/prefix`);
    const core = await coreV1(connection, { doing });
    const read = await core.readNamespacedSecret({ namespace: 'ci', name: 'a b' });
    expect(read.data).toEqual({ token: 'dG9rZW4=' });
    expect(read.metadata?.creationTimestamp).toEqual(new Date('2026-11-24T12:00:00Z'));
    expect(server.requests[0]?.head.split('\r\n')).toEqual([
      'GET /prefix/api/v1/namespaces/ci/secrets/a%20b HTTP/1.1',
      `host: 127.0.0.1:${server.port}`,
      'accept: application/json',
      `user-agent: kube-sa-token/${version}`,
      `authorization: Bearer ${janesToken}`,
      'Connection: keep-alive',
    ]);
  });

  test('sends bodies and queries', async () => {
    const server = await startScriptedServer([json(201, secret), json(200, secret)]);
    const { connection } = await testConnection(server.url);
    const core = await coreV1(connection, { doing });
    const body = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'x' },
      type: 'kubernetes.io/service-account-token',
    };
    await core.createNamespacedSecret({ namespace: 'ci', body, dryRun: 'All' });
    await core.patchNamespacedSecret({
      namespace: 'ci',
      name: 'x',
      body: [{ op: 'add', path: '/metadata/labels/a', value: 'b' }],
    });
    const [create, patch] = server.requests;
    expect(create).toMatchObject({
      method: 'POST',
      path: '/api/v1/namespaces/ci/secrets?dryRun=All',
      headers: { 'content-type': 'application/json' },
    });
    expect(JSON.parse(create?.body ?? '')).toEqual(body);
    expect(patch).toMatchObject({
      method: 'PATCH',
      path: '/api/v1/namespaces/ci/secrets/x',
      headers: { 'content-type': 'application/json-patch+json' },
    });
  });

  test("throws the connection's errors", async () => {
    const server = await startScriptedServer([
      failure(404, 'NotFound', 'secrets "x" not found'),
      failure(409, 'AlreadyExists', 'secrets "x" already exists'),
    ]);
    const { connection } = await testConnection(server.url);
    const core = await coreV1(connection, { doing });
    const read = await core.readNamespacedSecret({ namespace: 'ci', name: 'x' }).catch((thrown: unknown) => thrown);
    expect(read).toBeInstanceOf(NotFoundError);
    expect(read).toMatchObject({
      reason: 'NotFound',
      message: 'Cannot test the typed API of context "dev": secrets "x" not found',
    });
    const created = await core.createNamespacedSecret({ namespace: 'ci', body: {} }).catch((thrown: unknown) => thrown);
    expect(created).toBeInstanceOf(ServerError);
    expect(created).toMatchObject({ reason: 'AlreadyExists', status: 409 });
  });

  test('makes no empty object of a login page or of JSON that is something else', async () => {
    const server = await startScriptedServer([
      answer(200, '<html>', { 'Content-Type': 'text/html' }),
      json(200, { login: 'required' }),
      json(200, { kind: 'Pod' }),
    ]);
    const { connection } = await testConnection(server.url);
    const core = await coreV1(connection, { doing });
    const read = () => core.readNamespacedSecret({ namespace: 'ci', name: 'x' });
    await expect(read()).rejects.toMatchObject({ name: 'ServerError', reason: 'HtmlAnswer' });
    await expect(read()).rejects.toMatchObject({ name: 'ServerError', reason: 'UnexpectedKind' });
    await expect(read()).rejects.toMatchObject({ name: 'ServerError', reason: 'UnexpectedKind' });
  });

  test('takes the kinds that a deletion, a list and a token request answer with', async () => {
    const server = await startScriptedServer([
      json(200, { kind: 'Status', status: 'Success' }),
      json(200, { kind: 'Namespace' }),
      json(200, { kind: 'SecretList', items: [secret] }),
      json(201, { kind: 'TokenRequest', status: { token: 'x', expirationTimestamp: '2026-11-24T12:00:00Z' } }),
    ]);
    const { connection } = await testConnection(server.url);
    const core = await coreV1(connection, { doing });
    await core.deleteNamespacedSecret({ namespace: 'ci', name: 'x' });
    await core.deleteNamespace({ name: 'ci' });
    expect((await core.listNamespacedSecret({ namespace: 'ci' })).items).toHaveLength(1);
    const body = { spec: { audiences: [] } };
    const { status } = await core.createNamespacedServiceAccountToken({ namespace: 'ci', name: 'x', body });
    expect(status?.expirationTimestamp).toEqual(new Date('2026-11-24T12:00:00Z'));
  });

  test('ends with the signal that it was bound to, which does not touch other calls', async () => {
    const controller = new AbortController();
    const reason = new UnreachableError('Cannot wait any longer', { reason: 'Test' });
    const server = await startScriptedServer([() => controller.abort(reason), json(200, secret)]);
    const { connection } = await testConnection(server.url);
    const bound = await coreV1(connection, { doing, signal: controller.signal });
    const other = await coreV1(connection, { doing });
    await expect(bound.readNamespacedSecret({ namespace: 'ci', name: 'x' })).rejects.toBe(reason);
    expect((await other.readNamespacedSecret({ namespace: 'ci', name: 'x' })).kind).toBe('Secret');
  });

  test.each([
    ['ci', '..'],
    ['ci', '.'],
    ['ci', ''],
    ['..', 'x'],
  ])('sends nothing for names that would lead out of the path (%j, %j)', async (namespace, name) => {
    const server = await startScriptedServer([]);
    const { connection } = await testConnection(server.url);
    const core = await coreV1(connection, { doing });
    const read = await core.readNamespacedSecret({ namespace, name }).catch((thrown: unknown) => thrown);
    expect(read).toBeInstanceOf(UsageError);
    expect(read).toMatchObject({
      reason: 'InvalidName',
      message: expect.stringContaining(`Cannot ${doing}: `) as unknown,
    });
    await expect(core.deleteNamespacedSecret({ namespace, name })).rejects.toThrow(UsageError);
    expect(server.requests).toEqual([]);
  });

  test('has the groups that ask and say what one may do', async () => {
    const server = await startScriptedServer([
      json(201, { kind: 'SelfSubjectAccessReview', status: { allowed: true } }),
      json(200, { kind: 'Role', rules: [] }),
    ]);
    const { connection } = await testConnection(server.url);
    const access = await (
      await authorizationV1(connection, { doing })
    ).createSelfSubjectAccessReview({ body: { spec: {} } });
    const role = await (
      await rbacAuthorizationV1(connection, { doing })
    ).readNamespacedRole({ namespace: 'ci', name: 'r' });
    expect([access.status?.allowed, role.rules]).toEqual([true, []]);
    expect(server.requests.map(({ path }) => path)).toEqual([
      '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      '/apis/rbac.authorization.k8s.io/v1/namespaces/ci/roles/r',
    ]);
  });
});
