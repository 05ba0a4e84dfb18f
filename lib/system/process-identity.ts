import { readFileSync } from 'node:fs';

/** Fields of /proc/PID/stat from the third on; the name before them, in parentheses, may hold anything. */
function statOf(pid: number): string[] | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** On Linux; undefined elsewhere. */
export function parentOf(pid: number): string | undefined {
  return statOf(pid)?.[1];
}

/** When it began, in ticks since the machine did: a process id is used again, the two together are not. Linux only. */
export function startOf(pid: number): string | undefined {
  return statOf(pid)?.[19];
}

/** Whether there is a process of this id, and, where that can be told, one that began then. */
export function isRunning(pid: number, start: string | undefined): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false; // another user's process is one, too
  }
  return start === undefined || startOf(pid) === start;
}
