import { realpathSync, writeSync } from 'node:fs';
import { constants, homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { InterruptedError } from '../model/errors.ts';
import { findAncestors } from './ancestors.ts';
import { isTerminal, outputStream } from './output-stream.ts';
import type { InputStream, InterruptSignal, Interruption, Runtime } from './runtime.ts';

/**
 * The Runtime of this Node process.
 *
 * @param script `import.meta.url` of the launcher: what follows it in argv are the arguments. zx puts itself and the
 *   script there (`node zx --quiet script …args`), plain node only the script.
 */
export function nodeRuntime(script: string): Runtime {
  const interruption = processInterruption();
  return {
    args: argumentsAfter(fileURLToPath(script), process.argv),
    ...nodeSurroundings(),
    stdin: standardInput(interruption.signal),
    stdout: outputStream(1, () => process.stdout),
    stderr: outputStream(2, () => process.stderr),
    interruption,
  };
}

/** What a program of somebody else's gives without being asked: no stream is touched, no signal is handled. */
export function nodeSurroundings(): Omit<Runtime, 'args' | 'stdin' | 'stdout' | 'stderr' | 'interruption'> {
  return {
    env: process.env,
    cwd: process.cwd(),
    home: homeDirectory(),
    platform: process.platform,
    serviceAccountDirectory: '/var/run/secrets/kubernetes.io/serviceaccount', // client-go has it as a constant, too
    now: () => Date.now(),
    random: (size) => process.getBuiltinModule('node:crypto').randomBytes(size), // the global would load WebCrypto too
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

/** Opened when it is used: that costs two milliseconds. Reading ends with the reason of `interrupted`. */
function standardInput(interrupted: AbortSignal): InputStream {
  return {
    get isTTY() {
      return isTerminal(process.stdin);
    },
    read: async (limit) => (await import('./read-input.ts')).readStream(process.stdin, { limit, signal: interrupted }),
    readLine: async (signal) => (await import('./read-line.ts')).readLine(process.stdin, signal ?? interrupted),
  };
}

function processInterruption(): Interruption {
  const controller = new AbortController();
  const ancestors = findAncestors(process.env['npm_command']);
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
  // npx dies of a signal without passing it on: the script would deliver a credential to nobody, or serve nobody for
  // ever. Another parent may well end before its child; not while something is half made.
  const lookAbove = () => {
    if (held || controller.signal.aborted || !ancestors.isGone()) return;
    interrupt('SIGTERM', 'Interrupted: the process that started this one is gone');
  };
  const lookAgainAndAgain = () => setInterval(lookAbove, 1000).unref();
  let looking = ancestors.hasNpx ? lookAgainAndAgain() : undefined;
  return {
    signal: controller.signal,
    async hold(work) {
      lookAbove();
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
      if (ancestors.hasNpx) return;
      clearInterval(looking);
      looking = text && lookAgainAndAgain();
    },
  };
}
