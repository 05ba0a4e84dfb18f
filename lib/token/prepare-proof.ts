import { bearerIdentity } from '../auth/bearer.ts';
import { anonymousIdentity, type Identity } from '../auth/identity.ts';
import type { Connection } from '../connection/connection.ts';
import type { BearerToken } from '../model/secret-text.ts';
import { fullName, type ServiceAccountRef } from '../model/service-account.ts';

/** A way for the proving call, opened while the token is not there yet. */
export interface PreparedProof {
  /** Goes out with the token that `use()` was given. */
  readonly connection: Connection;
  use(token: BearerToken): void;
}

/**
 * Opens the way for the proving call while the token controller is still at work, so that the proof need not wait for
 * TCP and TLS. Undefined where the trust is not known before the token is: then the `ca.crt` of its Secret decides.
 */
export function prepareProof(connection: Connection, account: ServiceAccountRef): PreparedProof | undefined {
  if (connection.trust.source === 'insecure-skip-tls-verify') return undefined;
  const description = `ServiceAccount "${fullName(account)}"`;
  let identity: Identity = anonymousIdentity;
  const prepared = connection.withIdentity({
    description,
    headers: () => identity.headers(),
    clientCertificate: () => Promise.resolve(undefined),
  });
  prepared.prepare();
  return {
    connection: prepared,
    use: (token) => {
      identity = bearerIdentity(token, description);
    },
  };
}
