import { execFileSync } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { buildControlPlane } from '../control-plane/build.ts';
import { GoMissingError } from '../control-plane/go.ts';

/** The kubectl that tests compare with, or why there is none. */
export type FoundKubectl =
  | { readonly status: 'ready'; readonly kubectl: Kubectl }
  | { readonly status: 'absent' | 'failed'; readonly why: string };

export interface Kubectl {
  /** What to run. */
  readonly path: string;
  /** The program whose `kubectl-batch` answers many requests; undefined beside a kubectl that was not built here. */
  readonly batch?: string | undefined;
}

/** Whether a kubectl is on PATH that runs. */
export function isKubectlOnPath(): boolean {
  try {
    execFileSync('kubectl', ['version', '--client'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/**
 * kubectl from PATH, else the one in the program of the control plane, which is built where it is not there yet.
 *
 * @param directory Gets a link of the name by which that program is kubectl.
 */
export async function findKubectl(
  directory: string,
  { signal, report }: { signal?: AbortSignal; report: (line: string) => void },
): Promise<FoundKubectl> {
  if (isKubectlOnPath()) return { status: 'ready', kubectl: { path: 'kubectl' } };
  try {
    const program = resolve(await buildControlPlane({ signal, report }));
    const path = join(directory, 'kubectl');
    await symlink(program, path);
    return { status: 'ready', kubectl: { path, batch: program } };
  } catch (error) {
    const problem = (error as Error).message;
    if (!(error instanceof GoMissingError)) return { status: 'failed', why: problem };
    const why = 'kubectl is not on PATH, and there is no Go on this machine to build it (https://go.dev/dl/)';
    if (process.env['KUBE_SA_TOKEN_REQUIRE_CONTROL_PLANE'] === '1') return { status: 'failed', why };
    report(`${why}. The tests that compare with it are skipped`);
    return { status: 'absent', why };
  }
}
