import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
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

/** Serves HTTPS on loopback, where it asks for a client certificate and takes requests without one. */
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
  const on = (wanted: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(wanted, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  if (port !== 0 || preferredPort === undefined) await on(port);
  else await on(preferredPort).catch(() => on(0));
  return {
    port: (server.address() as AddressInfo).port,
    show: (other) => server.setSecureContext(contextOf(other)),
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
