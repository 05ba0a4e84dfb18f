import { UsageError } from '../model/errors.ts';
import type { Positional, PositionalTable } from './options.ts';

/**
 * Deals arguments out to the positionals, in order: each required one gets one, what is left goes to the optional
 * ones from left to right, and the rest to one that is `multiple`.
 */
export function placePositionals(
  args: readonly string[],
  { positionals, command }: { positionals: PositionalTable; command: string },
): [name: string, row: Positional, texts: readonly string[]][] {
  const rows = Object.entries(positionals);
  let spare = args.length - rows.filter(([, { required }]) => required === true).length;
  let next = 0;
  const placed = rows.map(([name, row]): [string, Positional, readonly string[]] => {
    let count = row.required === true ? 1 : Math.min(1, Math.max(0, spare));
    if (row.required !== true) spare -= count;
    if (row.multiple === true && spare > 0) {
      count += spare;
      spare = 0;
    }
    const texts = args.slice(next, next + count);
    next += count;
    return [name, row, texts];
  });
  const extra = args[next];
  if (extra === undefined) return placed;
  const usage = positionalUsage(positionals);
  const takes = usage === '' ? 'no arguments besides its flags' : `only ${usage}`;
  throw new UsageError(`Cannot use argument "${extra}": ${command} takes ${takes}`, { reason: 'UnknownArgument' });
}

/** `[METHOD] PATH`. */
export function positionalUsage(positionals: PositionalTable): string {
  return Object.values(positionals)
    .map(({ value, required, multiple }) => {
      const label = multiple === true ? `${value}...` : value;
      return required === true ? label : `[${label}]`;
    })
    .join(' ');
}
