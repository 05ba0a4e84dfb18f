import { JsonNumber } from './json-number.ts';
import { isRecord } from './object.ts';

/** A value as Go prints it: `map[a:1 b:map[c:x]]`, `[1 2]`, `<nil>`. */
export function goText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (!isRecord(value)) return value === null ? '<nil>' : typeof value === 'string' ? value : JSON.stringify(value);
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `map[${entries.map(([key, item]) => `${key}:${goText(item)}`).join(' ')}]`;
}

/** What Go calls the type of a value that came as JSON. */
export function goTypeOf(value: unknown): string {
  if (value === null || value === undefined) return '%!s(<nil>)';
  if (Array.isArray(value)) return '[]interface {}';
  if (value instanceof JsonNumber) return 'float64';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'object' ? 'map[string]interface {}' : 'string';
}

/** A value where Go's `%s` is given something else than a text. */
export function goString(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return `%!s(${goTypeOf(value)}=${value})`;
  return value === null ? '%!s(<nil>)' : goText(value);
}

const escapes: Readonly<Record<string, string>> = {
  '"': String.raw`\"`,
  '\\': '\\\\',
  '\u0007': String.raw`\a`,
  '\b': String.raw`\b`,
  '\f': String.raw`\f`,
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
  '\t': String.raw`\t`,
  '\v': String.raw`\v`,
};

/** A text as Go's `%q` prints it: what is no letter, mark, number, sign or space is escaped. */
export function goQuoted(text: string): string {
  const shown = Array.from(wellFormed(text), (one: string) => {
    const escape = escapes[one];
    if (escape !== undefined || isPrintable(one)) return escape ?? one;
    const code = (one.codePointAt(0) ?? 0).toString(16);
    if (code.length <= 2 && one < '\u0080') return String.raw`\x${code.padStart(2, '0')}`;
    return code.length <= 4 ? String.raw`\u${code.padStart(4, '0')}` : String.raw`\U${code.padStart(8, '0')}`;
  });
  return `"${shown.join('')}"`;
}

/** Go: unicode.IsPrint. */
export function isPrintable(character: string): boolean {
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character);
}

/** Half of a pair of surrogates is no character: Go has U+FFFD in its place. */
export function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}
