import { goText, goTypeOf } from '../object/go-text.ts';
import { isRecord, sameValue } from '../object/object.ts';
import { ApiError, internal } from '../status.ts';
import { noMergeKey, unknownDirective, wrongType } from './strategic-errors.ts';

type Item = Readonly<Record<string, unknown>>;

/** How the items of a list are told apart, and how two with the same key become one. */
export interface ListRules {
  /** The name of the field that is the key; undefined where an item is its own. */
  readonly mergeKey: string | undefined;
  readonly merge: (before: Item, patch: Item) => unknown;
}

/**
 * The list with the items of a patch merged into it, by their key; the patch's order comes before that of the list.
 *
 * @throws {ApiError} 500 or 422: items of different types, or without their key.
 */
export function mergeLists(before: readonly unknown[], patch: readonly unknown[], rules: ListRules): unknown[] {
  if (before.length + patch.length === 0) return [];
  if (!areMaps(before, patch)) {
    const merged = [...new Set([...before, ...patch])];
    if (rules.mergeKey !== undefined) throw wrongType('map[string]interface {}', merged[0]);
    return inOrder(merged, patch, before, rules);
  }
  const { directives, items } = apart(patch as Item[]);
  if (rules.mergeKey === undefined) throw internal('cannot merge lists without merge key for ');
  const left = directives.reduce<unknown[]>((list, item) => obey(item, list, rules.mergeKey ?? ''), [...before]);
  const isReplaced = directives.some(({ $patch }) => $patch === 'replace');
  const merged = isReplaced ? [...items] : items.reduce((list, item) => mergeItem(list, item, rules), left);
  return inOrder(merged, isReplaced ? [] : items, before, rules);
}

/**
 * The list without some of its values.
 *
 * @throws {ApiError} 500: its items are no values.
 */
export function without(list: readonly unknown[], values: readonly unknown[]): unknown[] {
  if (areMaps(list, values)) throw internal('cannot merge lists without merge key for ');
  return list.filter((item) => !values.includes(item));
}

/**
 * The items that `order` names in its order, and the others before those of them that they stood before.
 *
 * @throws {ApiError} 500: an item without its key.
 */
export function inOrder(
  items: readonly unknown[],
  order: readonly unknown[],
  before: readonly unknown[],
  { mergeKey }: Pick<ListRules, 'mergeKey'>,
): unknown[] {
  const key = (item: unknown) => (mergeKey === undefined ? item : keyOf(item, mergeKey));
  const place = (list: readonly unknown[], item: unknown) => list.findIndex((one) => sameValue(key(one), key(item)));
  const rank = (list: readonly unknown[], item: unknown) => (place(list, item) + list.length + 1) % (list.length + 1);
  const sort = (list: unknown[], by: readonly unknown[]) => list.toSorted((a, b) => rank(by, a) - rank(by, b));
  const named = sort(
    items.filter((item) => place(order, item) !== -1),
    order,
  );
  const others = sort(
    items.filter((item) => place(order, item) === -1),
    before,
  );
  const result: unknown[] = [];
  for (const item of named) {
    const at = place(before, item);
    while (at !== -1 && others.length > 0 && place(before, others[0]) < at) result.push(others.shift());
    result.push(item);
  }
  return [...result, ...others];
}

/** @throws {ApiError} 500: no object, or none with this key. */
export function keyOf(item: unknown, mergeKey: string): unknown {
  if (!isRecord(item)) throw wrongType('map[string]interface {}', item);
  if (!Object.hasOwn(item, mergeKey)) throw noMergeKey(item, mergeKey);
  return item[mergeKey];
}

/** @throws {ApiError} Items are of one type, and no lists. */
function areMaps(before: readonly unknown[], patch: readonly unknown[]): boolean {
  const [type, ...others] = [...before, ...patch].map(goTypeOf);
  if (type === '[]interface {}') {
    throw new ApiError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
  }
  if (others.some((one) => one !== type))
    throw internal(`list element types are not identical: ${goText([before, patch])}`);
  return type === 'map[string]interface {}';
}

function apart(patch: readonly Item[]) {
  const isDirective = (item: Item) => Object.hasOwn(item, '$patch');
  return { directives: patch.filter(isDirective), items: patch.filter((item) => !isDirective(item)) };
}

function obey(directive: Item, list: unknown[], mergeKey: string): unknown[] {
  const { $patch } = directive;
  if ($patch === 'replace') return list;
  if ($patch === 'merge') throw internal('merging lists cannot yet be specified in the patch');
  if ($patch !== 'delete') throw unknownDirective($patch, directive);
  const key = keyOf(directive, mergeKey);
  return list.filter((item) => !(isRecord(item) && sameValue(item[mergeKey], key)));
}

function mergeItem(list: unknown[], item: Item, { merge, mergeKey = '' }: ListRules): unknown[] {
  const key = keyOf(item, mergeKey);
  const index = list.findIndex((one) => isRecord(one) && sameValue(one[mergeKey], key));
  return index === -1 ? [...list, item] : list.with(index, merge(list[index] as Item, item));
}
