import { UsageError } from '../model/errors.ts';
import { flagName, type OptionTable } from './options.ts';

/**
 * Refuses flags that a command knows and cannot use in this call.
 *
 * @param table The flags in question; one that has its default counts as not given.
 * @param why Completes "Cannot use --context": `without --secret: decoding asks no cluster`.
 * @throws {UsageError} Names the first that was given.
 */
export function refuseGiven(
  table: OptionTable,
  flags: Readonly<Record<string, unknown>>,
  why: string,
  hint?: string,
): void {
  const given = Object.entries(table).find(([name, row]) => isGiven(flags[name], row));
  if (given === undefined) return;
  throw new UsageError(`Cannot use ${flagName(given[0])} ${why}`, { reason: 'FlagWithoutUse', hint });
}

function isGiven(value: unknown, row: OptionTable[string]): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (row.type === 'boolean') return value === true;
  const { default: text, parse } = row;
  return value !== (text === undefined || parse === undefined ? text : parse(text));
}
