import { itemKey, isUnmanaged } from './field-changes.ts';
import { type FieldTree, isRecord } from './object.ts';
import type { Schema } from './schema.ts';

/** All fields that an applied value names, those that it sets to nothing among them, as an entry lists them. */
export function appliedFields(value: unknown, schema: Schema): FieldTree {
  return fieldsOf(value, schema, 0) ?? {};
}

function fieldsOf(value: unknown, schema: Schema, depth: number): FieldTree | undefined {
  if (schema.type === 'list' && schema.mergeKey !== undefined && Array.isArray(value)) {
    const { mergeKey } = schema;
    return value.length === 0 ? undefined : Object.fromEntries(value.map((item) => [itemKey(item, mergeKey), {}]));
  }
  const isOpen = (schema.type === 'struct' || schema.type === 'map') && schema.atomic !== true;
  if (!isOpen || !isRecord(value)) return {};
  const fields = Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, item]): [string, FieldTree][] => {
      const inner = schema.type === 'map' ? schema.of : schema.fields[key];
      if (inner === undefined || (schema.type === 'struct' && isUnmanaged(key, depth, schema))) return [];
      const found = fieldsOf(item, inner, depth + 1);
      return found === undefined ? [] : [[`f:${key}`, found]];
    });
  // metadata with nothing in it that anybody manages is nobody's either
  if (fields.length === 0 && schema.goType === 'v1.ObjectMeta') return undefined;
  return Object.fromEntries(fields);
}
