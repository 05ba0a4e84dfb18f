import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Kubectl } from './find.ts';

/**
 * Lets kubectl make one request (`kubectl get --raw`). Some builds of it ask `/version` besides.
 *
 * @param env All of its environment besides PATH; HOME has to be an empty directory.
 * @returns What it says on stderr where it fails; undefined where it does not.
 */
export async function kubectlGet(
  { path: program }: Kubectl,
  path: string,
  { env, flags = [] }: { env: Readonly<Record<string, string>>; flags?: readonly string[] },
): Promise<string | undefined> {
  try {
    await promisify(execFile)(program, ['get', '--raw', path, ...flags], {
      env: { PATH: process.env['PATH'], ...env },
    });
    return undefined;
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    if (typeof code !== 'number') throw error;
    return stderr ?? '';
  }
}
