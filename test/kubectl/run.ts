import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startKubectlBatch, type KubectlAnswer, type KubectlBatch, type KubectlRequest } from './batch.ts';
import type { Kubectl } from './find.ts';

/** Runs kubectl as often as it is asked: in one process where the program that was built here can, else one by one. */
export function startKubectl({ path, batch }: Kubectl, cwd: string): KubectlBatch {
  if (batch !== undefined) return startKubectlBatch(batch, cwd);
  return { ask: (request) => runOnce(path, cwd, request), end: () => undefined };
}

async function runOnce(path: string, cwd: string, { kubeconfig, args }: KubectlRequest): Promise<KubectlAnswer> {
  const env = { PATH: process.env['PATH'], HOME: cwd, KUBECONFIG: kubeconfig };
  try {
    const { stdout } = await promisify(execFile)(path, args, { cwd, env, maxBuffer: 64 * 1024 * 1024 });
    return { stdout };
  } catch (error) {
    if (typeof (error as { code?: unknown }).code !== 'number') throw error;
    return { error: (error as { stderr?: string }).stderr ?? '' };
  }
}
