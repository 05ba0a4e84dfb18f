import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { SecretText } from '../../lib/model/secret-text.ts';
import type { RawRequest } from '../../lib/transport/exchange.ts';
import { createTransport, type Transport, type TransportOptions } from '../../lib/transport/transport.ts';
import { trustOfPem } from '../../lib/transport/trust.ts';
import {
  answer,
  answerHead,
  closedPort,
  json,
  otherAuthority,
  startScriptedServer,
  startTcpServer,
  testAuthority,
} from '../support/scripted-server.ts';
import { until } from '../support/until.ts';

const trust = trustOfPem(testAuthority.certPem, 'certificate-authority-data');
const get = (path: string): RawRequest => ({ method: 'GET', path, headers: {}, replayable: true });
const ok = answer(200, 'ok');

async function transportTo(server: string, options: Partial<TransportOptions> = {}): Promise<Transport> {
  const transport = await createTransport({ server, trust, ...options });
  onTestFinished(() => transport.close());
  return transport;
}

async function exchange(transport: Transport, request: RawRequest): Promise<string> {
  const { body } = await transport.exchange(request);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('a transport', () => {
  test('sends a sequence of requests over one connection', async () => {
    const server = await startScriptedServer([ok, ok, ok]);
    const transport = await transportTo(server.url);
    for (const path of ['/a', '/b', '/c']) await exchange(transport, get(path));
    expect(server.requests.map(({ path }) => path)).toEqual(['/a', '/b', '/c']);
    expect(server.connections).toBe(1);
  });

  test('keeps no connection after the requests that run when another takes its place', async () => {
    let arrived = () => {};
    const arrival = new Promise<void>((resolve) => (arrived = resolve));
    let finish = () => {};
    const finished = new Promise<void>((resolve) => (finish = resolve));
    let closed: Promise<void> | undefined;
    const server = await startScriptedServer([
      async (exchanged) => {
        closed = exchanged.closed;
        arrived();
        await finished;
        await exchanged.write(ok);
      },
    ]);
    const transport = await transportTo(server.url);
    const running = exchange(transport, get('/'));
    await arrival;
    transport.retire();
    finish();
    expect(await running).toBe('ok');
    await closed;
  });

  test("keeps the server's own path", async () => {
    const server = await startScriptedServer([ok]);
    await exchange(await transportTo(`${server.url}/k8s/clusters/c-1/`), get('/api/v1?limit=1'));
    expect(server.requests[0]?.path).toBe('/k8s/clusters/c-1/api/v1?limit=1');
  });

  test('sends what the URL calls the server as Host, and its name in the handshake', async () => {
    const server = await startScriptedServer([ok]);
    await exchange(await transportTo(`https://localhost:${server.port}`), get('/'));
    expect(server.requests[0]).toMatchObject({
      serverName: 'localhost',
      headers: { host: `localhost:${server.port}` },
    });
  });

  test('sends no server name for an address', async () => {
    const server = await startScriptedServer([ok]);
    await exchange(await transportTo(server.url), get('/'));
    expect(server.requests[0]?.serverName).toBeUndefined();
  });

  test('reaches an IPv6 address', async () => {
    const server = await startScriptedServer([ok], { host: '::1' });
    expect(await exchange(await transportTo(server.url), get('/'))).toBe('ok');
    expect(server.requests[0]).toMatchObject({ serverName: undefined, headers: { host: `[::1]:${server.port}` } });
  });

  test('sends and verifies tlsServerName in place of the host', async () => {
    const certificate = testAuthority.issue({ commonName: 'x', usage: 'server', dnsNames: ['kubernetes.default.svc'] });
    const server = await startScriptedServer([ok], { certificate });
    const transport = await transportTo(server.url, { tlsServerName: 'kubernetes.default.svc' });
    expect(await exchange(transport, get('/'))).toBe('ok');
    expect(server.requests[0]).toMatchObject({
      serverName: 'kubernetes.default.svc',
      headers: { host: `127.0.0.1:${server.port}` },
    });
    await expect(
      exchange(await transportTo(server.url, { tlsServerName: 'other.svc' }), get('/')),
    ).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
      expectedName: 'other.svc',
    });
  });

  test('verifies a tlsServerName that is an address, and does not send it', async () => {
    const certificate = testAuthority.issue({ commonName: 'x', usage: 'server', ipAddresses: ['10.96.0.1'] });
    const server = await startScriptedServer([ok], { certificate });
    expect(await exchange(await transportTo(server.url, { tlsServerName: '10.96.0.1' }), get('/'))).toBe('ok');
    expect(server.requests[0]?.serverName).toBeUndefined();
  });

  test('presents a client certificate', async () => {
    const server = await startScriptedServer([ok], { requireClientCertificate: true });
    const { certPem, keyPem } = testAuthority.issue({ commonName: 'jane', usage: 'client' });
    const clientCertificate = { certPem, keyPem: new SecretText(keyPem) };
    expect(await exchange(await transportTo(server.url, { clientCertificate }), get('/'))).toBe('ok');
    expect(server.requests[0]?.clientName).toBe('jane');
  });

  test('trusts a certificate of its CA that is no root, as Go does', async () => {
    const intermediate = testAuthority.issueAuthority('intermediate-ca');
    const leaf = intermediate.issue({ commonName: 'x', usage: 'server', ipAddresses: ['127.0.0.1'] });
    const server = await startScriptedServer([ok], { certificate: leaf });
    const transport = await transportTo(server.url, {
      trust: trustOfPem(intermediate.certPem, 'certificate-authority'),
    });
    expect(await exchange(transport, get('/'))).toBe('ok');
  });

  test('speaks plain http to a server without TLS', async () => {
    const server = await startScriptedServer([ok], { certificate: false });
    expect(await exchange(await transportTo(server.url), get('/'))).toBe('ok');
  });

  test('gives the head of an answer before its body is there, joining headers that come twice', async () => {
    let finish: (() => void) | undefined;
    const mayEnd = new Promise<void>((resolve) => (finish = resolve));
    const head = answerHead(207, { 'Content-Length': '4', Warning: '299 - "a"' }).replace(
      '\r\n\r\n',
      '\r\nWarning: 299 - "b"\r\n\r\n',
    );
    const server = await startScriptedServer([
      async ({ write }) => {
        await write(`${head}ab`);
        await mayEnd;
        await write('cd');
      },
    ]);
    const response = await (await transportTo(server.url)).exchange(get('/'));
    expect(response).toMatchObject({ status: 207, headers: { warning: '299 - "a", 299 - "b"' } });
    finish?.();
    const chunks: Uint8Array[] = [];
    for await (const chunk of response.body) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('abcd');
  });

  test('does not follow a redirect', async () => {
    const server = await startScriptedServer([answer(302, '', { Location: '/elsewhere' }), ok]);
    expect((await (await transportTo(server.url)).exchange(get('/'))).status).toBe(302);
    expect(server.requests).toHaveLength(1);
  });
});

