import type { Connection } from '../connection/connection.ts';
import type { Credential, VerifiedBy } from '../model/credential.ts';
import { type SecretRef, type ServiceAccountRef, subjectOf } from '../model/service-account.ts';
import { fingerprints } from './authority.ts';
import type { FilledSecret } from './filled-secret.ts';

/** A token Secret that has served its purpose: made or reused, filled, and proven unless that was not wanted. */
export interface ReadyToken {
  readonly secret: SecretRef & { readonly uid: string };
  readonly filled: FilledSecret;
  readonly verifiedBy: VerifiedBy;
  readonly rotateAfter: string | null;
  readonly waitedMs: number;
  /** Labelled `pending`: the hand-over has to be noted. */
  readonly pending: boolean;
}

/** The credential to hand over: the token with all that one needs to use it against this cluster. */
export function credentialOf(connection: Connection, account: ServiceAccountRef, token: ReadyToken): Credential {
  const { cluster, context } = connection.access;
  const { filled, secret, verifiedBy, rotateAfter, waitedMs } = token;
  const { trust } = connection;
  const caPem = trust.source === 'insecure-skip-tls-verify' ? filled.caPem : trust.caPem;
  return {
    context,
    cluster: {
      name: cluster.name,
      server: cluster.server,
      tlsServerName: cluster.tlsServerName ?? null,
      ...(cluster.proxyUrl === undefined ? {} : { proxyUrl: cluster.proxyUrl }),
      insecureSkipTlsVerify: cluster.insecureSkipTlsVerify,
      certificateAuthoritySha256: caPem === undefined ? null : (fingerprints(caPem)[0] ?? null),
    },
    serviceAccount: { namespace: account.namespace, name: account.name, uid: filled.accountUid },
    method: 'secret',
    secret: { namespace: secret.namespace, name: secret.name, uid: secret.uid },
    subject: subjectOf(account),
    audiences: [],
    issuedAt: null,
    expiresAt: null,
    rotateAfter,
    verified: verifiedBy !== null,
    verifiedBy,
    waitedMs,
    token: filled.token,
    certificateAuthorityData: caPem === undefined ? null : Buffer.from(caPem).toString('base64'),
  };
}
