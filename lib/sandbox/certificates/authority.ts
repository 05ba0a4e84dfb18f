import { createPrivateKey, X509Certificate } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import { Certificate } from '@peculiar/asn1-x509';
import { certificatePem, distinguishedName, type Party } from './encode.ts';
import { authorityExtensions, leafExtensions } from './extensions.ts';
import { keyPair, keyPairOf } from './key-pair.ts';
import type { CertificateRequest } from './request.ts';

/** A certificate and its private key (PKCS #8), as PEM. */
export interface CertificateAndKey {
  readonly certPem: string;
  readonly keyPem: string;
}

/** A certificate authority of our own, as each Kubernetes cluster has one. */
export interface Authority extends CertificateAndKey {
  issue(request: CertificateRequest): CertificateAndKey;
  /** An authority below this one, with a key of its own. */
  issueAuthority(name: string): Authority;
}

const hourMs = 3_600_000;
const yearMs = 365 * 24 * hourMs;

/**
 * Makes a self-signed authority with a new EC P-256 key. What it issues satisfies `openssl verify -x509_strict`.
 *
 * @param name Its common name.
 * @param now Milliseconds since 1970; validity is counted from it.
 */
export function createAuthority({ name, now }: { name: string; now: () => number }): Authority {
  return newAuthority({ name, now, issuer: undefined });
}

/** The authority again that `createAuthority()` made, perhaps in another process. */
export function restoreAuthority({ certPem, keyPem }: CertificateAndKey, { now }: { now: () => number }): Authority {
  const certificate = AsnConvert.parse(new X509Certificate(certPem).raw, Certificate);
  const own = { name: certificate.tbsCertificate.subject, key: keyPairOf(createPrivateKey(keyPem)) };
  return authority({ certPem, own, now });
}

function newAuthority({
  name,
  now,
  issuer,
}: {
  name: string;
  now: () => number;
  issuer: Party | undefined;
}): Authority {
  const own = { name: distinguishedName({ commonName: name }), key: keyPair() };
  const validity = { notBefore: now() - hourMs, notAfter: now() + 10 * yearMs };
  const certPem = certificatePem({ subject: own, issuer: issuer ?? own, ...validity }, authorityExtensions());
  return authority({ certPem, own, now });
}

function authority({ certPem, now, own }: { certPem: string; now: () => number; own: Party }): Authority {
  return {
    certPem,
    keyPem: own.key.keyPem,
    issue(request) {
      const subject = { name: distinguishedName(request), key: keyPair() };
      const { notBefore = now() - hourMs, notAfter = now() + yearMs } = request;
      const content = { subject, issuer: own, notBefore, notAfter };
      return { certPem: certificatePem(content, leafExtensions(request)), keyPem: subject.key.keyPem };
    },
    issueAuthority: (name) => newAuthority({ name, now, issuer: own }),
  };
}
