import type { Connection } from '../connection/connection.ts';
import { RefusedError } from '../model/errors.ts';
import { type Trust, trustOfPem } from '../transport/trust.ts';

/** @throws {RefusedError} The server is reached over plain http, over which a token is not sent. */
export function requireTls({ access, trust }: Connection): void {
  if (trust.source !== 'none') return;
  throw new RefusedError(
    `Cannot prove a token: ${access.cluster.server} is plain http, over which no credential is sent`,
    {
      reason: 'PlainHttp',
      hint: 'Name the https address of the API server with --server',
    },
  );
}

/**
 * The trust with which a new token may be sent: that of the connection if it checks, else the `ca.crt` of its Secret.
 *
 * @throws {RefusedError} There is neither, or the server is reached over plain http: the token is not sent.
 */
export function trustForProof(connection: Connection, caPem: string | undefined): Trust {
  requireTls(connection);
  const { source } = connection.trust;
  const { server } = connection.access.cluster;
  if (source !== 'insecure-skip-tls-verify') return connection.trust;
  if (caPem !== undefined) return trustOfPem(caPem, 'token-secret');
  throw new RefusedError(
    `Cannot prove the token: TLS is not verified (insecure-skip-tls-verify), and the Secret has no ca.crt to verify ${server} with`,
    {
      reason: 'TlsNotVerified',
      hint: 'Name the CA of the cluster with --certificate-authority',
    },
  );
}
