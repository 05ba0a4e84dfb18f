/** What an unquoted scalar of a YAML file is to kubectl; a bigint is a number that only 64 bits hold. */
export type PlainValue = string | number | bigint | boolean | null;

/**
 * The value of an unquoted scalar as kubectl reads it: YAML 1.1 in the dialect of go-yaml (yaml.v2, resolve.go).
 * `no` and `y` are booleans, `0o17` and `1_0` numbers; base 60 and dates stay strings.
 */
export function resolvePlain(text: string): PlainValue {
  if (!startsLikeAValue.test(text)) return text;
  const word = words.get(text);
  return word === undefined ? (resolveInteger(text) ?? resolveFloat(text) ?? text) : word;
}

// Nothing but strings begins otherwise; the empty text is null.
const startsLikeAValue = /^(?:[-+.~0-9yYnNtTfFoO]|$)/u;

const spellings: readonly (readonly [PlainValue, string])[] = [
  [true, 'y Y yes Yes YES true True TRUE on On ON'],
  [false, 'n N no No NO false False FALSE off Off OFF'],
  [null, '~ null Null NULL'],
  [Number.NaN, '.nan .NaN .NAN'],
  [Infinity, '.inf .Inf .INF +.inf +.Inf +.INF'],
  [-Infinity, '-.inf -.Inf -.INF'],
];

const words: ReadonlyMap<string, PlainValue> = new Map<string, PlainValue>([
  ['', null],
  ...spellings.flatMap(([value, list]) => list.split(' ').map((word) => [word, value] as const)),
]);

/** Go: strconv.ParseInt(…, 0, 64), then ParseUint, underscores removed. What does not fit into 64 bits is a float. */
export function resolveInteger(text: string): number | bigint | undefined {
  if (!/^[-+0-9]/u.test(text)) return undefined;
  const [, sign = '', digits = ''] = /^([-+]?)(.*)$/su.exec(text.replaceAll('_', '')) ?? [];
  const literal = /^0[0-7]+$/u.test(digits) ? `0o${digits}` : digits.toLowerCase();
  if (!/^(?:0|[1-9][0-9]*|0x[0-9a-f]+|0o[0-7]+|0b[01]+)$/u.test(literal)) return undefined;
  const short = Number(literal);
  if (Number.isSafeInteger(short)) return sign === '-' && short !== 0 ? -short : short;
  const value = BigInt(literal);
  const limit = sign === '' ? 2n ** 64n - 1n : sign === '-' ? 2n ** 63n : 2n ** 63n - 1n;
  if (value > limit) return undefined;
  return sign === '-' ? -value : value;
}

/** Go: strconv.ParseFloat. A number that a float cannot hold stays a string. */
function resolveFloat(text: string): number | undefined {
  const plain = text.startsWith('.') ? text : text.replaceAll('_', '');
  if (!/^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/u.test(plain)) return undefined;
  const value = Number(plain);
  return Number.isFinite(value) ? value : undefined;
}
