import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { CertificateAndKey } from '../certificates.ts';

interface ListenOptions {
  /** 0: `preferredPort` if it is free, else any. */
  readonly port: number;
  readonly preferredPort?: number | undefined;
  readonly caPem: string;
  readonly serving: CertificateAndKey;
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

export interface Listening {
  readonly port: number;
  /** Ends all connections, watches too. */
  close(): Promise<void>;
}

/** Serves HTTPS on loopback, where it asks for a client certificate and takes requests without one. */
export async function listen({ caPem, handle, port, preferredPort, serving }: ListenOptions): Promise<Listening> {
  const server = createServer(
    {
      key: serving.keyPem,
      cert: serving.certPem,
      ca: caPem,
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
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
