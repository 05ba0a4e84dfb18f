import { createServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import type { Duplex } from 'node:stream';
import type { CertificateAndKey } from '../certificates/authority.ts';
import type { Handler } from '../faults/fault.ts';

interface ListenOptions {
  /** 0: `preferredPort` if it is free, else any. */
  readonly port: number;
  readonly preferredPort?: number | undefined;
  readonly caPem: string;
  readonly serving: CertificateAndKey;
  readonly handle: Handler;
}

export interface Listening {
  readonly port: number;
  /** Shows another certificate to whoever connects from now on. */
  show(serving: CertificateAndKey): void;
  /** Ends all connections, watches too. */
  close(): Promise<void>;
}

/**
 * Serves HTTPS on loopback, 127.0.0.1 and where there is IPv6 ::1, where it asks for a client certificate and takes
 * requests without one.
 */
export async function listen({ caPem, handle, port, preferredPort, serving }: ListenOptions): Promise<Listening> {
  const contextOf = ({ certPem, keyPem }: CertificateAndKey) => ({ key: keyPem, cert: certPem, ca: caPem });
  const server = createServer(
    {
      ...contextOf(serving),
      requestCert: true,
      rejectUnauthorized: false, // what is wrong with a certificate ends as 401
      keepAliveTimeout: 60_000,
      requestTimeout: 0,
    },
    (request, response) => {
      handle(request, response).catch(() => response.destroy());
    },
  );
  server.on('clientError', (_, socket) => {
    const head = 'HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n';
    if (socket.writable) socket.end(`${head}400 Bad Request`);
  });
  const connections = new Set<Duplex>();
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  // it only accepts: the one server takes its connections as its own
  const onIpv6 = createTcpServer({ noDelay: true }, (socket) => server.emit('connection', socket));
  await listenOnBoth(server, onIpv6, { port, preferredPort });
  return {
    port: portOf(server),
    show: (other) => server.setSecureContext(contextOf(other)),
    async close() {
      const closed = Promise.all([server, onIpv6].map(closeServer));
      for (const socket of connections) socket.destroy();
      await closed;
    },
  };
}

async function listenOnBoth(
  onIpv4: Server,
  onIpv6: Server,
  { port, preferredPort }: Pick<ListenOptions, 'port' | 'preferredPort'>,
): Promise<void> {
  const on = async (wanted: number) => {
    await begin(onIpv4, wanted, '127.0.0.1');
    await begin(onIpv6, portOf(onIpv4), '::1').catch(async (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT') return; // no IPv6 here
      await closeServer(onIpv4);
      throw error;
    });
  };
  if (port !== 0) return await on(port);
  // what is free on one address may be taken on the other
  await on(preferredPort ?? 0).catch(() => on(0));
}

function begin(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

async function closeServer(server: Server): Promise<void> {
  if (server.listening) await new Promise((resolve) => server.close(resolve));
}
