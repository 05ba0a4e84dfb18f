import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Kubectl } from './find.ts';

interface RequestOptions {
  /** All of its environment besides PATH; HOME has to be an empty directory. */
  env: Readonly<Record<string, string>>;
  flags?: readonly string[];
}

/**
 * Lets kubectl make one request (`kubectl get --raw`). Some builds of it ask `/version` besides.
 *
 * @returns What it says on stderr where it fails; undefined where it does not.
 */
export function kubectlGet(kubectl: Kubectl, path: string, options: RequestOptions): Promise<string | undefined> {
  return run(kubectl, ['get', '--raw', path], options);
}

/** The same for `/version`, below the path of the server, which `get --raw` of older kubectls (1.32) takes away. */
export function kubectlVersion(kubectl: Kubectl, _: string, options: RequestOptions): Promise<string | undefined> {
  return run(kubectl, ['version', '--output=json'], options);
}

async function run(
  { path: program }: Kubectl,
  args: readonly string[],
  { env, flags = [] }: RequestOptions,
): Promise<string | undefined> {
  try {
    const running = promisify(execFile)(program, [...args, ...flags], { env: { PATH: process.env['PATH'], ...env } });
    running.child.stdin?.end(); // it asks a user without a credential for one
    await running;
    return undefined;
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    if (typeof code !== 'number') throw error;
    return stderr ?? '';
  }
}
