import { execFile } from 'node:child_process';
import { delimiter } from 'node:path';
import { promisify } from 'node:util';
import type { Kubectl } from './find.ts';

/**
 * What `kubectl config view --raw -o json` shows of a KUBECONFIG list, or undefined if it refuses.
 *
 * @param home An empty directory: nothing of the user's gets in.
 */
export async function kubectlView(
  { path }: Kubectl,
  kubeconfig: readonly string[],
  { home, flags = [] }: { home: string; flags?: readonly string[] },
): Promise<unknown> {
  const env = { PATH: process.env['PATH'], HOME: home, KUBECONFIG: kubeconfig.join(delimiter) };
  try {
    const args = ['config', 'view', '--raw', '-o', 'json', ...flags];
    const { stdout } = await promisify(execFile)(path, args, { env, maxBuffer: 64 * 1024 * 1024 });
    return withoutEmptyPreferences(JSON.parse(stdout) as Record<string, unknown>);
  } catch (error) {
    if (typeof (error as { code?: unknown }).code === 'number') return undefined;
    throw error;
  }
}

/** kubectl before 1.37 prints `preferences: {}` where there are none. */
function withoutEmptyPreferences({ preferences, ...view }: Record<string, unknown>): Record<string, unknown> {
  const isEmpty = Object.keys(preferences ?? {}).length === 0;
  return isEmpty ? view : { ...view, preferences };
}
