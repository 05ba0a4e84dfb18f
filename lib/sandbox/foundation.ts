import { X509Certificate } from 'node:crypto';
import {
  createSigningKey,
  restoreSigningKey,
  type SigningAlgorithm,
  type SigningKey,
} from './authentication/signing-key.ts';
import { UsageError } from '../model/errors.ts';
import { type Authority, type CertificateAndKey, createAuthority, restoreAuthority } from './certificates/authority.ts';
import type { CertificateRequest } from './certificates/request.ts';

/** What makes a sandbox the one that it is: who signs its certificates and tokens, and its administrator. */
export interface Foundation {
  readonly authority: Authority;
  readonly admin: CertificateAndKey;
  readonly signingKey: SigningKey;
}

/** The same as it is written down. */
export interface KeptFoundation {
  readonly authority: CertificateAndKey;
  readonly admin: CertificateAndKey;
  readonly signingKey: Pick<SigningKey, 'algorithm' | 'keyPem'>;
}

const monthMs = 30 * 24 * 3_600_000;

/** A new one. */
export async function createFoundation(algorithm: SigningAlgorithm, now: () => number): Promise<Foundation> {
  const authority = createAuthority({ name: 'sandbox', now });
  return { authority, admin: issueAdmin(authority), signingKey: await createSigningKey(algorithm) };
}

/**
 * The one of an earlier sandbox. A certificate that has run out is made anew, the administrator's a month before: the
 * earlier one goes on being accepted until its end. With a new authority nothing that was given out is accepted.
 *
 * @throws {UsageError} Its tokens are signed with another algorithm.
 */
export function restoreFoundation(
  { admin, authority: kept, signingKey }: KeptFoundation,
  { algorithm = signingKey.algorithm, now }: { algorithm?: SigningAlgorithm | undefined; now: () => number },
): Foundation {
  if (algorithm !== signingKey.algorithm) {
    const why = `the state has tokens that are signed with ${signingKey.algorithm}`;
    throw new UsageError(`Cannot sign tokens with ${algorithm}: ${why}`, { reason: 'AlgorithmChanged' });
  }
  const isOver = endOf(kept) <= now();
  const authority = isOver ? createAuthority({ name: 'sandbox', now }) : restoreAuthority(kept, { now });
  const isAdminOver = isOver || endOf(admin) <= now() + monthMs;
  return {
    authority,
    admin: isAdminOver ? issueAdmin(authority) : admin,
    signingKey: restoreSigningKey(signingKey),
  };
}

export function keptOf({ admin, authority: { certPem, keyPem }, signingKey }: Foundation): KeptFoundation {
  const { algorithm, keyPem: signingKeyPem } = signingKey;
  return { admin, authority: { certPem, keyPem }, signingKey: { algorithm, keyPem: signingKeyPem } };
}

/** What the server shows, new at each start; `unlike` changes it. */
export function issueServing(authority: Authority, unlike: Partial<CertificateRequest> = {}): CertificateAndKey {
  return authority.issue({
    commonName: 'kube-apiserver',
    dnsNames: ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'],
    ipAddresses: ['127.0.0.1', '::1'],
    usage: 'server',
    ...unlike,
  });
}

function issueAdmin(authority: Authority): CertificateAndKey {
  return authority.issue({ commonName: 'sandbox-admin', organizations: ['system:masters'], usage: 'client' });
}

function endOf({ certPem }: CertificateAndKey): number {
  return Date.parse(new X509Certificate(certPem).validTo);
}
