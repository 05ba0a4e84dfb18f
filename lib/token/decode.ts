import { UsageError } from '../model/errors.ts';
import type { BearerToken } from '../model/secret-text.ts';
import type { ServiceAccountRef } from '../model/service-account.ts';

/** What a ServiceAccount token says of itself. Nothing here is verified: anybody can write such a token. */
export interface DecodedToken {
  /** `legacy`: from a token Secret, without expiry. `bound`: from a TokenRequest. `other`: not a ServiceAccount's. */
  readonly kind: 'legacy' | 'bound' | 'other';
  readonly algorithm: string;
  readonly keyId: string | null;
  readonly issuer: string | null;
  readonly subject: string | null;
  readonly audiences: readonly string[];
  readonly serviceAccount: (ServiceAccountRef & { readonly uid: string | null }) | null;
  /** Legacy: the Secret that holds it. Bound: the Secret it is bound to. */
  readonly secret: { readonly name: string; readonly uid: string | null } | null;
  readonly pod: { readonly name: string; readonly uid: string | null } | null;
  readonly node: { readonly name: string; readonly uid: string | null } | null;
  /** Seconds since 1970. */
  readonly issuedAt: number | null;
  readonly notBefore: number | null;
  readonly expiresAt: number | null;
  readonly id: string | null;
  /** All claims, as they stand. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/**
 * Reads the header and the claims of a token, without trust.
 *
 * Any algorithm is read (kubernetes signs with RS256, ES256/384/512, since 1.37 ML-DSA). Claims as in kubernetes:
 * pkg/serviceaccount/legacy.go and claims.go.
 *
 * @throws {UsageError} It is not a JSON Web Token in compact form. The message has no part of it.
 */
export function decodeToken(token: BearerToken): DecodedToken {
  const parts = token.reveal().split('.');
  const [header, payload] = [jsonPart(parts[0]), jsonPart(parts[1])];
  if (parts.length !== 3 || header === undefined || payload === undefined) {
    throw new UsageError(`Cannot decode the token: ${whyNot(parts, header, payload)}`, {
      reason: 'NotAToken',
      hint: hintFor(parts),
    });
  }
  const legacy = text(payload['kubernetes.io/serviceaccount/service-account.name']);
  return legacy === null ? decodeBound(header, payload) : decodeLegacy(header, payload, legacy);
}

function decodeLegacy(header: Json, payload: Json, name: string): DecodedToken {
  const claim = (key: string) => text(payload[`kubernetes.io/serviceaccount/${key}`]);
  const secret = claim('secret.name');
  return {
    ...registeredClaims(header, payload),
    kind: 'legacy',
    serviceAccount: { namespace: claim('namespace') ?? '', name, uid: claim('service-account.uid') },
    secret: secret === null ? null : { name: secret, uid: null },
    pod: null,
    node: null,
  };
}

function decodeBound(header: Json, payload: Json): DecodedToken {
  const kubernetes = object(payload['kubernetes.io']);
  const account = object(kubernetes?.['serviceaccount']);
  const name = text(account?.['name']);
  const namespace = text(kubernetes?.['namespace']);
  return {
    ...registeredClaims(header, payload),
    kind: name === null ? 'other' : 'bound',
    serviceAccount: name === null ? null : { namespace: namespace ?? '', name, uid: text(account?.['uid']) },
    secret: reference(kubernetes?.['secret']),
    pod: reference(kubernetes?.['pod']),
    node: reference(kubernetes?.['node']),
  };
}

function registeredClaims(header: Json, payload: Json) {
  const audience = payload['aud'];
  const audiences = Array.isArray(audience) ? audience : [audience];
  return {
    algorithm: text(header['alg']) ?? 'none',
    keyId: text(header['kid']),
    issuer: text(payload['iss']),
    subject: text(payload['sub']),
    audiences: audiences.filter((item): item is string => typeof item === 'string'),
    issuedAt: seconds(payload['iat']),
    notBefore: seconds(payload['nbf']),
    expiresAt: seconds(payload['exp']),
    id: text(payload['jti']),
    claims: payload,
  };
}

type Json = Readonly<Record<string, unknown>>;

function jsonPart(part: string | undefined): Json | undefined {
  if (part === undefined || !/^[\w-]+={0,2}$/u.test(part)) return undefined;
  try {
    return object(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(part, 'base64url'))));
  } catch {
    return undefined;
  }
}

function whyNot(parts: readonly string[], header: Json | undefined, payload: Json | undefined): string {
  if (parts.length === 1 && parts[0] === '') return 'it is empty';
  if (parts.length === 5) return 'it is encrypted (a JWE), not signed';
  if (parts.length !== 3) return `it has ${parts.length} part${parts.length === 1 ? '' : 's'} instead of 3`;
  if (header === undefined) return 'its header is not base64url of a JSON object';
  return payload === undefined ? 'its payload is not base64url of a JSON object' : 'it is malformed';
}

function hintFor(parts: readonly string[]): string {
  return parts.length === 5
    ? 'Tokens of ServiceAccounts are never encrypted: only whoever has its key can read this one'
    : 'A token is three parts of base64url joined by dots, and begins with "ey"';
}

function object(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function seconds(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function reference(value: unknown): { name: string; uid: string | null } | null {
  const name = text(object(value)?.['name']);
  return name === null ? null : { name, uid: text(object(value)?.['uid']) };
}
