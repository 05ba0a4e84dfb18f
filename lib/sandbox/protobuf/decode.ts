import type { Schema, Struct } from '../object/schema.ts';
import { fieldNames } from './fields.ts';
import { readFields, type WireField } from './wire.ts';

/** What kubectl and other Go clients put before an object in protobuf. */
const magic = Buffer.from('k8s\0');

/** The object in a body of `application/vnd.kubernetes.protobuf`, as JSON has it; undefined for what is none. */
export function decodeProtobuf(body: Buffer, schema: Struct): Record<string, unknown> | undefined {
  if (!body.subarray(0, 4).equals(magic)) return undefined;
  const envelope = readFields(body.subarray(4)) ?? [];
  const part = (fields: readonly WireField[], number: number) => {
    const value = fields.find((field) => field.number === number)?.value;
    return Buffer.isBuffer(value) ? value : undefined;
  };
  const type = readFields(part(envelope, 1) ?? Buffer.alloc(0)) ?? [];
  const object = decodeMessage(part(envelope, 2) ?? Buffer.alloc(0), schema);
  if (object === undefined) return undefined;
  const [apiVersion, kind] = [part(type, 1)?.toString(), part(type, 2)?.toString()];
  return { ...object, ...(apiVersion ? { apiVersion } : {}), ...(kind ? { kind } : {}) };
}

function decodeMessage(bytes: Buffer, schema: Struct): Record<string, unknown> | undefined {
  const names = (fieldNames[schema.goType] ?? '').split(' ');
  const result: Record<string, unknown> = {};
  for (const { number, value } of readFields(bytes) ?? []) {
    const name = names[number - 1] ?? '-';
    const field = schema.fields[name];
    if (field !== undefined) add(result, name, field, value);
  }
  return result;
}

function add(result: Record<string, unknown>, name: string, field: Schema, value: WireField['value']): void {
  if (field.type === 'list') {
    result[name] = [...((result[name] ?? []) as unknown[]), decodeValue(value, field.of)];
  } else if (field.type === 'map' && Buffer.isBuffer(value)) {
    const [key, item] = [1, 2].map((number) => readFields(value)?.find((one) => one.number === number)?.value);
    const known = (result[name] ?? {}) as Record<string, unknown>;
    result[name] = { ...known, [key?.toString() ?? '']: decodeValue(item ?? Buffer.alloc(0), field.of) };
  } else {
    result[name] = decodeValue(value, field);
  }
}

function decodeValue(value: WireField['value'], schema: Schema): unknown {
  if (!Buffer.isBuffer(value)) return schema.type === 'boolean' ? value !== 0n : Number(BigInt.asIntN(64, value));
  switch (schema.type) {
    case 'struct':
      return decodeMessage(value, schema);
    case 'bytes':
      return value.toString('base64');
    case 'time':
      return decodeTime(value);
    case 'list': // a message of its own where it stands in a map
      return (readFields(value) ?? []).map((field) => decodeValue(field.value, schema.of));
    case 'map':
    case 'string':
    case 'integer':
    case 'boolean':
      return value.toString();
    case 'any':
      return undefined;
  }
}

function decodeTime(value: Buffer): string | undefined {
  const seconds = readFields(value)?.find(({ number }) => number === 1)?.value;
  return typeof seconds === 'bigint' ? `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}Z` : undefined;
}
