import type { KubeObject } from '../object/object.ts';
import type { Column } from './resource-type.ts';

export const nameColumn: Column = {
  name: 'Name',
  format: 'name',
  description: 'Name of the object',
  cell: ({ metadata }) => metadata.name,
};

export const ageColumn: Column = {
  name: 'Age',
  description: 'Time since the object was created',
  cell: ({ metadata }, now) => age(metadata.creationTimestamp, now),
};

export const createdColumn: Column = {
  name: 'Created At',
  type: 'date',
  description: 'When the object was created',
  cell: ({ metadata }) => metadata.creationTimestamp ?? '0001-01-01T00:00:00Z',
};

export function sizeOf(...values: unknown[]): number {
  return values.reduce<number>((sum, value) => sum + Object.keys(value ?? {}).length, 0);
}

/** As kubectl writes an age: `5s`, `3m20s`, `5h3m`, `2d4h` (apimachinery: duration.HumanDuration). */
export function age(since: string | undefined, now: number): string {
  if (since === undefined) return '<unknown>';
  const seconds = Math.floor((now - Date.parse(since)) / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return pair(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return pair(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (hours < 192) return pair(days, 'd', hours % 24, 'h');
  if (days < 730) return `${days}d`;
  const years = Math.floor(days / 365);
  return years < 8 ? pair(years, 'y', days % 365, 'd') : `${years}y`;
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`;
}

/** The value of a field, for a field selector. */
export function textAt(object: KubeObject, ...path: string[]): string {
  let value: unknown = object;
  for (const key of path) value = (value as Record<string, unknown> | undefined)?.[key];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
