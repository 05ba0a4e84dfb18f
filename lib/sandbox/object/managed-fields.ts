import { changes, isTellable, removals } from './field-changes.ts';
import { shortest, subtract, union } from './field-tree.ts';
import { type FieldTree, type KubeObject, type ManagedFields, sameValue, timestamp, withMetadata } from './object.ts';
import type { Schema } from './schema.ts';

/** Who writes, and how: an entry of managedFields is one of these. */
export interface Manager {
  readonly manager: string;
  readonly operation: 'Update' | 'Apply';
  readonly apiVersion: string;
  readonly subresource?: string | undefined;
}

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
  if (!isTellable(object, schema)) return object;
  // What has begun without being tracked goes on so, until somebody applies it
  if (old !== undefined && before.length === 0 && who.operation === 'Update') return object;
  const changed = changes(object, old, schema);
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

function reduced(entry: ManagedFields, fieldsV1: FieldTree): ManagedFields {
  return { ...entry, fieldsV1: shortest(fieldsV1) };
}

/** In the API server's order, without entries that manage nothing. */
export function listOf(entries: readonly ManagedFields[]): ManagedFields[] | undefined {
  const left = entries.filter(({ fieldsV1 }) => Object.keys(fieldsV1).length > 0);
  const order = ({ operation, time = '', manager }: ManagedFields) => `${operation}\n${time}\n${manager}`;
  return left.length === 0 ? undefined : left.toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
}
