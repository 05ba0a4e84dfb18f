import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';
import type { OutputStream } from './runtime.ts';

type Kind = 'file' | 'pipe' | 'other';

/**
 * stdout (1) or stderr (2) of this process.
 *
 * @param open Node's stream for it, made when it is needed: its modules take 4 ms to load, so a pipe or a file does without
 *   it as long as it takes what is written.
 */
export function outputStream(descriptor: 1 | 2, open: () => NodeJS.WriteStream): OutputStream {
  let opened: NodeJS.WriteStream | undefined;
  const stream = () => (opened ??= open().on('error', () => undefined)); // the callback of write tells it
  let kind: Kind | undefined;
  const target = () => (kind ??= kindOf(descriptor));
  return {
    get isTTY() {
      return target() === 'other' && isTerminal(stream());
    },
    get columns() {
      return target() === 'other' ? stream().columns : undefined;
    },
    write: (data) =>
      new Promise((resolve, reject) => {
        const isStream = opened !== undefined || target() === 'other';
        const rest = isStream ? data : writeAtOnce(descriptor, target(), data);
        if (rest.length === 0) return resolve();
        stream().write(rest, (error) => (error ? reject(error) : resolve()));
      }),
  };
}

/** `isTTY` is absent, and not false, where there is no terminal. */
export function isTerminal({ isTTY }: { isTTY?: boolean }): boolean {
  return isTTY === true;
}

function kindOf(descriptor: number): Kind {
  if (process.platform !== 'linux') return 'other';
  const stat = fstatSync(descriptor);
  return stat.isFile() ? 'file' : stat.isFIFO() ? 'pipe' : 'other';
}

/**
 * Writes what can be written without waiting for a reader, since no signal is seen meanwhile, and answers what is left. What
 * fails is left too: Node's stream tells it.
 */
function writeAtOnce(descriptor: number, kind: Kind, data: string | Uint8Array): Uint8Array {
  let rest: Uint8Array = typeof data === 'string' ? Buffer.from(data) : data;
  let opened: number | undefined;
  try {
    // A pipe that is opened once more may be told not to wait, without telling whoever shares it (Linux: proc_pid_fd(5)).
    if (kind === 'pipe') opened = openSync(`/proc/self/fd/${descriptor}`, constants.O_WRONLY | constants.O_NONBLOCK);
    while (rest.length > 0) rest = rest.subarray(writeSync(opened ?? descriptor, rest));
  } catch {
    // full, its reader is gone, or there is no /proc
  } finally {
    if (opened !== undefined) closeSync(opened);
  }
  return rest;
}
