import type { WireAnswer } from './wire.ts';

/** Turns what differs from server to server, and from run to run, into the same words on both. */
export interface Normaliser {
  /** From now on `value` reads `placeholder`, wherever it occurs. */
  hide(value: string, placeholder: string): void;
  text(text: string): string;
  /** A JSON value; what is equal stays equal: uids and resourceVersions are numbered as they appear. */
  value(value: unknown): unknown;
  headers(headers: WireAnswer['headers']): Record<string, readonly string[]>;
}

/** Headers that clients act on; of the last ones it is only told that they are there. */
const headersThatMatter = [
  'allow',
  'cache-control',
  'content-type',
  'location',
  'retry-after',
  'vary',
  'warning',
  'www-authenticate',
  'x-content-type-options',
];
const headersToBeThere = ['audit-id', 'etag', 'x-kubernetes-pf-flowschema-uid', 'x-kubernetes-pf-prioritylevel-uid'];

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gu;
const time = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(?:Z|[+-]\d\d:\d\d)/gu;
const jwt = /eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+/gu;
const pem = /-----BEGIN [A-Z ]+-----[\s\S]+?-----END [A-Z ]+-----\n?/gu;
const age = /^(?:\d+[smhd])+$/u;

export function normaliser({ server, caPem }: { server: string; caPem: string | undefined }): Normaliser {
  const hidden: [value: string, placeholder: string][] = [[new URL(server).host, '<host>']];
  const numbers = { uid: new Map<string, number>(), rv: new Map<string, number>() };
  const numbered = (kind: keyof typeof numbers, value: string) => {
    const known = numbers[kind];
    if (!known.has(value)) known.set(value, known.size + 1);
    return `<${kind} ${known.get(value)}>`;
  };

  const text = (raw: string): string => {
    let shown = raw.replaceAll(jwt, (token) => JSON.stringify(claimsOf(token)));
    shown = shown.replaceAll(pem, (found) => (found.trim() === caPem?.trim() ? "<the server's CA>" : '<pem>'));
    for (const [value, placeholder] of hidden) shown = shown.replaceAll(value, placeholder);
    return shown
      .replaceAll(uuid, (uid) => numbered('uid', uid))
      .replaceAll(time, (_, fraction?: string) => (fraction === undefined ? '<time>' : '<precise time>'))
      .replaceAll(/(\\?"resourceVersion\\?":\\?")\d+/gu, '$1<rv>')
      .replaceAll(/X_[bcdfghjklmnpqrstvwxz2456789]{5}/gu, 'X_<generated>')
      .replaceAll(/(resourceVersion=)(?![01]\b)\d+/gu, '$1<rv>')
      .replaceAll(/(esourceVersion in record \()\d+/gu, '$1<rv>')
      .replaceAll(/(esourceVersion in object meta: )\d+/gu, '$1<rv>')
      .replaceAll(/(esource version: )\d+/gu, '$1<number>')
      .replaceAll(/(too old resource version: <number>) \(\d+\)/gu, '$1 (<oldest>)')
      .replaceAll(/(Too large resource version: <number>, current: )\d+/gu, '$1<current>');
  };

  const claimsOf = (token: string) => {
    const [header, claims] = token.split('.', 2).map((part) => JSON.parse(fromBase64(part)) as Record<string, unknown>);
    const { exp, iat, nbf } = claims as Record<string, number | undefined>;
    const lifetime = exp === undefined || iat === undefined ? {} : { exp: `iat + ${exp - iat}`, iat: '<now>' };
    const notBefore = nbf === undefined ? {} : { nbf: nbf === iat ? 'iat' : nbf };
    return value({ header: { ...header, kid: '<kid>' }, claims: { ...claims, ...lifetime, ...notBefore } });
  };

  const value = (raw: unknown): unknown => {
    if (typeof raw === 'string') return text(raw);
    if (Array.isArray(raw)) return raw.map(value);
    if (typeof raw !== 'object' || raw === null) return raw;
    const shown: Record<string, unknown> = {};
    // in one order on both servers, so that the same things get the same numbers
    for (const [key, each] of byKey(raw)) {
      const field = fieldOf(key, each, raw);
      if (field !== undefined) shown[text(key)] = field.value;
    }
    return shown;
  };

  /** What a field's name says about how to read its value; undefined leaves it out. */
  const fieldOf = (key: string, each: unknown, owner: object): { value: unknown } | undefined => {
    // who changed which field when: told by a behaviour of its own
    if (key === 'managedFields') return undefined;
    if (key === 'resourceVersion' && typeof each === 'string' && each !== '') {
      // a list's is the whole server's, which other work moves on
      return { value: 'uid' in owner ? numbered('rv', each) : '<rv>' };
    }
    // prose for people, of the columns of a Table
    if (key === 'description') return { value: '<prose>' };
    if (key === 'continue' && each !== '') return { value: '<continue>' };
    if (key === 'cells' && Array.isArray(each)) {
      return { value: each.map((cell) => (typeof cell === 'string' && age.test(cell) ? '<age>' : value(cell))) };
    }
    if (key === 'data' && typeof each === 'object' && each !== null) {
      return {
        value: Object.fromEntries(byKey(each).map(([name, data]) => [name, dataOf(data)])),
      };
    }
    return { value: value(each) };
  };

  /** A Secret's data is base64, a ConfigMap's is not: what decodes to a token or a certificate is shown decoded. */
  const dataOf = (data: unknown) => {
    if (typeof data !== 'string') return value(data);
    const decoded = Buffer.from(data, 'base64').toString();
    const telling = /^eyJ|^-----BEGIN/u.test(decoded) || hidden.some(([known]) => decoded === known);
    return telling ? `base64 of ${text(decoded)}` : text(data);
  };

  return {
    hide: (secret, placeholder) => void hidden.push([secret, placeholder]),
    text,
    value,
    headers(headers) {
      const named = headersThatMatter.flatMap((name) => {
        const values = headers[name];
        return values === undefined ? [] : [[name, values.map(text)] as const];
      });
      const there = headersToBeThere.filter((name) => headers[name] !== undefined).map((name) => [name, ['<any>']]);
      return Object.fromEntries([...named, ...there]) as Record<string, readonly string[]>;
    },
  };
}

/** Entries in one order, whatever order a server writes them in. */
function byKey(record: object): [key: string, value: unknown][] {
  return Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function fromBase64(part: string): string {
  return Buffer.from(part, 'base64url').toString();
}
