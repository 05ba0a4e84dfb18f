import { randomBytes } from 'node:crypto';
import { realpathSync, writeSync } from 'node:fs';
import { constants, homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { InterruptedError } from '../model/errors.ts';
import { readLine } from './read-line.ts';
import type { InputStream, InterruptSignal, Interruption, OutputStream, Runtime } from './runtime.ts';

/**
 * The Runtime of this Node process.
 *
 * @param script `import.meta.url` of the launcher: what follows it in argv are the arguments. zx puts itself and the
 *   script there (`node zx --quiet script …args`), plain node only the script.
 */
export function nodeRuntime(script: string): Runtime {
  return {
    args: argumentsAfter(fileURLToPath(script), process.argv),
    ...nodeSurroundings(),
    stdin: inputStream(process.stdin),
    stdout: outputStream(process.stdout),
    stderr: outputStream(process.stderr),
    interruption: processInterruption(),
  };
}

/** What a program of somebody else's gives without being asked: no stream is touched, no signal is handled. */
export function nodeSurroundings(): Pick<Runtime, 'env' | 'cwd' | 'home' | 'platform' | 'now' | 'random'> {
  return {
    env: process.env,
    cwd: process.cwd(),
    home: homeDirectory(),
    platform: process.platform,
    now: () => Date.now(),
    random: (size) => randomBytes(size),
  };
}

/** Arguments after `script` in `argv`, compared by real path (an installed bin is a link); all but node if absent. */
function argumentsAfter(script: string, argv: readonly string[]): readonly string[] {
  const own = argv.findIndex((argument, index) => index > 0 && realPath(argument) === realPath(script));
  return argv.slice(own === -1 ? 2 : own + 1);
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function homeDirectory(): string | undefined {
  try {
    return homedir();
  } catch {
    return undefined; // a user id without an entry, HOME unset: common in containers
  }
}

function inputStream(stream: NodeJS.ReadStream): InputStream {
  return {
    isTTY: stream.isTTY,
    async read() {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks);
    },
    readLine: (signal) => readLine(stream, signal),
  };
}

function outputStream(stream: NodeJS.WriteStream): OutputStream {
  stream.on('error', () => undefined); // it reaches the caller through the callback of write
  return {
    isTTY: stream.isTTY,
    get columns() {
      return stream.columns;
    },
    write: (data) =>
      new Promise((resolve, reject) => {
        stream.write(data, (error) => (error ? reject(error) : resolve()));
      }),
  };
}

function processInterruption(): Interruption {
  const controller = new AbortController();
  const parent = process.ppid;
  let held = false;
  let describe: (() => string | undefined) | undefined;
  const interrupt = (signal: InterruptSignal, why: string) => {
    if (controller.signal.aborted) {
      const left = describe?.();
      writeSync(2, `error: Interrupted again: clean-up skipped${left === undefined ? '' : `; left: ${left}`}\n`);
      process.exit(128 + constants.signals[signal]);
    }
    controller.abort(new InterruptedError(why, { reason: 'Interrupted', signal }));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (!held) interrupt(signal, `Interrupted by ${signal}`);
    });
  }
  return {
    signal: controller.signal,
    async hold(work) {
      // npx dies of a SIGTERM without passing it on: the script would deliver a credential to nobody.
      if (process.ppid !== parent && !controller.signal.aborted) {
        interrupt('SIGTERM', 'Interrupted: the process that started this one is gone');
      }
      controller.signal.throwIfAborted();
      held = true;
      try {
        return await work();
      } finally {
        held = false;
      }
    },
    leaves(text) {
      describe = text;
    },
  };
}
