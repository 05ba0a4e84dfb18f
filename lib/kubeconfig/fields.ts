import { isBase64 } from './base64.ts';

/**
 * A place in a document, for reading typed values from it. Errors name the place (`users[3].user.token`), never the
 * value: it may be a secret. Null is read as absent everywhere, as Go does.
 */
export interface Place<T = unknown> {
  readonly value: T;
  /** Only called for an error: a large file has tens of thousands of places. */
  path(): string;
  refuse(problem: string): never;
}

/** A place that holds a mapping. */
export type Mapping = Place<Readonly<Record<string, unknown>>>;

export function mappingAt(place: Place): Mapping {
  const { value } = place;
  if (value === null || value === undefined) return { ...place, value: {} };
  return isMapping(value) ? { ...place, value } : refuseAt(place, `is ${kindOf(value)}, not a mapping`);
}

export function child({ value, path, refuse }: Mapping, name: string): Place {
  return { value: value[name], path: () => (path() === '' ? name : `${path()}.${name}`), refuse };
}

export function stringOf(mapping: Mapping, name: string): string {
  const value = mapping.value[name];
  return typeof value === 'string' ? value : stringAt(child(mapping, name));
}

export function stringAt({ value, path, refuse }: Place): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  const isUnquoted = ['number', 'bigint', 'boolean'].includes(typeof value);
  return refuseAt({ path, refuse }, `is ${kindOf(value)}, not a string${isUnquoted ? ': it needs quotes' : ''}`);
}

export function booleanOf(mapping: Mapping, name: string): boolean {
  const value = mapping.value[name];
  if (value === null || value === undefined) return false;
  return typeof value === 'boolean' ? value : refuseAt(child(mapping, name), `is ${kindOf(value)}, not true or false`);
}

/** Base64 text; empty where there are but line breaks. Go takes a list of bytes, too. */
export function base64Of(mapping: Mapping, name: string): string {
  const value = mapping.value[name];
  if (Array.isArray(value) && value.every(isByte)) return Buffer.from(value.map(Number)).toString('base64');
  const text = stringOf(mapping, name);
  if (!isBase64(text)) return refuseAt(child(mapping, name), 'is not base64');
  return /[^\r\n]/u.test(text) ? text : '';
}

/** Null where the list is absent. */
export function listAt<T>(place: Place, read: (item: Place) => T): T[] | null {
  const { value, path, refuse } = place;
  if (value === null || value === undefined) return null;
  if (!Array.isArray(value)) return refuseAt(place, `is ${kindOf(value)}, not a list`);
  return value.map((item: unknown, index) => read({ value: item, path: () => `${path()}[${index}]`, refuse }));
}

/** Null where the mapping is absent. Its keys are the user's own: errors do not show them. */
export function entriesAt<T>(place: Place, read: (entry: Place) => T): Map<string, T> | null {
  if (place.value === null || place.value === undefined) return null;
  const { value, path, refuse } = mappingAt(place);
  return new Map(
    Object.keys(value).map((key) => [key, read({ value: value[key], path: () => `${path()}.*`, refuse })]),
  );
}

function refuseAt({ path, refuse }: Pick<Place, 'path' | 'refuse'>, problem: string): never {
  return refuse(`${path() || 'it'} ${problem}`);
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'bigint') return 'a number';
  return isMapping(value) ? 'a mapping' : `a ${typeof value}`;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isByte(value: unknown): boolean {
  return value === null || (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255);
}
