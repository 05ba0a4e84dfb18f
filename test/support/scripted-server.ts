import { once } from 'node:events';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import { type CertificateAndKey, createAuthority } from '../../lib/sandbox/certificates/authority.ts';

/** Issues the certificate that a scripted server shows by default. */
export const testAuthority = createAuthority({ name: 'test-ca', now: Date.now });
/** Knows nothing of `testAuthority`. */
export const otherAuthority = createAuthority({ name: 'other-ca', now: Date.now });

const addresses = { dnsNames: ['localhost'], ipAddresses: ['127.0.0.1', '::1'] };
const goodCertificate = testAuthority.issue({ commonName: 'kube-apiserver', usage: 'server', ...addresses });
const dayMs = 86_400_000;

/** Certificates with which a server lies. */
export const wrongCertificates = {
  ofAnotherAuthority: () => otherAuthority.issue({ commonName: 'kube-apiserver', usage: 'server', ...addresses }),
  expired: () => issueServing({ ...addresses, notBefore: Date.now() - 2 * dayMs, notAfter: Date.now() - dayMs }),
  notYetValid: () => issueServing({ ...addresses, notBefore: Date.now() + dayMs, notAfter: Date.now() + 2 * dayMs }),
  ofAnotherName: () =>
    issueServing({ dnsNames: ['kubernetes.default.svc', 'evil\u001B[31m.test'], ipAddresses: ['10.96.0.1'] }),
  ofNoName: () => issueServing({ commonName: '127.0.0.1' }),
  ofAClient: () => issueServing({ ...addresses, usage: 'client' }),
  ofMalformedName: () => issueServing({ ipAddresses: ['127.0.0.1'], dnsNames: ['l\u00F6calhost'] }),
} as const;

function issueServing(request: Partial<Parameters<typeof testAuthority.issue>[0]>): CertificateAndKey {
  return testAuthority.issue({ commonName: 'kube-apiserver', usage: 'server', ...request });
}

/** A request as it came over the wire. */
export interface RecordedRequest {
  /** Request line and headers, byte for byte, without the empty line. */
  readonly head: string;
  readonly method: string;
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Which connection it came on: 0 for the first. */
  readonly connection: number;
  /** Server name of the TLS handshake; undefined if the client sent none. */
  readonly serverName: string | undefined;
  /** Common name of the client's certificate. */
  readonly clientName: string | undefined;
}

/** What a step does with one request. */
export interface ScriptedExchange {
  readonly request: RecordedRequest;
  /** Resolves when the bytes were handed to the system, or the client is gone. */
  write(bytes: string | Uint8Array): Promise<void>;
  /** Ends the connection in an orderly way. */
  end(): void;
  /** Ends the connection with an RST. */
  reset(): void;
  /** Resolves when the client has closed the connection. */
  readonly closed: Promise<void>;
}

/** Exact bytes, or a function. */
export type ScriptedStep = string | Uint8Array | ((exchange: ScriptedExchange) => void | Promise<void>);

export interface ScriptedServerOptions {
  /** One of the loopback addresses. */
  host?: '127.0.0.1' | '::1';
  /** What it shows; `false` speaks plain http. */
  certificate?: CertificateAndKey | false;
  maxVersion?: 'TLSv1.3' | 'TLSv1.2' | 'TLSv1.1';
  /** End the connection instead of serving a client without a certificate. */
  requireClientCertificate?: boolean;
}

export interface ScriptedServer {
  readonly url: string;
  readonly port: number;
  readonly requests: RecordedRequest[];
  /** TLS handshakes (or connections, for plain http) that were completed. */
  readonly connections: number;
  /** Destroys what is open now; the server goes on listening. */
  closeConnections(): void;
}

/**
 * Starts a server that answers each request by the next step of a script, whatever HTTP says; one that the script does
 * not foresee is recorded, and its connection reset. It ends with the test that started it.
 */
