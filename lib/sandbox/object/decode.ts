import { isRecord, type KubeObject } from './object.ts';
import type { Schema, Struct } from './schema.ts';

/** What a value is not; its message is that of Go's decoder. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
}

/** Where a value is: Go's errors name the innermost struct and the whole path. */
interface Place {
  readonly struct: string;
  readonly path: string;
}

/**
 * The value as Kubernetes would write it again: known fields only, in Kubernetes' order, empty ones left out.
 *
 * @param onUnknown Takes the path of each field that the type does not have: `spec.x`, `subjects[0].x`.
 * @throws {DecodeError} A value of another type.
 */
export function decode(value: unknown, schema: Struct, onUnknown: (path: string) => void): KubeObject {
  return decodeStruct(value, schema, { struct: shortName(schema), path: '' }, onUnknown) as KubeObject;
}

/** The same for a value that this program made. */
export function normalise(value: unknown, schema: Struct): KubeObject {
  return decode(value, schema, () => undefined);
}

function decodeStruct(value: unknown, schema: Struct, place: Place, onUnknown: (path: string) => void): unknown {
  if (!isRecord(value)) throw mismatch(value, schema, place);
  const result: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(schema.fields)) {
    const inner = { struct: shortName(schema), path: place.path === '' ? name : `${place.path}.${name}` };
    const decoded = decodeValue(value[name], field, inner, onUnknown);
    if (!isLeftOut(decoded, field)) result[name] = decoded;
  }
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(schema.fields, name)) onUnknown(place.path === '' ? name : `${place.path}.${name}`);
  }
  return result;
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
      if (value.length === 0 && schema.omit === 'never') return null;
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
    case 'time':
      if (typeof value !== 'string') throw mismatch(value, schema, place);
      return value;
    case 'any':
      return value;
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
  throw new DecodeError(`illegal base64 data at input byte ${bad === -1 ? Math.floor(compact.length / 4) * 4 : bad}`);
}

function mismatch(value: unknown, schema: Schema, { struct, path }: Place): DecodeError {
  const found = Array.isArray(value) ? 'array' : value === true || value === false ? 'bool' : typeof value;
  const number = found === 'number' && schema.type === 'integer' ? ` ${String(value)}` : '';
  const place = path.replaceAll(/\[\d+\]/gu, '');
  const into = place === '' ? 'Go value' : `Go struct field ${struct}.${place}`;
  return new DecodeError(`json: cannot unmarshal ${found}${number} into ${into} of type ${schema.goType}`);
}

function shortName({ goType }: Struct): string {
  return goType.slice(goType.lastIndexOf('.') + 1);
}
