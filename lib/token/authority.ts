import { X509Certificate } from 'node:crypto';
import type { Trust } from '../transport/trust.ts';

/**
 * How the cluster's own CA (`ca.crt` of a token Secret) differs from the CA that verified the server, in words;
 * undefined where they have a certificate in common, or there is nothing to compare. Behind a load balancer with a
 * certificate of its own the two differ by right, and only the second one serves callers from outside.
 */
export function authorityDifference(trust: Trust, caPem: string | undefined): string | undefined {
  if (trust.caPem === undefined || caPem === undefined || trust.source === 'token-secret') return undefined;
  const used = fingerprints(trust.caPem);
  const own = fingerprints(caPem);
  if (own.some((fingerprint) => used.includes(fingerprint))) return undefined;
  return `the ca.crt of the Secret (sha256 ${own[0] ?? 'unreadable'}) is not the CA that verified the server (sha256 ${used[0] ?? 'unreadable'}): callers outside the cluster need the latter`;
}

/** Hex SHA-256 of the DER of each certificate in a PEM text. */
export function fingerprints(pem: string): string[] {
  return [...pem.matchAll(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/gu)].flatMap(([block]) => {
    try {
      return [new X509Certificate(block).fingerprint256.replaceAll(':', '').toLowerCase()];
    } catch {
      return [];
    }
  });
}
