import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { promisify } from 'node:util';
import { isRecord } from '../object/object.ts';

export type SigningAlgorithm = 'ES256' | 'RS256';

/** What ServiceAccount tokens are signed with. */
export interface SigningKey {
  readonly algorithm: SigningAlgorithm;
  /** The private key (PKCS #8). */
  readonly keyPem: string;
  /** The public key, as the JWKS has it. */
  readonly jwk: Readonly<Record<string, string>>;
  /** A JWT of these claims. */
  sign(claims: Readonly<Record<string, unknown>>): string;
  /** The claims of a JWT that this key signed; undefined for any other text. */
  verify(token: string): Record<string, unknown> | undefined;
}

/** Makes a new key: EC in a millisecond, RSA in a quarter of a second. */
export async function createSigningKey(algorithm: SigningAlgorithm): Promise<SigningKey> {
  const { privateKey } =
    algorithm === 'ES256'
      ? await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' })
      : await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return signingKeyOf(privateKey, algorithm);
}

/** The key again that was made earlier. */
export function restoreSigningKey({ algorithm, keyPem }: Pick<SigningKey, 'algorithm' | 'keyPem'>): SigningKey {
  return signingKeyOf(createPrivateKey(keyPem), algorithm);
}

function signingKeyOf(privateKey: KeyObject, algorithm: SigningAlgorithm): SigningKey {
  const publicKey = createPublicKey(privateKey);
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const kid = createHash('sha256').update(spki).digest('base64url'); // kubernetes: serviceaccount/jwt.go
  const options = (key: KeyObject) => ({ key, dsaEncoding: 'ieee-p1363' as const });
  const header = encode({ alg: algorithm, kid });
  const { kty = '', ...numbers } = publicKey.export({ format: 'jwk' }) as Record<string, string>;
  return {
    algorithm,
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    jwk: {
      use: 'sig',
      kty,
      kid,
      ...(algorithm === 'ES256' ? { crv: 'P-256' } : {}),
      alg: algorithm,
      ...withoutCurve(numbers),
    },
    sign(claims) {
      const signed = `${header}.${encode(claims)}`;
      return `${signed}.${sign('sha256', Buffer.from(signed), options(privateKey)).toString('base64url')}`;
    },
    verify(token) {
      const [head = '', body = '', signature = '', ...more] = token.split('.');
      if (more.length > 0 || decodePart(head)?.['alg'] !== algorithm) return undefined;
      const bytes = Buffer.from(signature, 'base64url');
      return verify('sha256', Buffer.from(`${head}.${body}`), options(publicKey), bytes) ? decodePart(body) : undefined;
    },
  };
}

/** The claims of any JWT, whoever signed it. */
export function claimsOf(token: string): Record<string, unknown> | undefined {
  return decodePart(token.split('.')[1] ?? '');
}

function withoutCurve({ crv: _, ...numbers }: Record<string, string>): Record<string, string> {
  return numbers;
}

/** Go writes the fields of claims in the order of their names. */
function encode(value: Readonly<Record<string, unknown>>): string {
  const sorted = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.from(JSON.stringify(Object.fromEntries(sorted))).toString('base64url');
}

function decodePart(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
