import { once } from 'node:events';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import { join, type ProxyRequest, type ProxyWork, type RecordingProxyOptions } from './proxy-work.ts';
import { testAuthority } from './scripted-server.ts';
import { serveSocks } from './socks-server.ts';

export type ProxyProtocol = 'http' | 'https' | 'socks5';

export interface RecordingProxy {
  readonly port: number;
  /** With `name:password@`, if given. */
  url(login?: string): string;
  readonly requests: readonly ProxyRequest[];
}

/**
 * Starts a proxy on a loopback port. Whatever host it is asked for, it leads to that port of 127.0.0.1 by default, so
 * that tests can use names that nobody resolves. It ends with the test that started it.
 */
export async function startRecordingProxy(
  protocol: ProxyProtocol,
  options: RecordingProxyOptions = {},
): Promise<RecordingProxy> {
  const requests: ProxyRequest[] = [];
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    return socket;
  };
  const reach = (host: string, port: number) =>
    keep(connect({ host: options.leadsThere === true ? host.replace(/^\[(.*)\]$/u, '$1') : '127.0.0.1', port }));
  const serve = (socket: Socket) => {
    keep(socket);
    const record = (request: Omit<ProxyRequest, 'serverName' | 'clientName'>) =>
      requests.push({ ...request, ...peerOf(socket) });
    if (protocol === 'socks5') serveSocks(socket, { ...options, reach, record });
    else serveHttp(socket, { ...options, reach, record });
  };
  const { certificate = testAuthority.issue({ commonName: 'proxy', usage: 'server', ipAddresses: ['127.0.0.1'] }) } =
    options;
  const server =
    protocol === 'https'
      ? createTlsServer(
          { cert: certificate.certPem, key: certificate.keyPem, requestCert: true, rejectUnauthorized: false },
          serve,
        )
      : createTcpServer(serve);
  server.on('connection', keep).on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  });
  const { port } = server.address() as AddressInfo;
  return { port, requests, url: (login) => `${protocol}://${login === undefined ? '' : `${login}@`}127.0.0.1:${port}` };
}

function serveHttp(socket: Socket, work: ProxyWork): void {
  const { login: wanted, reach, record, refusal } = work;
  let bytes = Buffer.alloc(0);
  let upstream: Socket | undefined;
  const serve = (head: string) => {
    const [line = '', ...lines] = head.split('\r\n');
    const [method = '', target = ''] = line.split(' ');
    const headers = Object.fromEntries(lines.map((each) => headerOf(each)));
    const login = loginOf(headers['proxy-authorization']);
    record({ method, target, headers, login });
    const isKnown = wanted === undefined || login === wanted;
    const status = refusal ?? (isKnown ? undefined : '407 Proxy Authentication Required');
    if (status !== undefined) return void socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`);
    if (method === 'CONNECT') {
      socket.off('data', onData);
      const server = reach(target.replace(/:\d+$/u, ''), Number(target.replace(/^.*:/u, '')));
      server.once('connect', () => socket.write('HTTP/1.1 200 Connection established\r\n\r\n'));
      return join(socket, server);
    }
    const url = new URL(target);
    upstream ??= reach(url.hostname, Number(url.port)).on('data', (data: Buffer) => socket.write(data));
    const kept = lines.filter((each) => !/^proxy-/iu.test(each));
    upstream.write([`${method} ${url.pathname}${url.search} HTTP/1.1`, ...kept, '', ''].join('\r\n'));
  };
  // requests without a body
  const onData = (data: Buffer) => {
    bytes = Buffer.concat([bytes, data]);
    for (let end = bytes.indexOf('\r\n\r\n'); end !== -1; end = bytes.indexOf('\r\n\r\n')) {
      const head = bytes.toString('latin1', 0, end);
      bytes = bytes.subarray(end + 4);
      serve(head);
    }
  };
  socket.on('data', onData);
}

function headerOf(line: string): [name: string, value: string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

function loginOf(authorization: string | undefined): string | undefined {
  const [, base64] = /^Basic (.+)$/u.exec(authorization ?? '') ?? [];
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString();
}

function peerOf(socket: Socket): Pick<ProxyRequest, 'serverName' | 'clientName'> {
  if (!(socket instanceof TLSSocket)) return { serverName: undefined, clientName: undefined };
  const { servername } = socket as TLSSocket & { servername?: string | false };
  const { subject } = socket.getPeerCertificate() as { subject?: { CN?: string } };
  return { serverName: servername === false ? undefined : servername, clientName: subject?.CN };
}
