import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** A private key, and what certificates say of its public half. */
export interface KeyPair {
  readonly keyPem: string;
  /** DER of the SubjectPublicKeyInfo. */
  readonly spki: Buffer;
  readonly identifier: Buffer;
}

/** A new one: EC P-256. */
export function keyPair(): KeyPair {
  return keyPairOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
}

export function keyPairOf(privateKey: KeyObject): KeyPair {
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const identifier = createHash('sha256').update(spki).digest().subarray(0, 20); // RFC 7093, method 1
  return { keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), spki, identifier };
}
