import { goText, goTypeOf } from '../object/go-text.ts';
import { isRecord } from '../object/object.ts';
import type { Schema } from '../object/schema.ts';
import { internal } from '../status.ts';
import { unknownDirective, wrongFormat, wrongType } from './strategic-errors.ts';
import { inOrder, keyOf, mergeLists, without } from './strategic-lists.ts';

type Fields = Readonly<Record<string, unknown>>;

const deletesFromList = '$deleteFromPrimitiveList';
const ordersList = '$setElementOrder';

/**
 * A value after a strategic merge patch: as a merge patch, but lists whose items have a key are merged item by item, and
 * the directives `$patch`, `$retainKeys`, `$setElementOrder` and `$deleteFromPrimitiveList` are obeyed (kubernetes:
 * apimachinery, strategicpatch/patch.go).
 *
 * @throws {ApiError} 400 or 500: a directive that is none, or whose lists do not fit.
 */
export function strategicPatch(value: Fields, patch: Fields, schema: Schema | undefined): Fields {
  const { $patch, ...replacement } = patch;
  if ($patch === 'replace') return replacement;
  if ($patch === 'delete') return {};
  if (Object.hasOwn(patch, '$patch')) throw unknownDirective($patch, patch);
  const fields = new Map(Object.entries(value));
  const changes = new Map(Object.entries(patch));
  retainKeys(fields, changes);
  for (const directive of [...changes.keys()].filter((key) => key.startsWith(ordersList))) {
    orderList(fields, changes, directive, schema);
  }
  for (const [key, change] of changes) {
    if (key.startsWith(deletesFromList)) deleteFromList(fields, key, change);
    else mergeField(fields, key, change, fieldOf(schema, key));
  }
  return Object.fromEntries(fields);
}

function fieldOf(schema: Schema | undefined, key: string): Schema | undefined {
  if (schema?.type === 'map') return schema.of;
  return schema?.type === 'struct' && Object.hasOwn(schema.fields, key) ? schema.fields[key] : undefined;
}

/** `$retainKeys` names all fields that are left, those of the patch among them. */
function retainKeys(fields: Map<string, unknown>, changes: Map<string, unknown>): void {
  if (!changes.has('$retainKeys')) return;
  const kept = changes.get('$retainKeys');
  changes.delete('$retainKeys');
  if (!Array.isArray(kept)) throw wrongFormat('retainKeys');
  for (const [key, change] of changes) {
    const isExempt = change === null || key.startsWith(deletesFromList) || key.startsWith(ordersList);
    if (!isExempt && !kept.includes(key)) throw wrongFormat('retainKeys');
  }
  for (const key of fields.keys()) if (!kept.includes(key)) fields.delete(key);
}

/** `$setElementOrder/LIST` says in which order the items of a list are, those that only the server has among them. */
function orderList(
  fields: Map<string, unknown>,
  changes: Map<string, unknown>,
  directive: string,
  schema: Schema | undefined,
): void {
  const order = changes.get(directive);
  changes.delete(directive);
  if (!Array.isArray(order)) throw wrongType('[]interface {}', order);
  const name = nameIn(directive, ordersList);
  if (name === undefined) throw wrongFormat('setElementOrder list');
  const [before, patch] = [listOf(fields, name), listOf(changes, name)];
  const list = fieldOf(schema, name);
  if (list === undefined) {
    const struct = schema?.goType.split('.').at(-1) ?? '';
    throw internal(`unable to find api field in struct ${struct} for the json field "${name}"`);
  }
  const mergeKey = keyIn(list);
  checkOrder(patch ?? [], order, mergeKey);
  changes.delete(name);
  if (before === undefined && patch === undefined) return;
  const merged =
    before === undefined
      ? (withoutDirectives(patch) as unknown[])
      : patch === undefined
        ? before
        : merge(before, patch, list);
  if ((before ?? []).length + (patch ?? []).length === 0) throw internal('no elements in any of the given slices');
  fields.set(name, inOrder(merged, order, before ?? [], { mergeKey }));
}

/** What a patch lists is in the order that it says, too. */
function checkOrder(patch: readonly unknown[], order: readonly unknown[], mergeKey: string | undefined): void {
  const key = (item: unknown) => (mergeKey === undefined ? item : keyOf(item, mergeKey));
  if (order.length === 0 || patch.length === 0) return;
  const given = patch.filter((item) => !(isRecord(item) && Object.hasOwn(item, '$patch')));
  let next = 0;
  for (const item of order) if (next < given.length && key(given[next]) === key(item)) next += 1;
  if (next === given.length) return;
  const lists = [patch, order].map((list) => goText(list));
  throw internal(`The order in patch list:\n${lists[0]}\n doesn't match ${ordersList} list:\n${lists[1]}\n`);
}

function nameIn(directive: string, prefix: string): string | undefined {
  return directive.startsWith(`${prefix}/`) ? directive.slice(prefix.length + 1) : undefined;
}

function listOf(fields: ReadonlyMap<string, unknown>, name: string): readonly unknown[] | undefined {
  if (!fields.has(name)) return undefined;
  const list = fields.get(name);
  if (Array.isArray(list)) return list as unknown[];
  throw wrongType('[]interface {}', list);
}

function deleteFromList(fields: Map<string, unknown>, directive: string, values: unknown): void {
  const name = nameIn(directive, deletesFromList);
  if (name === undefined) throw wrongFormat('primitive list');
  const list = fields.get(name);
  if (values === null) fields.delete(name);
  else if (Array.isArray(list) && Array.isArray(values)) fields.set(name, without(list as unknown[], values));
}

function mergeField(fields: Map<string, unknown>, key: string, change: unknown, schema: Schema | undefined): void {
  const before = fields.get(key);
  if (change === null) fields.delete(key);
  else if (isRecord(before) && isRecord(change)) fields.set(key, strategicPatch(before, change, schema));
  else if (Array.isArray(before) && Array.isArray(change)) fields.set(key, merge(before, change, schema));
  else if (isRecord(change) && Object.hasOwn(change, '$patch')) fields.delete(key);
  else fields.set(key, withoutDirectives(goTypeOf(before) === goTypeOf(change) ? change : withoutNulls(change)));
}

/** A list without a key is replaced as a whole. */
function merge(before: readonly unknown[], patch: readonly unknown[], schema: Schema | undefined): unknown[] {
  if (schema?.type !== 'list' || schema.mergeKey === undefined) return [...patch];
  const mergeItems = (one: Fields, other: Fields) => strategicPatch(one, other, schema.of);
  return mergeLists(before, patch, { mergeKey: keyIn(schema), merge: mergeItems });
}

function keyIn(schema: Schema): string | undefined {
  return schema.type === 'list' && schema.mergeKey !== 'set' ? schema.mergeKey : undefined;
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutNulls(item)]));
}

/** What is new has nothing for its directives to change. */
function withoutDirectives(value: unknown): unknown {
  const isDirective = (item: unknown) => isRecord(item) && Object.hasOwn(item, '$patch');
  if (Array.isArray(value)) return value.filter((item) => !isDirective(item)).map(withoutDirectives);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).filter(([, item]) => !isDirective(item));
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutDirectives(item)]));
}
