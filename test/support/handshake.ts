import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
import type { CertificateAndKey } from '../../lib/sandbox/certificates/authority.ts';

interface Handshake {
  readonly caPem: string;
  readonly server: CertificateAndKey;
  readonly client?: CertificateAndKey;
}

/** What each side of a TLS handshake on 127.0.0.1 thinks of the other's certificate: `OK`, or a code of OpenSSL's. */
export async function handshake({ caPem, server, client }: Handshake): Promise<{ server: string; client: string }> {
  const listener = createServer({
    ca: caPem,
    cert: server.certPem,
    key: server.keyPem,
    requestCert: true,
    rejectUnauthorized: false,
  }).listen(0, '127.0.0.1');
  try {
    await once(listener, 'listening');
    const accepted = once(listener, 'secureConnection') as Promise<[TLSSocket]>;
    const socket = connect({
      host: '127.0.0.1',
      port: (listener.address() as AddressInfo).port,
      ca: caPem,
      rejectUnauthorized: false,
      ...(client === undefined ? {} : { cert: client.certPem, key: client.keyPem }),
    });
    const [[peer]] = await Promise.all([accepted, once(socket, 'secureConnect')]);
    const opinions = { server: opinion(socket), client: opinion(peer) };
    peer.destroy();
    socket.destroy();
    return opinions;
  } finally {
    listener.close();
  }
}

function opinion({ authorized, authorizationError }: TLSSocket): string {
  // on the server's side it is a code, on the client's an Error that has it
  const why: unknown = authorizationError;
  return authorized ? 'OK' : String((why as { code?: string } | undefined)?.code ?? why);
}
