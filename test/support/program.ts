import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { refuseToken } from './no-token.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The ways to start a script that the README names. */
export type Launcher = 'node' | 'zx' | 'npx';

const commandLines: Readonly<Record<Launcher, readonly [file: string, ...args: string[]]>> = {
  node: [process.execPath],
  zx: [process.execPath, 'node_modules/zx/build/cli.js'],
  npx: ['npx', '--no-install', 'zx'],
};

export interface ProgramOptions {
  launcher?: Launcher;
  args: readonly string[];
  /** Besides PATH and HOME. */
  env: Readonly<Record<string, string>>;
  /** A file descriptor, instead of a pipe whose text is kept. */
  stdout?: number;
  /** Runs the program from this shell line, as `exec "$@"` with what the shell was told first. */
  shell?: string;
}

/** How a program ended: its exit code, or the signal that ended it. */
export interface Ending {
  readonly code: number | NodeJS.Signals;
  readonly stdout: string;
  readonly stderr: string;
}

/** A script as a child process, with processes of its own group below it. */
export interface Program {
  readonly child: ChildProcess;
  /** When it, and all that it started, has ended. */
  readonly ended: Promise<Ending>;
  /** Resolves when this is on stderr. */
  says(text: string): Promise<void>;
  stdout(): string;
  /** To the process that was started; `group` as Ctrl-C does it, to all of them. */
  kill(signal: NodeJS.Signals, to?: 'one' | 'group'): void;
}

/** Starts `scripts/<command>.mjs` of this repository; what still runs at the end of the test is killed. */
export function startProgram(
  command: string,
  { launcher = 'node', args, env, stdout: descriptor, shell }: ProgramOptions,
): Program {
  const { HOME = '', PATH = '' } = process.env;
  const line = [...commandLines[launcher], `scripts/${command}.mjs`, ...args];
  const [file = '', ...rest] = shell === undefined ? line : ['sh', '-c', `${shell}; exec "$@"`, 'sh', ...line];
  const child = spawn(file, rest, {
    cwd: root,
    env: { HOME, PATH, npm_config_update_notifier: 'false', ...env },
    stdio: ['ignore', descriptor ?? 'pipe', 'pipe'],
    detached: true,
  });
  const said = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  let over = false;
  const ended = once(child, 'close').then(([code, signal]: unknown[]): Ending => {
    over = true;
    refuseToken(said.stderr, 'the stderr of a program');
    return { code: (code ?? signal) as Ending['code'], ...said };
  });
  ended.catch(() => undefined); // whoever awaits it is told
  const group = (signal: NodeJS.Signals) => void (child.pid === undefined || process.kill(-child.pid, signal));
  onTestFinished(async () => {
    if (over) return;
    group('SIGKILL');
    await ended.catch(() => undefined);
  });
  return {
    child,
    ended,
    stdout: () => said.stdout,
    async says(text) {
      while (!said.stderr.includes(text)) {
        if (over) throw new Error(`The program ended without saying "${text}": ${said.stderr}`);
        await Promise.race([once(child.stderr ?? child, 'data'), ended]);
      }
    },
    kill(signal, to = 'one') {
      if (to === 'group') group(signal);
      else child.kill(signal);
    },
  };
}
