import { inspect } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { UnreachableError } from '../../lib/model/errors.ts';
import { testConnection } from '../support/connect.ts';
import { type ProxyProtocol, startRecordingProxy } from '../support/recording-proxy.ts';
import {
  answer,
  closedPort,
  json,
  otherAuthority,
  startScriptedServer,
  startTcpServer,
  testAuthority,
} from '../support/scripted-server.ts';

const protocols: ProxyProtocol[] = ['http', 'https', 'socks5'];
const names = { dnsNames: ['api.test'], ipAddresses: ['fd00::1'] };
const certificate = testAuthority.issue({ commonName: 'kube-apiserver', usage: 'server', ...names });
const get = { method: 'GET', path: '/api', doing: 'ask' } as const;
const ok = json(200, { kind: 'APIVersions' });

async function failureOf(promise: Promise<unknown>): Promise<UnreachableError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UnreachableError);
  return error as UnreachableError;
}

describe.each(protocols)('through a proxy of %s', (protocol) => {
  test('TLS is with the server, by name or address, over one tunnel that is kept', async () => {
    const proxy = await startRecordingProxy(protocol, { login: 'jane:p@ss word' });
    for (const host of ['api.test', '[fd00::1]']) {
      const server = await startScriptedServer([ok, ok], { certificate });
      const { connection } = await testConnection(`https://${host}:${server.port}`, {
        options: { env: { HTTPS_PROXY: proxy.url('jane:p%40ss%20word') } },
      });
      for (const _ of [1, 2]) expect((await connection.send(get)).status).toBe(200);
      expect(server.connections).toBe(1);
      expect(server.requests[0]).toMatchObject({
        serverName: host === 'api.test' ? host : undefined,
        headers: { host: `${host}:${server.port}` },
      });
      expect(server.requests[0]?.head).not.toMatch(/proxy/iu);
      const [asked, ...more] = proxy.requests.slice(host === 'api.test' ? 0 : 1);
      expect(asked).toMatchObject({ method: 'CONNECT', target: `${host}:${server.port}`, login: 'jane:p@ss word' });
      expect(asked?.headers).not.toHaveProperty('authorization');
      expect(asked?.headers).not.toHaveProperty('connection');
      expect(more).toEqual([]);
    }
  });

  test.skipIf(protocol === 'https').each(['destroy', 'resetAndDestroy', 'end'] as const)(
    'a proxy that closes a tunnel as soon as it is open is told of at once: %s',
    async (close) => {
      const { port } = await startTcpServer((socket) => {
        const answers = protocol === 'http' ? ['HTTP/1.1 200 OK\r\n\r\n'] : ['\x05\0', '\x05\0\0\x01\0\0\0\0\0\0'];
        socket.on('data', () => {
          socket.write(answers.shift() ?? '', 'latin1', () => {
            if (answers.length === 0) socket[close]();
          });
        });
      });
      const { connection } = await testConnection('https://api.test:6443', {
        cluster: { proxyUrl: `${protocol}://127.0.0.1:${port}` },
      });
      expect(await failureOf(connection.send(get))).toMatchObject({ reason: 'ConnectionReset' });
    },
  );

  test('tls-server-name is what the server is verified for', async () => {
    const proxy = await startRecordingProxy(protocol, { certificate });
    const server = await startScriptedServer([ok], { certificate });
    const { connection } = await testConnection(`https://other.test:${server.port}`, {
      cluster: { proxyUrl: proxy.url(), tlsServerName: 'api.test' },
    });
    expect((await connection.send(get)).status).toBe(200);
    expect(proxy.requests[0]?.target).toBe(`other.test:${server.port}`);
    expect(server.requests[0]?.serverName).toBe('api.test');
  });

  test("a server that is not of the cluster's CA gets nothing", async () => {
    const proxy = await startRecordingProxy(protocol);
    const lying = otherAuthority.issue({ commonName: 'kube-apiserver', usage: 'server', ...names });
    const server = await startScriptedServer([ok], { certificate: lying });
    const { connection } = await testConnection(`https://api.test:${server.port}`, {
      cluster: { proxyUrl: proxy.url() },
    });
    const { message } = await failureOf(connection.send(get));
    expect(message).toBe(
      `Cannot trust https://api.test:${server.port} of cluster "dev-cluster" through proxy ${proxy.url()} (proxy-url of cluster "dev-cluster"): certificate-authority-data does not contain its authority (UNABLE_TO_GET_ISSUER_CERT_LOCALLY)`,
    );
    expect(server.requests).toEqual([]);
  });

  test('plain http goes without a credential', async () => {
    const proxy = await startRecordingProxy(protocol, { login: 'jane:hunter2' });
    const server = await startScriptedServer([ok], { certificate: false });
    const { connection } = await testConnection(`http://api.test:${server.port}/prefix`, {
      options: { env: { http_proxy: proxy.url('jane:hunter2') } },
      // an https proxy is verified by the system's roots there, which do not know it
      cluster: { certificateAuthority: undefined },
    });
    if (protocol === 'https') {
      expect((await failureOf(connection.send(get))).message).toMatch(/^Cannot trust proxy https:/u);
      return;
    }
    expect((await connection.send(get)).status).toBe(200);
    const isForwarded = protocol === 'http';
    expect(proxy.requests).toMatchObject([
      {
        method: isForwarded ? 'GET' : 'CONNECT',
        target: isForwarded ? `http://api.test:${server.port}/prefix/api` : `api.test:${server.port}`,
        login: 'jane:hunter2',
      },
    ]);
    expect(server.requests[0]).toMatchObject({ path: '/prefix/api', headers: { host: `api.test:${server.port}` } });
    expect(server.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  test('10 s are the limit for the proxy and TLS together', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const silent = await startTcpServer();
      const { connection } = await testConnection('https://api.test:6443', {
        cluster: { proxyUrl: `${protocol}://127.0.0.1:${silent.port}` },
      });
      const failed = failureOf(connection.send(get));
      await silent.connected;
      vi.advanceTimersByTime(10_000);
      expect(await failed).toMatchObject({
        reason: 'ConnectTimeout',
        message: `Cannot ask: proxy ${protocol}://127.0.0.1:${silent.port} (proxy-url of cluster "dev-cluster"), which should lead to https://api.test:6443 of context "dev", did not complete a connection within 10s`,
      });
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('a proxy that leads nowhere is told from the server, without its password:', () => {
  const target = 'which should lead to https://api.test:6443 of context "dev",';

  const login = /^Name and password .* were refused: /u;
  const notAllowed = /^Whoever runs the proxy has to allow this server and its port; .* NO_PROXY/u;
  const unreachable =
    /^Is the server running, and can its name be resolved and its port be reached from where the proxy/u;
  const noProxy = /^Is it a proxy, of the kind that its URL says/u;

  test.each<[string, ProxyProtocol, object, RegExp, RegExp]>([
    ['407', 'http', { login: 'x:y' }, /answers 407 Proxy Authentication Required$/u, login],
    [
      '403 with a text',
      'http',
      { refusal: '403 no\u001B[31m for hunter2' },
      /answers 403 no\\x1b\[31m for \[redacted\]$/u,
      notAllowed,
    ],
    ['201', 'http', { refusal: '201 Created' }, /answers 201 Created$/u, noProxy],
    [
      '302',
      'http',
      { refusal: '302 Found' },
      /answers 302 Found$/u,
      /^Is it a proxy, or the login page of a network\?/u,
    ],
    ['502', 'https', { refusal: '502 Bad Gateway' }, /answers 502 Bad Gateway$/u, unreachable],
    ['a wrong login', 'socks5', { login: 'x:y' }, /answers that the authentication failed$/u, login],
    ['a failure', 'socks5', { refusal: 1 }, /answers that it failed, without a reason$/u, unreachable],
    ['a rule', 'socks5', { refusal: 2 }, /answers that its rules do not allow this connection$/u, notAllowed],
    ['no network', 'socks5', { refusal: 3 }, /answers that the network of the server is unreachable$/u, unreachable],
    ['no host', 'socks5', { refusal: 4 }, /answers that the server is unreachable$/u, unreachable],
    ['a dead server', 'socks5', { refusal: 5 }, /answers that the server refuses connections$/u, unreachable],
    ['a long way', 'socks5', { refusal: 6 }, /answers that the server is too far away \(TTL expired\)$/u, unreachable],
    ['no connections', 'socks5', { refusal: 7 }, /answers that it makes no connections \(command not supp/u, noProxy],
    ['no such address', 'socks5', { refusal: 8 }, /answers that it takes no addresses of this kind$/u, noProxy],
    ['a reply that there is not', 'socks5', { refusal: 9 }, /answers with something that is not SOCKS5$/u, noProxy],
  ])('%s (%s)', async (_, protocol, options, ending, hint) => {
    const proxy = await startRecordingProxy(protocol, options);
    const { connection } = await testConnection('https://api.test:6443', {
      options: { env: { HTTPS_PROXY: proxy.url('jane:hunter2') } },
    });
    const error = await failureOf(connection.send(get));
    expect(error.message).toMatch(ending);
    expect(error.message).toContain(`Cannot ask: proxy ${proxy.url()} (HTTPS_PROXY), ${target} answers `);
    expect(error.reason).toBe(hint === login ? 'ProxyAuthenticationRequired' : 'ProxyRefused');
    expect(error.hint).toMatch(hint);
    expect(inspect(error, { depth: 9 })).not.toMatch(/hunter2/u);
  });

  test.each(['http', 'socks5'] as const)('a login that it wants and nobody gave (%s)', async (protocol) => {
    const proxy = await startRecordingProxy(protocol, { login: 'x:y' });
    const { connection } = await testConnection('https://api.test:6443', { cluster: { proxyUrl: proxy.url() } });
    expect(await failureOf(connection.send(get))).toMatchObject({
      reason: 'ProxyAuthenticationRequired',
      hint: "Name and password stand in the proxy's URL: http://NAME:PASSWORD@HOST:PORT",
    });
  });

  test('502 may pass, and is asked again', async () => {
    const proxy = await startRecordingProxy('http', { refusal: '502 Bad Gateway' });
    const { connection, told } = await testConnection('https://api.test:6443', { cluster: { proxyUrl: proxy.url() } });
    await failureOf(connection.send(get));
    expect(told.waits.length).toBeGreaterThan(0);
    expect(proxy.requests).toHaveLength(1 + told.waits.length);
  });

  test.each(protocols)('nobody listens there (%s)', async (protocol) => {
    const url = `${protocol}://127.0.0.1:${await closedPort()}`;
    const { connection } = await testConnection('https://api.test:6443', {
      options: { env: { HTTPS_PROXY: url.replace('//', '//jane:hunter2@') } },
    });
    expect((await failureOf(connection.send(get))).message).toBe(
      `Cannot ask: proxy ${url} (HTTPS_PROXY), ${target} refuses connections (ECONNREFUSED)`,
    );
  });

  test('it closes the connection, speaks something else, or no TLS', async () => {
    for (const [protocol, bytes, ending] of [
      ['http', '', /closed the connection without an answer \(ECONNRESET\)$/u],
      ['http', 'SSH-2.0-OpenSSH\r\n\r\n', /answers with something that is not HTTP \(HPE_/u],
      ['https', 'HTTP/1.1 400 Bad Request\r\n\r\n', /does not speak TLS \(/u],
      ['socks5', '', /closed the connection without an answer \(ECONNRESET\)$/u],
      ['socks5', 'HTTP/1.1 400 Bad Request\r\n\r\n', /answers with something that is not SOCKS5$/u],
    ] as const) {
      const { port } = await startTcpServer(bytes);
      const { connection } = await testConnection('https://api.test:6443', {
        cluster: { proxyUrl: `${protocol}://127.0.0.1:${port}` },
      });
      expect((await failureOf(connection.send(get))).message).toMatch(ending);
    }
  });
});

describe('a proxy that speaks TLS', () => {
  test('is verified against the CA of the cluster before it is told anything', async () => {
    const lying = otherAuthority.issue({ commonName: 'proxy', usage: 'server', ipAddresses: ['127.0.0.1'] });
    const proxy = await startRecordingProxy('https', { certificate: lying });
    const { connection } = await testConnection('https://api.test:6443', {
      options: { env: { HTTPS_PROXY: proxy.url('jane:hunter2') } },
    });
    expect((await failureOf(connection.send(get))).message).toBe(
      `Cannot trust proxy ${proxy.url()} (HTTPS_PROXY): certificate-authority-data does not contain its authority (UNABLE_TO_GET_ISSUER_CERT_LOCALLY)`,
    );
    expect(proxy.requests).toEqual([]);
  });
});

test('NO_PROXY leads around the proxy of the environment, not around proxy-url', async () => {
  const proxy = await startRecordingProxy('http');
  const server = await startScriptedServer([ok, ok], {});
  const env = { HTTPS_PROXY: proxy.url(), NO_PROXY: '*' };
  const direct = await testConnection(server.url, { options: { env } });
  await direct.connection.send(get);
  expect(proxy.requests).toEqual([]);
  const proxied = await testConnection(server.url, { options: { env }, cluster: { proxyUrl: proxy.url() } });
  await proxied.connection.send(get);
  expect(proxy.requests).toHaveLength(1);
});

test('another identity of the same server goes by the same proxy', async () => {
  const proxy = await startRecordingProxy('http');
  const server = await startScriptedServer([answer(200, '{}'), answer(200, '{}')], { certificate });
  const { connection } = await testConnection(`https://api.test:${server.port}`, {
    cluster: { proxyUrl: proxy.url() },
  });
  const other = connection.withIdentity(connection.identity);
  await other.send(get);
  other.close();
  expect(proxy.requests).toHaveLength(1);
});
