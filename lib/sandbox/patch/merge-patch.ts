import { isRecord } from '../object/object.ts';
import { sorted } from '../object/sorted.ts';

/** A value after a JSON merge patch (RFC 7386): null takes away, lists are replaced. */
export function mergePatch(value: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const changed = new Map(isRecord(value) ? Object.entries(value) : []);
  for (const [key, change] of Object.entries(patch)) {
    if (change === null) changed.delete(key);
    else changed.set(key, mergePatch(changed.get(key), change));
  }
  const result = Object.fromEntries(changed);
  return sorted(result, (record) => record === result);
}
