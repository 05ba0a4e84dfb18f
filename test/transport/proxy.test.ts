import { describe, expect, test } from 'vitest';
import { proxyVariable } from '../../lib/transport/proxy.ts';

const proxy = 'http://jane:hunter2@proxy.test:3128';
const variableFor = (server: string, env: Record<string, string>) => proxyVariable(server, env);

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
