import { describe, expect, test } from 'vitest';
import { UsageError } from '../../lib/model/errors.ts';
import { proxyVariable, refuseProxy } from '../../lib/transport/proxy.ts';
import { parseServerUrl } from '../../lib/transport/server-url.ts';

const proxy = 'http://jane:hunter2@proxy.test:3128';
const variableFor = (server: string, env: Record<string, string>) => proxyVariable(parseServerUrl(server), env);

test.each<[string, Record<string, string>, string | undefined]>([
  ['https://api.test:6443', {}, undefined],
  ['https://api.test:6443', { HTTPS_PROXY: '' }, undefined],
  ['https://api.test:6443', { HTTPS_PROXY: proxy }, 'HTTPS_PROXY'],
  ['https://api.test:6443', { https_proxy: proxy }, 'https_proxy'],
  ['https://api.test:6443', { HTTP_PROXY: proxy, ALL_PROXY: proxy }, undefined],
  ['http://api.test:8080', { HTTP_PROXY: proxy }, 'HTTP_PROXY'],
  ['http://api.test:8080', { HTTPS_PROXY: proxy }, undefined],
  ['https://localhost:6443', { HTTPS_PROXY: proxy }, undefined],
  ['https://127.0.0.1:6443', { HTTPS_PROXY: proxy }, undefined],
  ['https://127.8.9.1:6443', { HTTPS_PROXY: proxy }, undefined],
  ['https://[::1]:6443', { HTTPS_PROXY: proxy }, undefined],
])("proxyVariable() decides for %s with %j as Go's client does", (server, env, expected) => {
  expect(variableFor(server, env)).toBe(expected);
});

describe('NO_PROXY', () => {
  test.each<[server: string, entry: string, excepted: boolean]>([
    ['https://api.test:6443', '*', true],
    ['https://api.test:6443', 'api.test', true],
    ['https://api.test:6443', 'API.Test', true],
    ['https://api.test:6443', 'other.test, api.test', true],
    ['https://api.test:6443', 'test', true],
    ['https://api.test:6443', '.test', true],
    ['https://api.test:6443', '*.test', true],
    ['https://api.test:6443', '.api.test', false],
    ['https://api.test:6443', 'pi.test', false],
    ['https://api.test:6443', 'api.test:6443', true],
    ['https://api.test:6443', 'api.test:443', false],
    ['https://api.test', 'api.test:443', true],
    ['https://10.1.2.3:6443', '10.1.2.3', true],
    ['https://10.1.2.3:6443', '10.1.2.3:6443', true],
    ['https://10.1.2.3:6443', '10.1.2.3:443', false],
    ['https://10.1.2.3:6443', '10.1.0.0/16', true],
    ['https://10.2.2.3:6443', '10.1.0.0/16', false],
    ['https://10.1.2.3:6443', '10.1.0.0/99', false],
    ['https://10.1.2.3:6443', '2.3', false],
    ['https://[fd00::1]:6443', 'fd00::/8', true],
    ['https://[fd00::1]:6443', 'fd00::1', true],
    ['https://[fd00::1]:6443', '[fd00::1]:6443', true],
    ['https://[fd00::1]:6443', '10.0.0.0/8', false],
    ['https://api.test:6443', '10.0.0.0/8', false],
    ['https://api.test:6443', '', false],
    ['https://api.test:6443', ',', false],
  ])('for %s, "%s" excepts it: %s', (server, entry, excepted) => {
    expect(variableFor(server, { HTTPS_PROXY: proxy, NO_PROXY: entry })).toBe(excepted ? undefined : 'HTTPS_PROXY');
    expect(variableFor(server, { HTTPS_PROXY: proxy, no_proxy: entry })).toBe(excepted ? undefined : 'HTTPS_PROXY');
  });
});

describe('refuseProxy()', () => {
  const endpoint = { name: 'dev', server: 'https://api.test:6443', insecureSkipTlsVerify: false };
  const refused = (changes: object, env: Record<string, string>) => {
    try {
      return refuseProxy({ ...endpoint, ...changes }, env);
    } catch (error) {
      return error;
    }
  };

  test('names the variable and never its value, which may hold a password', () => {
    const error = refused({}, { HTTPS_PROXY: proxy });
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({
      message:
        'Cannot connect to https://api.test:6443 of cluster "dev": HTTPS_PROXY names a proxy, and this version cannot go through one',
      reason: 'ProxyNotSupported',
    });
  });

  test('names proxy-url, which counts for loopback servers and against NO_PROXY too', () => {
    const error = refused({ proxyUrl: proxy, server: 'https://127.0.0.1:6443' }, { NO_PROXY: '*' });
    expect(error).toMatchObject({
      message: expect.stringContaining('proxy-url of cluster "dev" names a proxy') as unknown,
    });
    expect((error as Error).message).not.toContain('hunter2');
  });

  test('lets a server through to which no proxy leads', () => {
    expect(refused({}, {})).toBeUndefined();
  });
});
