import { isRecord } from '../object/object.ts';
import type { ListOf, Schema } from '../object/schema.ts';
import { internal } from '../status.ts';

/**
 * A value after a strategic merge patch: as a merge patch, but lists whose items have a key are merged item by item, and
 * the directives `$patch`, `$retainKeys`, `$setElementOrder` and `$deleteFromPrimitiveList` are obeyed as far as the
 * types of the sandbox have such lists.
 */
export function strategicPatch(value: unknown, patch: unknown, schema: Schema | undefined): unknown {
  if (schema?.type === 'list' && Array.isArray(patch)) return mergeLists(value, patch as unknown[], schema);
  if (!isRecord(patch)) return patch;
  const { $patch, ...changes } = patch;
  if ($patch === 'replace') return changes;
  if ($patch === 'delete') return {};
  if ($patch !== undefined && $patch !== 'merge') throw unknownDirective($patch);
  const result: Record<string, unknown> = isRecord(value) ? { ...value } : {};
  for (const [key, change] of Object.entries(changes)) {
    const [, list] = /^\$deleteFromPrimitiveList\/(.+)$/u.exec(key) ?? [];
    if (list !== undefined) result[list] = without(result[list], change);
    else if (key.startsWith('$')) continue;
    else if (change === null) delete result[key];
    else result[key] = strategicPatch(result[key], change, fieldOf(schema, key));
  }
  return result;
}

function fieldOf(schema: Schema | undefined, key: string): Schema | undefined {
  if (schema?.type === 'map') return schema.of;
  return schema?.type === 'struct' ? schema.fields[key] : undefined;
}

function mergeLists(value: unknown, patch: readonly unknown[], { mergeKey, of }: ListOf): unknown {
  const before = Array.isArray(value) ? (value as unknown[]) : [];
  const replaces = patch.some((item) => isRecord(item) && item['$patch'] === 'replace');
  if (mergeKey === undefined || replaces)
    return patch.filter((item) => !(isRecord(item) && Object.hasOwn(item, '$patch')));
  const keyOf = (item: unknown) => (mergeKey === 'set' ? item : isRecord(item) ? item[mergeKey] : undefined);
  const order = before.map(keyOf);
  const taken = new Set(patch.map(keyOf));
  const others = before.filter((item) => !taken.has(keyOf(item)));
  const merged = patch
    .filter((item) => !(isRecord(item) && item['$patch'] === 'delete'))
    .map((item) => {
      const index = order.indexOf(keyOf(item));
      return index === -1 || mergeKey === 'set' ? item : strategicPatch(before[index], item, of);
    });
  return interleave(merged, others, (item) => order.indexOf(keyOf(item)));
}

/** What a patch names comes first, but for what stood before it already. */
function interleave(
  patched: readonly unknown[],
  others: readonly unknown[],
  indexOf: (item: unknown) => number,
): unknown[] {
  const result: unknown[] = [];
  const rest = [...others];
  for (const item of patched) {
    const at = indexOf(item);
    while (at !== -1 && rest.length > 0 && indexOf(rest[0]) < at) result.push(rest.shift());
    result.push(item);
  }
  return [...result, ...rest];
}

function without(list: unknown, items: unknown): unknown {
  if (!Array.isArray(list) || !Array.isArray(items)) return list;
  return list.filter((item) => !items.includes(item));
}

function unknownDirective(directive: unknown): Error {
  const text = typeof directive === 'string' ? directive : JSON.stringify(directive);
  return internal(`unknown patch type: ${text} in map: map[$patch:${text}]`);
}
