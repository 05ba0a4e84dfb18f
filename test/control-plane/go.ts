import { spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import { createInterface } from 'node:readline';
import type { Env } from '../../lib/system/runtime.ts';
import { atProcessEnd } from '../support/at-process-end.ts';

/** There is no `go` on this machine. */
export class GoMissingError extends Error {
  override readonly name = 'GoMissingError';
}

interface GoOptions {
  /** The module. */
  directory: string;
  env: Env;
  signal?: AbortSignal | undefined;
  /** Takes each line of standard error. */
  onLine?: (line: string) => void;
}

/** Everything besides the sources and flags that decides what Go builds. */
export async function goVersion(directory: string, env: Env): Promise<string> {
  return await runGo(['env', 'GOVERSION', 'GOOS', 'GOARCH', 'CGO_ENABLED'], { directory, env });
}

/**
 * Runs `go`, apart from what the user's own workspace and flags would change, and gives its standard output.
 *
 * @throws {GoMissingError}
 * @throws {Error} With the last lines that it wrote.
 */
export async function runGo(args: readonly string[], { directory, env, signal, onLine }: GoOptions): Promise<string> {
  const child = spawn('go', args, {
    cwd: directory,
    env: { ...env, GOWORK: 'off', GOFLAGS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal === undefined ? {} : { signal }),
  });
  const release = atProcessEnd(() => child.kill());
  // a build of minutes lets the tests that run beside it go first
  if (child.pid !== undefined) setPriority(child.pid, 10);
  const output: string[] = [];
  const lastLines: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => output.push(text));
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (lastLines.push(line) > 20) lastLines.shift();
    onLine?.(line);
  });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (code === 0) return output.join('');
    throw new Error(`Cannot build the control plane: go ${args[0]} ended with ${code}:\n${lastLines.join('\n')}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new GoMissingError('Cannot build the control plane: there is no Go on this machine (https://go.dev/dl/)');
  } finally {
    release();
  }
}
