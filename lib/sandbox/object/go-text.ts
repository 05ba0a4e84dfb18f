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

/** Go: unicode.IsPrint. */
export function isPrintable(character: string): boolean {
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character);
}

/** Half of a pair of surrogates is no character: Go has U+FFFD in its place. */
export function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}
