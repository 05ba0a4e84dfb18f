import { itemKey } from '../object/field-changes.ts';
import { type FieldTree, isRecord } from '../object/object.ts';
import type { Schema } from '../object/schema.ts';

/** A value with an applied one merged into it: maps by field, lists by the key of their items, all else replaced. */
export function mergeApplied(value: unknown, applied: unknown, schema: Schema | undefined): unknown {
  const isOpen = (schema?.type === 'struct' || schema?.type === 'map') && schema.atomic !== true;
  if (isOpen && isRecord(applied)) {
    const fields = new Map(isRecord(value) ? Object.entries(value) : []);
    for (const [key, item] of Object.entries(applied)) {
      const field = schema.type === 'map' ? schema.of : schema.fields[key];
      fields.set(key, mergeApplied(fields.get(key), item, field));
    }
    return Object.fromEntries(fields);
  }
  if (schema?.type !== 'list' || schema.mergeKey === undefined) return applied;
  if (!Array.isArray(applied) || !Array.isArray(value)) return applied;
  return mergeItems(value as unknown[], applied as unknown[], schema.mergeKey);
}

/** Items stay where they are, and new ones come behind what they do not follow; those of both are in the applied order. */
function mergeItems(value: readonly unknown[], applied: readonly unknown[], mergeKey: string): unknown[] {
  const key = (item: unknown) => itemKey(item, mergeKey);
  const [before, wanted] = [new Set(value.map(key)), new Set(applied.map(key))];
  const rest = [...value];
  const result: unknown[] = [];
  for (const item of applied) {
    while (rest.length > 0 && !wanted.has(key(rest[0]))) result.push(rest.shift());
    const isNew = !before.has(key(item));
    const index = isNew ? -1 : rest.findIndex((other) => key(other) === key(item));
    if (index !== -1) rest.splice(index, 1);
    result.push(item);
  }
  return [...result, ...rest];
}

/** A value without the fields and items of a tree. */
export function withoutFields(value: unknown, fields: FieldTree, schema: Schema | undefined): unknown {
  if (schema?.type === 'list' && schema.mergeKey !== undefined && Array.isArray(value)) {
    const { mergeKey } = schema;
    return value.filter((item) => !Object.hasOwn(fields, itemKey(item, mergeKey)));
  }
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).flatMap(([key, item]): [string, unknown][] => {
    const inner = fields[`f:${key}`];
    if (inner === undefined) return [[key, item]];
    const field = schema?.type === 'map' ? schema.of : schema?.type === 'struct' ? schema.fields[key] : undefined;
    return Object.keys(inner).length === 0 ? [] : [[key, withoutFields(item, inner, field)]];
  });
  return Object.fromEntries(entries);
}
