import { readFileSync } from 'node:fs';

/**
 * The processes above this one, as text to compare: the parent, and on Linux its own parent too. npx starts a script
 * through `sh -c`, which outlives an npx that was killed: only the grandparent then shows that nobody waits any more.
 */
export function ancestors(): string {
  return `${process.ppid} ${parentOf(process.ppid) ?? ''}`;
}

/** Field 4 of /proc/PID/stat; the name before it, in parentheses, may hold anything. */
function parentOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
  } catch {
    return undefined;
  }
}
