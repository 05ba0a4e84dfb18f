import { afterEach, describe, expect, test, vi } from 'vitest';
import { bearerIdentity } from '../../lib/auth/bearer.ts';
import type { ApiRequest } from '../../lib/connection/connection.ts';
import { UnreachableError } from '../../lib/model/errors.ts';
import { BearerToken, SecretText } from '../../lib/model/secret-text.ts';
import { version } from '../../lib/model/version.ts';
import { trustOfPem } from '../../lib/transport/trust.ts';
import { janesToken, testConnection } from '../support/connect.ts';
import {
  answer,
  answerHead,
  json,
  type ScriptedStep,
  startScriptedServer,
  testAuthority,
} from '../support/scripted-server.ts';

const ok = json(200, { kind: 'Namespace', metadata: { name: 'ci' } });
const get: ApiRequest = { method: 'GET', path: '/api/v1/namespaces/ci', doing: 'read Namespace "ci"' };

afterEach(() => void vi.useRealTimers());

describe('send()', () => {
  test('sends one credential, the kind of answer that it wants, and who we are', async () => {
    const server = await startScriptedServer([ok]);
    const { connection } = await testConnection(server.url);
    await connection.send(get);
    expect(server.requests[0]?.head.split('\r\n')).toEqual([
      'GET /api/v1/namespaces/ci HTTP/1.1',
      `host: 127.0.0.1:${server.port}`,
      'accept: application/json',
      `user-agent: kube-sa-token/${version}`,
      `authorization: Bearer ${janesToken}`,
      'Connection: keep-alive',
    ]);
  });

  test('sends a body with its length in bytes and its type', async () => {
    const server = await startScriptedServer([ok]);
    const { connection } = await testConnection(server.url);
    await connection.send({ ...get, method: 'POST', body: '{"city":"Zürich"}', contentType: 'application/json' });
    expect(server.requests[0]).toMatchObject({
      body: '{"city":"Zürich"}',
      headers: { 'content-type': 'application/json', 'content-length': '18' },
    });
  });

  test('adds a query to that of the path', async () => {
    const server = await startScriptedServer([ok, ok, ok]);
    const { connection } = await testConnection(server.url);
    await connection.send({
      ...get,
      path: '/a',
      query: { fieldSelector: 'metadata.name=x', limit: 1, continue: undefined },
    });
    await connection.send({ ...get, path: '/a?b=1', query: { watch: true } });
    await connection.send({ ...get, path: '/a?b=1', query: {} });
    expect(server.requests.map(({ path }) => path)).toEqual([
      '/a?fieldSelector=metadata.name%3Dx&limit=1',
      '/a?b=1&watch=true',
      '/a?b=1',
    ]);
  });

  test('takes headers, but no identity from them', async () => {
    const server = await startScriptedServer([ok]);
    const { connection } = await testConnection(server.url);
    const headers = {
      'X-Trace': '1',
      Authorization: 'Bearer evil',
      'Impersonate-User': 'root',
      'impersonate-extra-a': 'b',
    };
    await connection.send({ ...get, headers });
    expect(server.requests[0]?.headers).toMatchObject({ 'x-trace': '1', authorization: `Bearer ${janesToken}` });
    expect(server.requests[0]?.head).not.toMatch(/evil|impersonate/iu);
  });

  test('stays anonymous where it is, whatever headers say', async () => {
    const server = await startScriptedServer([ok]);
    const { connection } = await testConnection(server.url, { user: {} });
    await connection.send({ ...get, headers: { authorization: 'Bearer evil' } });
    expect(connection.identity.description).toBe('anonymous');
    expect(server.requests[0]?.headers['authorization']).toBeUndefined();
  });

  test('sends what authenticates together with a client certificate', async () => {
    const { certPem, keyPem } = testAuthority.issue({ commonName: 'jane', usage: 'client' });
    const server = await startScriptedServer([ok]);
    const user = {
      clientCertificate: { data: certPem },
      clientKey: { data: new SecretText(keyPem) },
      username: 'jane',
    };
    const { connection } = await testConnection(server.url, { user });
    await connection.send(get);
    expect(server.requests[0]).toMatchObject({ clientName: 'jane', headers: { authorization: 'Basic amFuZTo=' } });
  });

  test('answers with status, headers, text and value', async () => {
    const server = await startScriptedServer([
      json(201, { a: 1 }, { Date: 'Tue, 24 Nov 2026 12:00:00 GMT', 'Audit-Id': 'x' }),
    ]);
    const { connection } = await testConnection(server.url);
    const answered = await connection.send(get);
    expect(answered).toMatchObject({ status: 201, text: '{"a":1}', headers: { 'audit-id': 'x' }, warnings: [] });
    expect(answered.json()).toEqual({ a: 1 });
  });

  test('wants no JSON where something else was asked for, or nothing comes', async () => {
    const server = await startScriptedServer([answer(200, 'ok'), answer(200), answer(204)]);
    const { connection } = await testConnection(server.url);
    expect((await connection.send({ ...get, accept: 'text/plain' })).text).toBe('ok');
    expect((await connection.send({ ...get, method: 'HEAD' })).text).toBe('');
    expect((await connection.send({ ...get, method: 'DELETE' })).text).toBe('');
  });

  test('tells each exchange, and each warning once', async () => {
    const warned = { Warning: '299 - "v1 is old", 299 - "unknown field \\"x\\""' };
    const server = await startScriptedServer([
      json(200, {}, warned),
      json(200, {}, { Warning: '299 - "v1 is old"' }),
      answer(404),
    ]);
    let clock = 0;
    const { connection, told } = await testConnection(server.url, { options: { now: () => (clock += 5) } });
    await connection.send({ ...get, query: { limit: 1 } });
    await connection.send(get);
    await connection.send(get).catch(() => undefined);
    expect(told.warnings).toEqual(['v1 is old', 'unknown field "x"']);
    const sentAs = { identity: 'user "jane"', authorization: 'Bearer' };
    expect(told.exchanges).toEqual([
      {
        ...sentAs,
        method: 'GET',
        path: '/api/v1/namespaces/ci?limit=1',
        status: 200,
        ms: 5,
        warnings: ['v1 is old', 'unknown field "x"'],
      },
      { ...sentAs, method: 'GET', path: '/api/v1/namespaces/ci', status: 200, ms: 5, warnings: ['v1 is old'] },
      { ...sentAs, method: 'GET', path: '/api/v1/namespaces/ci', status: 404, ms: 5, warnings: [] },
    ]);
  });

  test('sends a sequence over one connection', async () => {
    const server = await startScriptedServer([ok, ok, ok]);
    const { connection } = await testConnection(server.url);
    for (let count = 0; count < 3; count++) await connection.send(get);
    expect(server.connections).toBe(1);
  });

  test('throws the reason of a signal, before and while it waits', async () => {
    const reason = new UnreachableError('Cannot go on', { reason: 'Test' });
    const controller = new AbortController();
    const server = await startScriptedServer([() => controller.abort(reason)]);
    const { connection } = await testConnection(server.url);
    await expect(connection.send({ ...get, signal: controller.signal })).rejects.toBe(reason);
    await expect(connection.send({ ...get, signal: controller.signal })).rejects.toBe(reason);
    expect(server.requests).toHaveLength(1);
  });

  test('leaves nothing on a signal that many requests share', async () => {
    const { signal } = new AbortController();
    const [added, removed] = [vi.spyOn(signal, 'addEventListener'), vi.spyOn(signal, 'removeEventListener')];
    const server = await startScriptedServer([ok, ok, ok]);
    const { connection } = await testConnection(server.url);
    for (let count = 0; count < 3; count++) await connection.send({ ...get, signal });
    expect(removed.mock.calls.length).toBe(added.mock.calls.length);
  });
});

