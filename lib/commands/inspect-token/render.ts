import { escapeLine } from '../../model/escape.ts';
import type { DecodedToken } from '../../token/decode.ts';

/** What a token says, for a person; and that nobody has checked it. */
export function renderInspection(decoded: DecodedToken, now: number): string {
  const { serviceAccount, secret, pod, node } = decoded;
  const rows: [name: string, value: string | null | undefined][] = [
    ['Kind', kinds[decoded.kind]],
    ['Algorithm', decoded.algorithm],
    ['Key id', decoded.keyId],
    ['Issuer', decoded.issuer],
    ['Subject', decoded.subject],
    ['Audiences', decoded.audiences.length === 0 ? null : decoded.audiences.join(', ')],
    ['ServiceAccount', serviceAccount === null ? null : `${serviceAccount.namespace}/${serviceAccount.name}`],
    ['Uid', serviceAccount?.uid],
    ['Secret', secret === null ? null : named(secret)],
    ['Pod', pod === null ? null : named(pod)],
    ['Node', node === null ? null : named(node)],
    ['Issued', unreadable(decoded, 'iat') ?? time(decoded.issuedAt, now)],
    ['Not before', unreadable(decoded, 'nbf') ?? time(decoded.notBefore, now)],
    ['Expires', expiry(decoded, now)],
    ['Id', decoded.id],
    ['Verified', 'no: decoding proves nothing'],
  ];
  const shown = rows.filter((row): row is [string, string] => typeof row[1] === 'string');
  const width = Math.max(...shown.map(([name]) => name.length)) + 1;
  return shown.map(([name, value]) => `${`${name}:`.padEnd(width)} ${escapeLine(value)}\n`).join('');
}

/** The same as a document; never verified. */
export function inspectionDocument(decoded: DecodedToken, now: number): object {
  const { issuedAt, notBefore, expiresAt, ...rest } = decoded;
  return {
    apiVersion: 'kube-sa-token/v1',
    kind: 'TokenInspection',
    tokenKind: rest.kind,
    algorithm: rest.algorithm,
    keyId: rest.keyId,
    issuer: rest.issuer,
    subject: rest.subject,
    audiences: rest.audiences,
    serviceAccount: rest.serviceAccount,
    secret: rest.secret,
    pod: rest.pod,
    node: rest.node,
    issuedAt: iso(issuedAt),
    notBefore: iso(notBefore),
    expiresAt: iso(expiresAt),
    expired: unreadable(decoded, 'exp') === undefined ? expiresAt !== null && expiresAt * 1000 <= now : null,
    id: rest.id,
    verified: false,
    claims: rest.claims,
  };
}

const kinds: Readonly<Record<DecodedToken['kind'], string>> = {
  legacy: 'legacy token (from a token Secret)',
  bound: 'bound token (from a TokenRequest)',
  other: 'not a ServiceAccount token',
};

function named({ name, uid }: { name: string; uid: string | null }): string {
  return uid === null ? name : `${name} (uid ${uid})`;
}

function expiry(decoded: DecodedToken, now: number): string {
  const { expiresAt, kind } = decoded;
  const wrong = unreadable(decoded, 'exp');
  if (wrong !== undefined) return wrong;
  if (expiresAt === null) return kind === 'legacy' ? 'never: it is valid until its Secret is deleted' : 'never';
  return time(expiresAt, now) ?? '';
}

/** Words for a time that is there and is none: an API server refuses such a token, which is not the same as no time. */
function unreadable({ claims }: DecodedToken, claim: 'exp' | 'iat' | 'nbf'): string | undefined {
  const value = claims[claim];
  if (value === undefined || value === null || Number.isFinite(value)) return undefined;
  return `unreadable: its claim ${claim} is not a number`;
}

function time(seconds: number | null, now: number): string | null {
  if (seconds === null) return null;
  const away = seconds * 1000 - now;
  const text = iso(seconds);
  if (text === null) return `${seconds} (not a date)`;
  return `${text} (${away >= 0 ? `in ${inWords(away)}` : `${inWords(-away)} ago`})`;
}

function iso(seconds: number | null): string | null {
  if (seconds === null || Math.abs(seconds) > 8.64e12) return null;
  return new Date(seconds * 1000).toISOString();
}

/** As kubectl shows an age: the largest unit, and the next one where it says something. */
function inWords(ms: number): string {
  const units: [ms: number, name: string][] = [
    [365 * 86_400_000, 'year'],
    [86_400_000, 'day'],
    [3_600_000, 'hour'],
    [60_000, 'minute'],
    [1000, 'second'],
  ];
  const index = units.findIndex(([size]) => ms >= size);
  if (index === -1) return 'less than a second';
  const [size = 1, name = ''] = units[index] ?? [];
  const [nextSize = 1, nextName = ''] = units[index + 1] ?? [];
  const count = Math.floor(ms / size);
  const rest = index + 1 < units.length && count < 3 ? Math.floor((ms % size) / nextSize) : 0;
  return `${plural(count, name)}${rest === 0 ? '' : ` ${plural(rest, nextName)}`}`;
}

function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
