import { isRecord } from '../object/object.ts';
import type { ListOf, Schema } from '../object/schema.ts';

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
  if (mergeKey === 'set') return [...before, ...patch.filter((item) => !before.includes(item))];
  let list = before;
  for (const item of patch) {
    if (!isRecord(item)) continue;
    const index = list.findIndex((other) => isRecord(other) && other[mergeKey] === item[mergeKey]);
    if (item['$patch'] === 'delete') list = list.filter((_, at) => at !== index);
    else if (index === -1) list = list.concat([item]);
    else list = list.with(index, strategicPatch(list[index], item, of));
  }
  return list;
}

function without(list: unknown, items: unknown): unknown {
  if (!Array.isArray(list) || !Array.isArray(items)) return list;
  return list.filter((item) => !items.includes(item));
}
