import { spawn } from 'node:child_process';
import type { Env } from './runtime.ts';

export interface ProgramOptions {
  /** All of its environment. */
  readonly env: Env;
  /** Whether it reads what we would read; otherwise it finds nothing there, as in /dev/null. */
  readonly stdin: 'inherit' | 'ignore';
  /**
   * Puts it into a process group of its own, so that what it started ends with it. It has no terminal then, and Ctrl-C
   * does not reach it: its caller's signal does. Not on Windows.
   */
  readonly ownGroup?: boolean;
  /** Bytes of stdout after which it is ended. */
  readonly maxBytes: number;
  /** Its stderr as it comes. */
  readonly onStderr: (bytes: Buffer) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
}

export interface ProgramResult {
  readonly stdout: Buffer;
  /** There was more than `maxBytes`. */
  readonly isCut: boolean;
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
  readonly endedBy: NodeJS.Signals | null;
}

/** Milliseconds that a program has to end by itself once it is told to. */
const killAfterMs = 2000;
/** Milliseconds for the rest of its output, once it has ended: what it left running may hold the pipes for ever. */
const drainMs = 1000;

/**
 * Runs a program to its end, without a shell. When `signal` aborts it gets SIGTERM, later SIGKILL, and its end is
 * awaited. What it started ends with it then where it has its own group, else where it sees to that; what it leaves
 * behind when it ends by itself goes on.
 *
 * @param file Absolute path.
 * @throws The reason of `signal`; or the system's error (ENOENT, EACCES), where it could not be started.
 */
export function runProgram(file: string, args: readonly string[], options: ProgramOptions): Promise<ProgramResult> {
  const { env, maxBytes, onStderr, ownGroup = false, signal, stdin } = options;
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    // Otherwise in our process group: Ctrl-C reaches it and what it started, and it may ask on the terminal.
    const child = spawn(file, args, { env, stdio: [stdin, 'pipe', 'pipe'], detached: ownGroup, windowsHide: true });
    const chunks: Buffer[] = [];
    let size = 0;
    let killer: NodeJS.Timeout | undefined;
    let drainer: NodeJS.Timeout | undefined;
    let hasExited = false;
    // A child of its own may hold the pipes: they are not waited for once it was told to end.
    const letGo = () => {
      for (const pipe of [child.stdout, child.stderr]) pipe.destroy();
    };
    const kill = (how: NodeJS.Signals) => (ownGroup ? killGroup(child.pid, how) : child.kill(how));
    const end = () => {
      kill(hasExited ? 'SIGKILL' : 'SIGTERM');
      if (hasExited) return letGo();
      killer ??= setTimeout(() => kill('SIGKILL'), killAfterMs);
    };
    const settle = (finish: () => void) => {
      clearTimeout(killer);
      clearTimeout(drainer);
      signal.removeEventListener('abort', end);
      finish();
    };
    const done = (exitCode: number | null, endedBy: NodeJS.Signals | null) =>
      settle(() => {
        if (signal.aborted) return reject(signal.reason as Error);
        resolve({ stdout: Buffer.concat(chunks), isCut: size > maxBytes, exitCode, endedBy });
      });
    signal.addEventListener('abort', end, { once: true });
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) return end();
      chunks.push(chunk);
    });
    child.stderr.on('data', onStderr);
    child.once('error', (error) => settle(() => reject(error)));
    child.once('close', done);
    child.once('exit', () => {
      hasExited = true;
      if (killer === undefined) drainer = setTimeout(letGo, drainMs);
      else end();
    });
  });
}

function killGroup(leader: number | undefined, how: NodeJS.Signals): void {
  try {
    if (leader !== undefined) process.kill(-leader, how);
  } catch {
    // nobody of it is left
  }
}
