import { everything } from './field-tree.ts';
import { type FieldTree, isRecord, sameValue } from './object.ts';
import type { Schema } from './schema.ts';

/** Fields that nobody manages. */
const unmanaged = new Set([
  'apiVersion',
  'kind',
  'name',
  'namespace',
  'creationTimestamp',
  'selfLink',
  'uid',
  'generation',
  'managedFields',
  'resourceVersion',
]);

/** The fields of a value that are new or other than before, as an entry lists them. */
export function changedFields(value: unknown, old: unknown, schema: Schema): FieldTree {
  return changes(value, old, schema) ?? {};
}

/** Whether each item of a list has its key: else nobody can say who manages which. */
export function isTellable(value: unknown, schema: Schema | undefined): boolean {
  if (schema?.type === 'struct' && isRecord(value)) {
    return Object.entries(value).every(([key, item]) => isTellable(item, schema.fields[key]));
  }
  if (schema?.type !== 'list' || schema.mergeKey === undefined || schema.mergeKey === 'set') return true;
  const { mergeKey } = schema;
  return !Array.isArray(value) || value.every((item) => isRecord(item) && item[mergeKey] !== undefined);
}

/** What is new or other than before. Maps and keyed lists count item by item, and themselves where they are new. */
export function changes(value: unknown, old: unknown, schema: Schema, depth = 0): FieldTree | undefined {
  if (value === undefined || value === null || sameValue(value, old)) return undefined;
  // what is nothing was nothing before, too
  if ((value === '' || value === false || value === 0) && schema.omit === 'never' && old === undefined)
    return undefined;
  if ((schema.type === 'struct' || schema.type === 'map') && schema.atomic !== true && isRecord(value)) {
    const before = isRecord(old) ? old : undefined;
    const marks: [string, FieldTree][] = before === undefined && depth > 0 && !isMetadata(schema) ? [['.', {}]] : [];
    const fields = Object.entries(value).flatMap(([key, item]): [string, FieldTree][] => {
      if (depth < 2 && schema.type === 'struct' && isUnmanaged(key, depth, schema)) return [];
      const inner = schema.type === 'map' ? schema.of : schema.fields[key];
      const found = inner === undefined ? undefined : changes(item, before?.[key], inner, depth + 1);
      return found === undefined ? [] : [[`f:${key}`, found]];
    });
    const isNullable = schema.type === 'map' || schema.omit === 'absent';
    const all = [...(isNullable ? marks : []), ...fields];
    return all.length === 0 ? undefined : Object.fromEntries(all.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }
  if (schema.type === 'list' && schema.mergeKey !== undefined && Array.isArray(value)) {
    return listChanges(value as unknown[], old, schema.mergeKey);
  }
  return {};
}

function listChanges(value: readonly unknown[], old: unknown, mergeKey: string): FieldTree | undefined {
  const before = Array.isArray(old) ? (old as unknown[]) : undefined;
  const fields = value.flatMap((item): [string, FieldTree][] =>
    before?.some((other) => sameValue(other, item)) === true ? [] : [[itemKey(item, mergeKey), {}]],
  );
  const all = [...(before === undefined ? ([['.', {}]] as [string, FieldTree][]) : []), ...fields];
  return all.length === 0 ? undefined : Object.fromEntries(all);
}

/** An item of a list as fieldsV1 names it: `v:"x"`, `k:{"name":"x"}`. */
export function itemKey(item: unknown, mergeKey: string): string {
  if (mergeKey === 'set') return `v:${JSON.stringify(item)}`;
  return `k:${JSON.stringify({ [mergeKey]: (item as Record<string, unknown>)[mergeKey] })}`;
}

function isMetadata(schema: Schema): boolean {
  return schema.goType === 'v1.ObjectMeta';
}

export function isUnmanaged(key: string, depth: number, schema: Schema): boolean {
  return depth === 0 ? key === 'apiVersion' || key === 'kind' : isMetadata(schema) && unmanaged.has(key);
}

/** Paths that were there and are no more. */
export function removals(value: unknown, old: unknown, schema: Schema | undefined): FieldTree | undefined {
  const fields = isRecord(old)
    ? fieldRemovals(isRecord(value) ? value : {}, old, schema)
    : schema?.type === 'list' && Array.isArray(old) && Array.isArray(value)
      ? itemRemovals(value as unknown[], old as unknown[], schema.mergeKey)
      : [];
  return fields.length === 0 ? undefined : Object.fromEntries(fields);
}

function fieldRemovals(
  now: Readonly<Record<string, unknown>>,
  old: Readonly<Record<string, unknown>>,
  schema: Schema | undefined,
): [string, FieldTree][] {
  return Object.entries(old).flatMap(([key, item]): [string, FieldTree][] => {
    if (key === 'managedFields') return [];
    if (!Object.hasOwn(now, key)) return [[`f:${key}`, everything]];
    const field = schema?.type === 'map' ? schema.of : schema?.type === 'struct' ? schema.fields[key] : undefined;
    const inner = removals(now[key], item, field);
    return inner === undefined ? [] : [[`f:${key}`, inner]];
  });
}

function itemRemovals(
  now: readonly unknown[],
  old: readonly unknown[],
  mergeKey: string | undefined,
): [string, FieldTree][] {
  if (mergeKey === undefined) return [];
  const kept = new Set(now.map((item) => itemKey(item, mergeKey)));
  const gone = old.map((item) => itemKey(item, mergeKey)).filter((key) => !kept.has(key));
  return gone.map((key) => [key, everything]);
}
