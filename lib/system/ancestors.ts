import { parentOf } from './process-identity.ts';

/**
 * The processes above this one, as text to compare: the parent, and on Linux its own parent too. npx starts a script
 * through `sh -c`, which outlives an npx that was killed: only the grandparent then shows that nobody waits any more.
 */
export function ancestors(): string {
  return `${process.ppid} ${parentOf(process.ppid) ?? ''}`;
}
