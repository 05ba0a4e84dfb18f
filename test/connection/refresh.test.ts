import { describe, expect, test } from 'vitest';
import type { Identity } from '../../lib/auth/identity.ts';
import { CredentialError, DeniedError } from '../../lib/model/errors.ts';
import { SecretText } from '../../lib/model/secret-text.ts';
import { testConnection } from '../support/connect.ts';
import { answer, failure, json, startScriptedServer, testAuthority } from '../support/scripted-server.ts';

const unauthorized = failure(401, 'Unauthorized', 'Unauthorized');
const request = { method: 'POST', path: '/api/v1/things', body: '{}', contentType: 'application/json', doing: 'test' };

/** An identity whose token is another one after each refresh, until there are no more. */
function renewing(tokens: readonly string[]): Identity & { readonly refreshed: number } {
  let used = 0;
  return {
    description: 'user "jane"',
    get refreshed() {
      return used;
    },
    headers: () => Promise.resolve({ authorization: `Bearer ${tokens[Math.min(used, tokens.length - 1)] ?? ''}` }),
    clientCertificate: () => Promise.resolve(undefined),
    refresh: () => Promise.resolve(++used < tokens.length),
  };
}

describe('a connection whose credential is refused (401)', () => {
  test('sends the request once more with a new one, a body too', async () => {
    const server = await startScriptedServer([unauthorized, json(201, { kind: 'Thing' })]);
    const { connection } = await testConnection(server.url, { options: { identity: renewing(['old', 'new']) } });
    expect(await connection.send({ ...request, retry: 'never' })).toMatchObject({ status: 201 });
    expect(server.requests.map(({ body, headers }) => [headers['authorization'], body])).toEqual([
      ['Bearer old', '{}'],
      ['Bearer new', '{}'],
    ]);
  });

  test('sends it no third time', async () => {
    const server = await startScriptedServer([unauthorized, unauthorized]);
    const identity = renewing(['old', 'new', 'newer']);
    const { connection } = await testConnection(server.url, { options: { identity } });
    await expect(connection.send(request)).rejects.toThrow(DeniedError);
    expect(server.requests).toHaveLength(2);
    expect(identity.refreshed).toBe(1);
  });

  test('sends nothing again where there is no other one, and gives the answer itself to open()', async () => {
    const server = await startScriptedServer([unauthorized]);
    const { connection } = await testConnection(server.url, { options: { identity: renewing(['only']) } });
    const opened = await connection.open(request);
    expect(opened.status).toBe(401);
    const chunks: Uint8Array[] = [];
    for await (const chunk of opened.body) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toContain('"reason":"Unauthorized"');
    expect(server.requests).toHaveLength(1);
  });

  test('keeps to the refusal where getting another one fails, and notes why', async () => {
    const server = await startScriptedServer([unauthorized]);
    const identity: Identity = {
      ...renewing(['old']),
      refresh: () => Promise.reject(new CredentialError('Cannot get one', { reason: 'PluginFailed' })),
    };
    const { connection, told } = await testConnection(server.url, { options: { identity } });
    await expect(connection.send(request)).rejects.toThrow(DeniedError);
    expect(told.notes).toEqual(['Cannot get one']);
  });

  test('does not ask for another one after a 403', async () => {
    const server = await startScriptedServer([failure(403, 'Forbidden', 'no')]);
    const identity = renewing(['old', 'new']);
    const { connection } = await testConnection(server.url, { options: { identity } });
    await expect(connection.send(request)).rejects.toThrow(DeniedError);
    expect(identity.refreshed).toBe(0);
  });
});

test('a connection connects anew when the client certificate is another one, and lets what runs end', async () => {
  const certificates = ['jane', 'joan'].map((commonName) => {
    const { certPem, keyPem } = testAuthority.issue({ commonName, usage: 'client' });
    return { certPem, keyPem: new SecretText(keyPem) };
  });
  let used = 0;
  const identity: Identity = {
    description: 'user "jane"',
    headers: () => Promise.resolve({}),
    clientCertificate: () => Promise.resolve(certificates[used]),
  };
  let finish: (() => void) | undefined;
  const server = await startScriptedServer([
    answer(200),
    async ({ write }) => {
      await write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab');
      await new Promise<void>((resolve) => (finish = resolve));
      await write('cd');
    },
    answer(200),
    answer(200),
  ]);
  const { connection } = await testConnection(server.url, { options: { identity } });
  const get = { method: 'GET', path: '/', doing: 'test', accept: '*/*' };
  await connection.send(get);
  const slow = await connection.open(get);
  used = 1;
  await connection.send(get);
  await connection.send(get);
  finish?.();
  let text = '';
  for await (const chunk of slow.body) text += Buffer.from(chunk).toString();
  expect(text).toBe('abcd');
  expect(server.requests.map(({ clientName, connection: number }) => [clientName, number])).toEqual([
    ['jane', 0],
    ['jane', 0],
    ['joan', 1],
    ['joan', 1],
  ]);
});
