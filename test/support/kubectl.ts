import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';

/** Whether kubectl is on PATH. What it would prove is skipped otherwise, and shows as skipped. */
export const hasKubectl = canRun();

/**
 * What `kubectl config view --raw -o json` shows of a KUBECONFIG list, or undefined if it refuses.
 *
 * @param home An empty directory: nothing of the user's gets in.
 */
export async function kubectlView(
  kubeconfig: readonly string[],
  { home, flags = [] }: { home: string; flags?: readonly string[] },
): Promise<unknown> {
  const env = {
    PATH: process.env['PATH'],
    HOME: home,
    KUBECONFIG: kubeconfig.join(process.platform === 'win32' ? ';' : ':'),
  };
  try {
    const args = ['config', 'view', '--raw', '-o', 'json', ...flags];
    const { stdout } = await promisify(execFile)('kubectl', args, { env, maxBuffer: 64 * 1024 * 1024 });
    return JSON.parse(stdout);
  } catch (error) {
    if (typeof (error as { code?: unknown }).code === 'number') return undefined;
    throw error;
  }
}

function canRun(): boolean {
  try {
    execFileSync('kubectl', ['version', '--client'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
