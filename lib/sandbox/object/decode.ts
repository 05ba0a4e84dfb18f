import { DecodeError, mismatch, type Place, shortName } from './decode-error.ts';
import { goTime, TimeError } from './go-time.ts';
import { isRecord, type KubeObject } from './object.ts';
import type { Schema, Struct } from './schema.ts';

/**
 * The value as Kubernetes would write it again: known fields only, in Kubernetes' order, empty ones left out.
 *
 * @param onUnknown Takes the path of each field that the type does not have: `spec.x`, `subjects[0].x`.
 * @throws {DecodeError} A value of another type.
 */
export function decode(value: unknown, schema: Struct, onUnknown: (path: string) => void): KubeObject {
  return decodeStruct(value, schema, { struct: shortName(schema), path: '' }, onUnknown) as KubeObject;
}

/**
 * Only looks whether a value is of a type.
 *
 * @throws {DecodeError} It is not.
 */
export function check(value: unknown, schema: Schema, onUnknown: (path: string) => void): void {
  decodeValue(value, schema, { struct: '', path: '' }, onUnknown);
}

/** The same for a value that this program made. */
export function normalise(value: unknown, schema: Struct): KubeObject {
  return decode(value, schema, () => undefined);
}

function decodeStruct(value: unknown, schema: Struct, place: Place, onUnknown: (path: string) => void): unknown {
  if (!isRecord(value)) throw mismatch(value, schema, place);
  // in the order of what came, so that what is wrong first is told first
  const found = new Map<string, unknown>();
  for (const [name, given] of Object.entries(value)) {
    const path = place.path === '' ? name : `${place.path}.${name}`;
    const field = Object.hasOwn(schema.fields, name) ? schema.fields[name] : undefined;
    if (field === undefined) onUnknown(path);
    else found.set(name, decodeValue(given, field, { struct: shortName(schema), path }, onUnknown));
  }
  const fields = Object.entries(schema.fields).flatMap(([name, field]) => {
    const decoded = found.has(name) ? found.get(name) : zero(field);
    return isLeftOut(decoded, field) ? [] : [[name, decoded] as const];
  });
  return Object.fromEntries(fields);
}

function decodeValue(value: unknown, schema: Schema, place: Place, onUnknown: (path: string) => void): unknown {
  if (value === undefined || value === null) return zero(schema);
  switch (schema.type) {
    case 'struct':
      return decodeStruct(value, schema, place, onUnknown);
    case 'map':
      if (!isRecord(value)) throw mismatch(value, schema, place);
      return Object.fromEntries(
        Object.entries(value)
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, item]) => [key, decodeValue(item, schema.of, place, onUnknown) ?? '']),
      );
    case 'list':
      if (!Array.isArray(value)) throw mismatch(value, schema, place);
      return value.map((item: unknown, index) =>
        decodeValue(item, schema.of, { ...place, path: `${place.path}[${index}]` }, onUnknown),
      );
    case 'integer':
      if (typeof value !== 'number' || !Number.isInteger(value)) throw mismatch(value, schema, place);
      return value;
    case 'boolean':
      if (typeof value !== 'boolean') throw mismatch(value, schema, place);
      return value;
    case 'bytes':
      if (typeof value !== 'string') throw mismatch(value, schema, place);
      return checkBase64(value);
    case 'string':
      if (typeof value !== 'string') throw mismatch(value, schema, place);
      return value;
    case 'time':
      if (typeof value !== 'string') throw mismatch(value, { ...schema, goType: 'string' }, place);
      return decodeTime(value, schema.goType);
    case 'any':
      return value;
  }
}

function decodeTime(text: string, goType: string): unknown {
  try {
    return goTime(text, goType === 'v1.MicroTime' ? 'micro' : 'second');
  } catch (error) {
    throw error instanceof TimeError ? new DecodeError(error.message) : error;
  }
}

/** What Go's variable holds where JSON says nothing. */
function zero(schema: Schema): unknown {
  if (schema.omit !== 'never') return undefined;
  switch (schema.type) {
    case 'struct':
      return decodeStruct({}, schema, { struct: '', path: '' }, () => undefined);
    case 'string':
      return '';
    case 'integer':
      return 0;
    case 'boolean':
      return false;
    case 'map':
    case 'list':
    case 'bytes':
    case 'time':
    case 'any':
      return null;
  }
}

function isLeftOut(value: unknown, { omit }: Schema): boolean {
  if (value === undefined) return true;
  if (omit !== 'empty') return false;
  if (value === '' || value === 0 || value === false || value === null) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** @throws {DecodeError} As Go's encoding/base64 counts: the offset of the first byte that cannot be. */
function checkBase64(text: string): string {
  const compact = text.replaceAll(/[\r\n]/gu, '');
  const valid = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/u.test(compact);
  if (valid) return compact;
  const bad = compact.search(/[^A-Za-z0-9+/]/u);
  const why = `illegal base64 data at input byte ${bad === -1 ? Math.floor(compact.length / 4) * 4 : bad}`;
  throw new DecodeError(why, `error decoding from json: ${why}`);
}