describe('a time limit', () => {
  /** Answers the head, and the clock strikes. */
  const slow: ScriptedStep = async ({ write }) => {
    await write(answerHead(200, { 'Content-Length': '10' }));
    vi.advanceTimersByTime(5000);
  };

  test.each<[string, Partial<ApiRequest>, number | undefined, string, string | undefined]>([
    ['--request-timeout', {}, 5000, '5s', 'A longer --request-timeout may do'],
    ['the request itself', { timeoutMs: 4000 }, undefined, '4s', undefined],
    ['the smaller of both', { timeoutMs: 4000 }, 5000, '4s', undefined],
    ['the smaller of both', { timeoutMs: 60_000 }, 5000, '5s', 'A longer --request-timeout may do'],
  ])('of %s counts until the body is there', async (_, changes, requestTimeoutMs, limit, hint) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const server = await startScriptedServer([slow]);
    const { connection } = await testConnection(server.url, { options: { requestTimeoutMs } });
    const error = await connection.send({ ...get, ...changes }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnreachableError);
    expect(error).toMatchObject({
      reason: 'RequestTimeout',
      message: `Cannot read Namespace "ci": ${server.url} of context "dev" gave no answer within ${limit}`,
      hint,
    });
  });

  test('of 0 is none', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const server = await startScriptedServer([
      async ({ write }) => {
        vi.advanceTimersByTime(86_400_000);
        await write(ok);
      },
    ]);
    const { connection } = await testConnection(server.url, { options: { requestTimeoutMs: 0 } });
    expect((await connection.send(get)).status).toBe(200);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('withIdentity()', () => {
  test('goes to the same server over a connection of its own, with nothing of the first identity', async () => {
    const { certPem, keyPem } = testAuthority.issue({ commonName: 'jane', usage: 'client' });
    const server = await startScriptedServer([ok, ok, ok]);
    const user = { clientCertificate: { data: certPem }, clientKey: { data: new SecretText(keyPem) } };
    const { connection } = await testConnection(`${server.url}/prefix`, { user });
    const bearer = connection.withIdentity(bearerIdentity(new BearerToken('new-token'), 'the new token'));
    await connection.send(get);
    await bearer.send(get);
    await bearer.send(get);
    bearer.close();
    expect(bearer.identity.description).toBe('the new token');
    expect(
      server.requests.map(({ clientName, connection: number, headers, path }) => [
        number,
        clientName,
        headers['authorization'],
        path,
      ]),
    ).toEqual([
      [0, 'jane', undefined, '/prefix/api/v1/namespaces/ci'],
      [1, undefined, 'Bearer new-token', '/prefix/api/v1/namespaces/ci'],
      [1, undefined, 'Bearer new-token', '/prefix/api/v1/namespaces/ci'],
    ]);
  });

  test('verifies with the trust that it is given: an untrusted server gets nothing', async () => {
    const server = await startScriptedServer([ok]);
    const { connection } = await testConnection(server.url);
    const trust = { ...connection.trust, source: 'token-secret', roots: [] } as const;
    const bearer = connection.withIdentity(bearerIdentity(new BearerToken('new-token')), trust);
    await expect(bearer.send(get)).rejects.toMatchObject({ reason: 'CertificateNotTrusted' });
    bearer.close();
    expect(server.requests).toHaveLength(0);
  });
});

describe('over plain http', () => {
  test('no credential is sent, whichever is asked for, and that is said', async () => {
    const server = await startScriptedServer([ok, ok], { certificate: false });
    const { connection, told } = await testConnection(server.url);
    await connection.send(get);
    const trust = trustOfPem(testAuthority.certPem, 'token-secret');
    const bearer = connection.withIdentity(bearerIdentity(new BearerToken('new-token')), trust);
    await bearer.send(get);
    bearer.close();
    expect([connection, bearer].map(({ identity }) => identity.description)).toEqual(['anonymous', 'anonymous']);
    expect(server.requests.map(({ headers }) => headers['authorization'])).toEqual([undefined, undefined]);
    expect(told.notes).toEqual([`${server.url} is plain http: no credential is sent to it`]);
  });
});
