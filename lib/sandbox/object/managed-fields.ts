import { everything, shortest, subtract, union } from './field-tree.ts';
import {
  type FieldTree,
  isRecord,
  type KubeObject,
  type ManagedFields,
  sameValue,
  timestamp,
  withMetadata,
} from './object.ts';
import type { Schema } from './schema.ts';

/** Who writes, and how: an entry of managedFields is one of these. */
export interface Manager {
  readonly manager: string;
  readonly operation: 'Update' | 'Apply';
  readonly apiVersion: string;
  readonly subresource?: string | undefined;
}

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

/**
 * The object with managedFields brought up to date: what differs from before belongs to who wrote it, and to nobody
 * else any more (structured-merge-diff, Updater.Update).
 *
 * @param before The managers that the write starts from.
 */
export function track(
  given: KubeObject,
  old: KubeObject | undefined,
  schema: Schema,
  who: Manager,
  now: number,
  before: readonly ManagedFields[] = old?.metadata.managedFields ?? [],
): KubeObject {
  const object = withMetadata(given, { managedFields: undefined });
  // What has begun without being tracked goes on so, until somebody applies it
  if (old !== undefined && before.length === 0 && who.operation === 'Update') return object;
  const changed = changes(object, old, schema, 0);
  const gone = removals(object, old, schema);
  if (changed === undefined && gone === undefined) return withMetadata(object, { managedFields: listOf(before) });
  const own = before.find((entry) => isOf(entry, who));
  const others = before
    .filter((entry) => entry !== own)
    .map((entry) => reduced(entry, subtract(subtract(entry.fieldsV1, changed ?? {}), gone ?? {})));
  const kept = own === undefined ? {} : subtract(own.fieldsV1, gone ?? {});
  const fieldsV1 = shortest(union(kept, changed ?? {}));
  const mine: ManagedFields = {
    manager: who.manager,
    operation: who.operation,
    apiVersion: who.apiVersion,
    time: own?.time !== undefined && sameValue(own.fieldsV1, fieldsV1) ? own.time : timestamp(now),
    fieldsType: 'FieldsV1',
    fieldsV1,
    ...(who.subresource === undefined ? {} : { subresource: who.subresource }),
  };
  return withMetadata(object, { managedFields: listOf([...others, mine]) });
}

/** The manager of a request: what it says, else the program of its User-Agent. */
export function managerName(query: URLSearchParams, userAgent: string): string {
  const [program = ''] = userAgent.split('/', 1);
  return query.get('fieldManager') || program || 'unknown';
}

export function isOf(entry: ManagedFields, who: Manager): boolean {
  return (
    entry.manager === who.manager &&
    entry.operation === who.operation &&
    entry.apiVersion === who.apiVersion &&
    entry.subresource === who.subresource
  );
}

/** The fields of a value that are new or other than before, as an entry lists them. */
export function changedFields(value: unknown, old: unknown, schema: Schema): FieldTree {
  return changes(value, old, schema, 0) ?? {};
}

function reduced(entry: ManagedFields, fieldsV1: FieldTree): ManagedFields {
  return { ...entry, fieldsV1: shortest(fieldsV1) };
}

/** In the API server's order, without entries that manage nothing. */
export function listOf(entries: readonly ManagedFields[]): ManagedFields[] | undefined {
  const left = entries.filter(({ fieldsV1 }) => Object.keys(fieldsV1).length > 0);
  const order = ({ operation, time = '', manager }: ManagedFields) => `${operation}\n${time}\n${manager}`;
  return left.length === 0 ? undefined : left.toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
}

/** What is new or other than before. Maps and keyed lists count item by item, and themselves where they are new. */
function changes(value: unknown, old: unknown, schema: Schema, depth: number): FieldTree | undefined {
  if (value === undefined || value === null || sameValue(value, old)) return undefined;
  if (value === '' && schema.omit === 'never' && old === undefined) return undefined;
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
function itemKey(item: unknown, mergeKey: string): string {
  if (mergeKey === 'set') return `v:${JSON.stringify(item)}`;
  return `k:${JSON.stringify({ [mergeKey]: (item as Record<string, unknown>)[mergeKey] })}`;
}

function isMetadata(schema: Schema): boolean {
  return schema.goType === 'v1.ObjectMeta';
}

function isUnmanaged(key: string, depth: number, schema: Schema): boolean {
  return depth === 0 ? key === 'apiVersion' || key === 'kind' : isMetadata(schema) && unmanaged.has(key);
}

/** Paths that were there and are no more. */
function removals(value: unknown, old: unknown, schema: Schema | undefined): FieldTree | undefined {
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