export async function startScriptedServer(
  script: readonly ScriptedStep[],
  {
    certificate = goodCertificate,
    host = '127.0.0.1',
    maxVersion,
    requireClientCertificate = false,
  }: ScriptedServerOptions = {},
): Promise<ScriptedServer> {
  const requests: RecordedRequest[] = [];
  const steps = [...script];
  let connections = 0;
  const serve = (socket: Socket) => {
    const connection = connections++;
    socket.on('error', () => undefined); // the client may end it as it likes
    readRequests(socket, connection, (request) => {
      requests.push(request);
      const step = steps.shift();
      const reset = () => rawSocket(socket)?.resetAndDestroy();
      if (step === undefined) reset();
      else void runStep(step, { request, socket, reset });
    });
  };
  const server =
    certificate === false
      ? createTcpServer({ noDelay: true }, serve)
      : createTlsServer(
          {
            cert: certificate.certPem,
            key: certificate.keyPem,
            ca: testAuthority.certPem,
            requestCert: true,
            noDelay: true,
            rejectUnauthorized: requireClientCertificate,
            ...(maxVersion === undefined ? {} : { maxVersion, minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' }),
          },
          serve,
        );
  const { port, sockets } = await listen(server, host);
  // TLS cannot send an RST: the socket below it can
  const rawSocket = (socket: Socket) => [...sockets].find(({ remotePort }) => remotePort === socket.remotePort);
  return {
    url: `${certificate === false ? 'http' : 'https'}://${host === '::1' ? '[::1]' : host}:${port}`,
    port,
    requests,
    get connections() {
      return connections;
    },
    closeConnections() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/**
 * A server below HTTP and TLS: answers the first bytes of each connection by these bytes and ends it. Without bytes it
 * accepts connections and says nothing: a handshake with it never completes. A function does with each what it likes.
 * Ends with the test.
 */
export async function startTcpServer(
  bytes?: Uint8Array | string | ((socket: Socket) => void),
): Promise<{ port: number; connected: Promise<void> }> {
  const server = createTcpServer((socket) => {
    if (typeof bytes === 'function') bytes(socket);
    else if (bytes !== undefined) socket.once('data', () => socket.end(bytes));
  });
  const connected = once(server, 'connection').then(() => undefined);
  const { port } = await listen(server, '127.0.0.1');
  return { port, connected };
}

/** A loopback port on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function listen(server: Server, host: string): Promise<{ port: number; sockets: Set<Socket> }> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, host);
  await once(server, 'listening');
  onTestFinished(async () => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  });
  return { port: (server.address() as AddressInfo).port, sockets };
}

function readRequests(socket: Socket, connection: number, onRequest: (request: RecordedRequest) => void): void {
  let bytes = Buffer.alloc(0);
  socket.on('data', (data: Buffer) => {
    bytes = Buffer.concat([bytes, data]);
    for (;;) {
      const headEnd = bytes.indexOf('\r\n\r\n');
      if (headEnd === -1) return;
      const head = bytes.toString('latin1', 0, headEnd);
      const headers = parseHeaders(head);
      const bodyEnd = headEnd + 4 + Number(headers['content-length'] ?? 0);
      if (bytes.length < bodyEnd) return;
      const body = bytes.toString('utf8', headEnd + 4, bodyEnd);
      bytes = bytes.subarray(bodyEnd);
      const [method = '', path = ''] = head.split(' ', 2);
      onRequest({ head, method, path, headers, body, connection, ...peerOf(socket) });
    }
  });
}

function parseHeaders(head: string): Record<string, string> {
  const lines = head.split('\r\n').slice(1);
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}

function peerOf(socket: Socket): Pick<RecordedRequest, 'serverName' | 'clientName'> {
  if (!(socket instanceof TLSSocket)) return { serverName: undefined, clientName: undefined };
  const { servername } = socket as TLSSocket & { servername?: string | false };
  const { subject } = socket.getPeerCertificate() as { subject?: { CN?: string } };
  return { serverName: servername === false ? undefined : servername, clientName: subject?.CN };
}

async function runStep(
  step: ScriptedStep,
  { request, socket, reset }: { request: RecordedRequest; socket: Socket; reset: () => void },
): Promise<void> {
  const exchange: ScriptedExchange = {
    request,
    reset,
    write: (bytes) => new Promise((resolve) => socket.write(bytes, () => resolve())),
    end: () => socket.end(),
    closed: new Promise((resolve) => socket.once('close', () => resolve())), // an error comes before it
  };
  await (typeof step === 'function' ? step(exchange) : exchange.write(step));
}

/** An answer with a Content-Length, as bytes. */
export function answer(
  status: number,
  body: string | Uint8Array = '',
  headers: Readonly<Record<string, string>> = {},
): Buffer {
  const bytes = Buffer.from(body as string);
  return Buffer.concat([
    Buffer.from(answerHead(status, { 'Content-Length': String(bytes.length), ...headers })),
    bytes,
  ]);
}

/** An answer of JSON. */
export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Buffer {
  return answer(status, JSON.stringify(value), { 'Content-Type': 'application/json', ...headers });
}

/** A Failure as the API server words it. */
export function failure(code: number, reason: string, message: string, more: object = {}): Buffer {
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
  return json(code, { ...status, ...more });
}

/** Status line and headers, with the empty line after them. */
export function answerHead(status: number, headers: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Whatever\r\n${lines.join('')}\r\n`;
}

/** A chunk of a chunked body. */
export function chunk(bytes: string | Uint8Array): Buffer {
  const data = Buffer.from(bytes as string);
  return Buffer.concat([Buffer.from(`${data.length.toString(16)}\r\n`), data, Buffer.from('\r\n')]);
}
