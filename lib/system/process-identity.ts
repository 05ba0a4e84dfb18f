import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

interface Stat {
  readonly name: string;
  /** From the third on. */
  readonly fields: readonly string[];
}

/** What /proc/PID/stat says; the name in it, in parentheses, may hold anything. */
function statOf(pid: number): Stat | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const end = stat.lastIndexOf(')');
    return { name: stat.slice(stat.indexOf('(') + 1, end), fields: stat.slice(end + 2).split(' ') };
  } catch {
    return undefined;
  }
}

/** What it calls itself, 15 bytes at most; on Linux, undefined elsewhere. */
export function nameOf(pid: number): string | undefined {
  return statOf(pid)?.name;
}

/** On Linux; undefined elsewhere. */
export function parentOf(pid: number): string | undefined {
  return statOf(pid)?.fields[1];
}

/** When it began, in ticks since the machine did: a process id is used again, the two together are not. Linux only. */
function startOf(pid: number): string | undefined {
  return statOf(pid)?.fields[19];
}

/** Whether there is a process of this id, and, where that can be told, one that began then. */
function isRunning(pid: number, start: string | undefined): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false; // another user's process is one, too
  }
  return start === undefined || startOf(pid) === start;
}

/** What `ownIdentity()` said of some process. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** Whether it is of this host: of another one nobody can tell whether it runs. */
  readonly isHere: boolean;
  /** On this host, now. */
  readonly isRunning: boolean;
}

/**
 * This process, in three words by which another one can tell later whether it still runs.
 *
 * @param here What the host is called, as later to `parseIdentity()`.
 */
export function ownIdentity(here = hostname()): string {
  return `${process.pid} ${startOf(process.pid) ?? '-'} ${here}`;
}

/** @returns undefined for any other text. */
export function parseIdentity(text: string, here = hostname()): ProcessIdentity | undefined {
  const [, pid = '', start = '', host = ''] = /^([1-9]\d{0,8}) (\d+|-) (\S+)$/u.exec(text) ?? [];
  if (pid === '') return undefined;
  const isHere = host === here;
  return {
    pid: Number(pid),
    host,
    isHere,
    isRunning: isHere && isRunning(Number(pid), start === '-' ? undefined : start),
  };
}
