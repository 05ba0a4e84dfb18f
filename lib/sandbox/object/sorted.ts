import { isRecord } from './object.ts';

/** A value whose objects, as far as they are wanted, have their fields in the order of their names, as Go writes maps. */
export function sorted(value: unknown, isWanted: (record: Record<string, unknown>) => boolean = () => true): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => sorted(item, isWanted));
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, sorted(item, isWanted)] as const);
  return Object.fromEntries(isWanted(value) ? entries.toSorted(([a], [b]) => (a < b ? -1 : 1)) : entries);
}
