import { randomBytes } from 'node:crypto';
import { constants } from 'node:os';
import { InterruptedError } from '../../lib/model/errors.ts';
import type {
  Env,
  InputStream,
  Interruption,
  InterruptSignal,
  OutputStream,
  Runtime,
} from '../../lib/system/runtime.ts';
import { refuseToken } from './no-token.ts';

export interface TestRuntimeOptions {
  args?: readonly string[];
  /** All of the environment: nothing of the test process's own gets in. */
  env?: Env;
  cwd?: string;
  home?: string;
  platform?: NodeJS.Platform;
  /** What a pod would have mounted. */
  serviceAccountDirectory?: string;
  stdin?: string | Uint8Array;
  stdinIsTTY?: boolean;
  stdoutIsTTY?: boolean;
  stderrIsTTY?: boolean;
  /** The real clock by default. */
  now?: () => number;
  /** Really random by default; `repeatable`: the same in each run, and another at each call. */
  random?: 'repeatable' | ((size: number) => Uint8Array);
  /** Each write to stdout fails with this code, as it does when the reader went away or the disk is full. */
  stdoutFails?: 'EPIPE' | 'ENOSPC';
  /** See the text as it is written, to interrupt a run at a certain step. */
  onStdout?: (text: string) => void;
  onStderr?: (text: string) => void;
  /** The process that started this one is gone: the run counts as ended by SIGTERM before it hands out anything. */
  parentIsGone?: boolean;
}

export interface TestRuntime extends Runtime {
  readonly stdout: TestOutput;
  readonly stderr: TestOutput;
  /** What a signal does to the real process; dropped, as there, while `hold()` runs. */
  interrupt(signal?: InterruptSignal): void;
  /** What a second signal would say is left now. */
  left(): string | undefined;
}

interface TestOutput extends OutputStream {
  text(): string;
  bytes(): Buffer;
}

/** A Runtime of buffers: with it a test runs the whole real program in this process. */
export function testRuntime(options: TestRuntimeOptions = {}): TestRuntime {
  const interruption = testInterruption(options.parentIsGone ?? false);
  return {
    args: options.args ?? [],
    env: options.env ?? {},
    cwd: options.cwd ?? '/nonexistent/working-directory',
    home: options.home,
    platform: options.platform ?? process.platform,
    serviceAccountDirectory: options.serviceAccountDirectory ?? '/nonexistent/serviceaccount',
    stdin: testInput(options.stdin ?? '', options.stdinIsTTY),
    stdout: testOutput(options.stdoutIsTTY, (text) => {
      if (options.stdoutFails !== undefined) throw writeError(options.stdoutFails);
      options.onStdout?.(text);
    }),
    stderr: testOutput(options.stderrIsTTY, (text) => {
      refuseToken(text, 'stderr'); // no test may make the program show one, whatever the test is about
      options.onStderr?.(text);
    }),
    now: options.now ?? Date.now,
    random: options.random === 'repeatable' ? repeatableRandom() : (options.random ?? randomBytes),
    ...interruption,
  };
}

function repeatableRandom(): (size: number) => Uint8Array {
  let calls = 0;
  return (size) => {
    calls += 1;
    return Uint8Array.from({ length: size }, (_, index) => (calls * 89 + index * 37) % 256);
  };
}

function testInput(content: string | Uint8Array, isTTY = false): InputStream {
  let rest = Buffer.from(content);
  return {
    isTTY,
    async read() {
      const all = rest;
      rest = Buffer.alloc(0);
      return all;
    },
    async readLine(signal) {
      signal?.throwIfAborted();
      if (rest.length === 0) return undefined;
      const end = rest.indexOf('\n');
      const line = end === -1 ? rest : rest.subarray(0, end);
      rest = rest.subarray(end === -1 ? rest.length : end + 1);
      return line.toString();
    },
  };
}

function testOutput(isTTY = false, onWrite: (text: string) => void): TestOutput {
  const written: Buffer[] = [];
  const bytes = () => Buffer.concat(written);
  return {
    isTTY,
    bytes,
    text: () => bytes().toString(),
    async write(data) {
      onWrite(Buffer.from(data).toString());
      written.push(Buffer.from(data));
    },
  };
}

function writeError(code: 'EPIPE' | 'ENOSPC'): NodeJS.ErrnoException {
  return Object.assign(new Error(`write ${code}`), { code, errno: -constants.errno[code], syscall: 'write' });
}

function testInterruption(parentIsGone: boolean) {
  const controller = new AbortController();
  let held = false;
  let describe: (() => string | undefined) | undefined;
  const interrupt = (signal: InterruptSignal = 'SIGTERM') => {
    if (held || controller.signal.aborted) return;
    controller.abort(new InterruptedError(`Interrupted by ${signal}`, { reason: 'Interrupted', signal }));
  };
  const interruption: Interruption = {
    signal: controller.signal,
    async hold(work) {
      if (parentIsGone) interrupt('SIGTERM');
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
  return { interruption, interrupt, left: () => describe?.() };
}
