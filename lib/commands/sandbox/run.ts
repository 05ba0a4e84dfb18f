import { resolve as resolvePath } from 'node:path';
import { type InterruptedError, UsageError } from '../../model/errors.ts';
import { shellWord } from '../../model/shell-word.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/index.ts';
import type { FaultName } from '../../sandbox/faults/names.ts';
import type { Runtime } from '../../system/runtime.ts';
import { writeStdout } from '../shared/deliver.ts';
import { progressOf } from '../shared/progress.ts';
import { placeKubeconfig } from './kubeconfig-file.ts';

export interface SandboxInput {
  readonly port: number | undefined;
  readonly alg: 'ES256' | 'RS256' | undefined;
  readonly state: string | undefined;
  readonly kubeconfigOut: string | undefined;
  readonly break: readonly FaultName[];
  readonly quiet: boolean;
  readonly noColor: boolean;
}

/** Runs a sandbox until it is interrupted; its kubeconfig goes with it, unless its state stays. */
export async function runSandbox(input: SandboxInput, runtime: Runtime): Promise<number> {
  const state = input.state === undefined ? undefined : resolvePath(runtime.cwd, input.state);
  if (state !== undefined && input.kubeconfigOut !== undefined)
    requireTwo(state, resolvePath(runtime.cwd, input.kubeconfigOut));
  const progress = progressOf(input, runtime);
  const place = await placeKubeconfig({ path: input.kubeconfigOut, stays: state !== undefined }, runtime);
  try {
    await using sandbox = await start({
      ...(input.port === undefined ? {} : { port: input.port }),
      ...(input.alg === undefined ? {} : { algorithm: input.alg }),
      ...(state === undefined ? {} : { state }),
      faults: input.break,
      now: runtime.now,
    });
    const path = await place.write(sandbox.kubeconfig);
    await writeStdout(runtime, `export KUBECONFIG=${shellWord(path)}\n`);
    const kept = input.state === undefined ? '' : `, and "${input.state}" keeps what it holds`;
    progress.step(`The sandbox is ready: ${sandbox.server}; Ctrl-C ends it${kept}`);
    await progress.end();
    const { signal } = await interruption(runtime);
    if (signal === 'SIGHUP') throw runtime.interruption.signal.reason;
    return 0;
  } finally {
    if (!(await place.remove())) {
      progress.note(`"${input.kubeconfigOut}" stays where it is: it was changed while the sandbox ran`);
    }
    await progress.end();
  }
}

function requireTwo(state: string, kubeconfig: string): void {
  if (state !== kubeconfig && `${state}.lock` !== kubeconfig && state !== `${kubeconfig}.lock`) return;
  throw new UsageError('--state and --kubeconfig-out cannot be the same file', { reason: 'SameFile' });
}

async function start(options: SandboxOptions): Promise<Sandbox> {
  try {
    return await startSandbox(options);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = { EADDRINUSE: 'it is in use', EACCES: 'permission denied' }[code ?? ''];
    if (why === undefined) throw error;
    throw new UsageError(`Cannot listen on port ${options.port}: ${why}`, {
      reason: 'PortUnusable',
      hint: 'Without --port it takes a free one',
    });
  }
}

function interruption({ interruption: { signal } }: Runtime): Promise<InterruptedError> {
  return new Promise((resolve) => {
    const end = () => resolve(signal.reason as InterruptedError);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