describe('an idle connection that the server has closed', () => {
  test('is replaced without a word for a request that may be sent twice', async () => {
    const server = await startScriptedServer([ok, ({ reset }) => reset(), ok]);
    const transport = await transportTo(server.url);
    await exchange(transport, get('/first'));
    expect(await exchange(transport, get('/second'))).toBe('ok');
    expect(server.requests.map(({ path, connection }) => `${path} ${connection}`)).toEqual([
      '/first 0',
      '/second 0',
      '/second 1',
    ]);
  });

  test('is a failure for a request that may not', async () => {
    const server = await startScriptedServer([ok, ({ reset }) => reset(), ok]);
    const transport = await transportTo(server.url);
    await exchange(transport, get('/first'));
    const post: RawRequest = { method: 'POST', path: '/second', headers: {}, body: '{}', replayable: false };
    await expect(exchange(transport, post)).rejects.toMatchObject({
      code: 'ECONNRESET',
      stage: 'request',
      reused: true,
    });
    expect(server.requests).toHaveLength(2);
  });

  test('is tried afresh once and not again', async () => {
    const server = await startScriptedServer([ok, ({ reset }) => reset(), ({ reset }) => reset(), ok]);
    const transport = await transportTo(server.url);
    await exchange(transport, get('/first'));
    await expect(exchange(transport, get('/second'))).rejects.toMatchObject({ code: 'ECONNRESET', reused: false });
    expect(server.requests).toHaveLength(3);
  });
});

describe('a request that fails', () => {
  test('for want of a connection has sent nothing', async () => {
    const transport = await transportTo(`https://127.0.0.1:${await closedPort()}`);
    await expect(exchange(transport, get('/'))).rejects.toMatchObject({ code: 'ECONNREFUSED', stage: 'connect' });
  });

  test('in the handshake has sent nothing', async () => {
    const server = await startTcpServer('');
    const transport = await transportTo(`https://127.0.0.1:${server.port}`);
    await expect(exchange(transport, get('/'))).rejects.toMatchObject({ code: 'ECONNRESET', stage: 'connect' });
  });

  test('after it was sent may have been executed', async () => {
    const server = await startScriptedServer([({ reset }) => reset()]);
    await expect(exchange(await transportTo(server.url), get('/'))).rejects.toMatchObject({
      code: 'ECONNRESET',
      stage: 'request',
    });
  });

  test.each<[string, (exchange: { end(): void; reset(): void }) => void]>([
    ['an orderly end', ({ end }) => end()],
    ['a reset', ({ reset }) => reset()],
  ])('in the middle of the body by %s says so', async (_, finish) => {
    const server = await startScriptedServer([
      async (step) => {
        await step.write(`${answerHead(200, { 'Content-Length': '100' })}{"kind"`);
        finish(step);
      },
    ]);
    await expect(exchange(await transportTo(server.url), get('/'))).rejects.toMatchObject({
      code: 'ECONNRESET',
      stage: 'body',
    });
  });
});

