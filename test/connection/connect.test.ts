import { describe, expect, test } from 'vitest';
import { bearerIdentity } from '../../lib/auth/bearer.ts';
import { connect } from '../../lib/connection/connect.ts';
import { UsageError } from '../../lib/model/errors.ts';
import { BearerToken } from '../../lib/model/secret-text.ts';
import { type AccessChanges, accessTo, janesToken } from '../support/connect.ts';
import { testPlugin } from '../support/plugin.ts';

const server = 'https://api.test:6443';
const options = { env: {}, now: () => 0, random: () => 0 };
const exec = testPlugin({ command: 'aws' });

describe('connect()', () => {
  test('sends nothing before the first request', async () => {
    const connection = await connect(accessTo(server), options);
    expect(connection).toMatchObject({ access: { context: 'dev' }, trust: { source: 'certificate-authority-data' } });
    expect(connection.identity.description).toBe('user "jane"');
    connection.close();
  });

  test.each<[string, AccessChanges, Record<string, string>, string]>([
    [
      'NODE_TLS_REJECT_UNAUTHORIZED=0',
      {},
      { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
      'Cannot connect to cluster "dev-cluster": NODE_TLS_REJECT_UNAUTHORIZED=0 would let anybody answer in its place',
    ],
    [
      'a proxy variable that cannot be read',
      {},
      { https_proxy: 'http://jane:hunter2@pro xy' },
      'Cannot connect to https://api.test:6443 of cluster "dev-cluster": https_proxy is not the URL of a proxy',
    ],
    [
      'a proxy variable with a scheme that has no port',
      {},
      { HTTPS_PROXY: 'ftp://proxy.test' },
      'Cannot connect to https://api.test:6443 of cluster "dev-cluster": HTTPS_PROXY is not the URL of a proxy',
    ],
    [
      'HTTP_PROXY in a CGI script',
      { cluster: { server: 'http://api.test' } },
      { HTTP_PROXY: 'http://proxy.test', REQUEST_METHOD: 'GET' },
      'Cannot connect to http://api.test of cluster "dev-cluster": HTTP_PROXY names a proxy, and REQUEST_METHOD says that this is a CGI script',
    ],
    [
      'exec',
      { user: { exec } },
      {},
      'Cannot connect as user "jane": users["jane"].user.exec is set, and this version cannot run a credential plugin here',
    ],
    [
      'a CA that cannot be read',
      { cluster: { certificateAuthority: { data: 'x' } } },
      {},
      'Cannot use certificate-authority-data of cluster "dev-cluster": no certificate (PEM) can be read in it',
    ],
    [
      'a client certificate that cannot be read',
      { user: { clientCertificate: { data: 'x' } } },
      {},
      'Cannot use client-certificate-data of user "jane": it has no client-key',
    ],
  ])('refuses %s before anything is sent', async (_, changes, env, message) => {
    const error = await connect(accessTo(server, changes), { ...options, env }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({ message });
  });

  test('needs no usable user where it is given an identity', async () => {
    const identity = bearerIdentity(new BearerToken(janesToken), 'the token given');
    const connection = await connect(accessTo(server, { user: { exec } }), { ...options, identity });
    expect(connection.identity).toBe(identity);
    connection.close();
  });

  test('needs no usable user over plain http, where none is sent', async () => {
    const connection = await connect(accessTo('http://localhost:8080', { user: { exec } }), options);
    expect(connection).toMatchObject({ identity: { description: 'anonymous' }, trust: { source: 'none' } });
    connection.close();
  });

  test('impersonates over plain http too: what answers there may add the credential of somebody who may', async () => {
    const impersonate = { user: 'bob', groups: [], extra: {} };
    const connection = await connect(accessTo('http://localhost:8080', { user: { exec, impersonate } }), options);
    expect(await connection.identity.headers()).toEqual({ 'impersonate-user': 'bob' });
    connection.close();
  });
});
