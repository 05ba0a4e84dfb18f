import { goTypeOf } from './go-text.ts';
import { JsonNumber } from './json-number.ts';
import type { Schema, Struct } from './schema.ts';

/** What a value is not; its message is that of Go's decoder of JSON. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  /** The same in the words of Kubernetes' decoder of values (apimachinery: runtime/converter.go). */
  readonly ofConverter: string;

  constructor(message: string, ofConverter = message) {
    super(message);
    this.ofConverter = ofConverter;
  }
}

/** Where a value is: Go's errors name the innermost struct and the whole path. */
export interface Place {
  readonly struct: string;
  readonly path: string;
}

/** A value of another type than the schema's. */
export function mismatch(value: unknown, schema: Schema, { struct, path }: Place): DecodeError {
  const number = jsonTypeOf(value) === 'number' && schema.type === 'integer' ? ` ${sourceOf(value)}` : '';
  const place = path.replaceAll(/^\[\d+\]\.?|\[\d+\]/gu, '');
  const into = place === '' ? 'Go value' : `Go struct field ${struct}.${place}`;
  const message = `json: cannot unmarshal ${jsonTypeOf(value)}${number} into ${into} of type ${schema.goType}`;
  return new DecodeError(message, notConverted(value, schema));
}

function notConverted(value: unknown, { goType, type }: Schema): string {
  const [found = ''] = Array.isArray(value) ? ['slice'] : goTypeOf(value).split('[', 1);
  switch (type) {
    case 'struct':
      return `cannot restore struct from: ${found}`;
    case 'map':
      return `cannot restore map from ${found}`;
    case 'list':
      return `cannot restore slice from ${found}`;
    case 'bytes':
      return found === 'slice' ? 'unrecognized type: uint8' : `cannot restore slice from ${found}`;
    case 'string':
      return typeof value === 'number' ? `cannot convert ${found} to ${goType}` : 'unrecognized type: string';
    case 'time':
      return wrongType(value, 'string');
    case 'integer':
      return typeof value === 'number' ? `cannot convert ${found} to ${goType}` : `unrecognized type: ${goType}`;
    case 'any':
    case 'boolean':
      return `unrecognized type: ${goType}`;
  }
}

/** What Go's decoder says of a value that is of another type: of a whole one, or of a field. */
export function wrongType(value: unknown, goType: string, field?: string): string {
  const into = field === undefined ? 'Go value' : `Go struct field ${field}`;
  return `json: cannot unmarshal ${jsonTypeOf(value)} into ${into} of type ${goType}`;
}

function sourceOf(value: unknown): string {
  return value instanceof JsonNumber ? value.source : String(value);
}

function jsonTypeOf(value: unknown): string {
  if (value instanceof JsonNumber) return 'number';
  return Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
}

export function shortName({ goType }: Struct): string {
  return goType.slice(goType.lastIndexOf('.') + 1);
}