describe('the limit of 10 s for connecting', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  test('ends a handshake that the server never completes', async () => {
    const server = await startTcpServer();
    const transport = await transportTo(`https://127.0.0.1:${server.port}`);
    const failed = vi.fn<(error: unknown) => void>();
    const pending = exchange(transport, get('/')).catch(failed);
    await server.connected;
    vi.advanceTimersByTime(9999);
    await new Promise(setImmediate);
    expect(failed).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    await pending;
    expect(failed.mock.calls[0]?.[0]).toMatchObject({ code: 'CONNECT_TIMEOUT', stage: 'connect' });
  });

  test('does not cut an answer that is slow', async () => {
    const server = await startScriptedServer([
      async ({ write }) => {
        vi.advanceTimersByTime(60_000);
        await write(ok);
      },
    ]);
    expect(await exchange(await transportTo(server.url), get('/'))).toBe('ok');
  });
});

describe('an end from our side', () => {
  test('by a signal throws its reason, before and after the head', async () => {
    const controller = new AbortController();
    const server = await startScriptedServer([
      () => controller.abort(new Error('no longer needed')),
      async ({ write }) => write(`${answerHead(200, { 'Content-Length': '4' })}ab`),
    ]);
    const transport = await transportTo(server.url);
    await expect(exchange(transport, { ...get('/'), signal: controller.signal })).rejects.toThrow('no longer needed');

    const later = new AbortController();
    const { body } = await transport.exchange({ ...get('/'), signal: later.signal });
    const read = (async () => {
      for await (const chunk of body) if (chunk.length > 0) later.abort(new Error('seen enough'));
    })();
    await expect(read).rejects.toThrow('seen enough');
  });

  test('by close() ends a handshake that is under way', async () => {
    const server = await startTcpServer();
    const transport = await transportTo(`https://127.0.0.1:${server.port}`);
    const pending = exchange(transport, get('/'));
    await server.connected;
    transport.close();
    await expect(pending).rejects.toMatchObject({ stage: 'connect' });
  });

  test('by discard() closes the connection', async () => {
    let closed: Promise<void> | undefined;
    const server = await startScriptedServer([
      async (step) => {
        ({ closed } = step);
        await step.write(answerHead(200, { 'Content-Length': '1000000' }));
      },
    ]);
    (await (await transportTo(server.url)).exchange(get('/'))).discard();
    await closed;
    expect(server.requests).toHaveLength(1);
  });
});

test('a server that speaks no TLS from 1.2 on is refused', async () => {
  const server = await startScriptedServer([json(200, {})], { maxVersion: 'TLSv1.1' });
  await expect(exchange(await transportTo(server.url), get('/'))).rejects.toMatchObject({ stage: 'connect' });
  expect(server.requests).toHaveLength(0);
});

describe('prepare()', () => {
  test('opens the connection that the next request goes out on', async () => {
    const server = await startScriptedServer([ok]);
    const transport = await transportTo(server.url);
    transport.prepare();
    await until('the connection', () => Promise.resolve(server.connections === 1 || undefined));
    expect(server.requests).toEqual([]);
    await exchange(transport, get('/a'));
    expect(server.connections).toBe(1);
  });

  test('opens one connection, however often it is asked', async () => {
    const server = await startScriptedServer([ok]);
    const transport = await transportTo(server.url);
    transport.prepare();
    transport.prepare();
    await exchange(transport, get('/a'));
    expect(server.connections).toBe(1);
  });

  test('leaves it to the request to tell what fails', async () => {
    const transport = await transportTo(`https://127.0.0.1:${await closedPort()}`);
    transport.prepare();
    await expect(exchange(transport, get('/a'))).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('trusts no other server than a request does', async () => {
    const server = await startScriptedServer([ok]);
    const other = trustOfPem(otherAuthority.certPem, 'certificate-authority-data');
    const transport = await transportTo(server.url, { trust: other });
    transport.prepare();
    await expect(exchange(transport, get('/a'))).rejects.toMatchObject({ name: 'TransportError' });
    expect(server.requests).toEqual([]);
  });
});
