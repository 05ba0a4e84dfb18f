import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import { atProcessEnd } from '../support/at-process-end.ts';
import { tell } from '../support/told-later.ts';
import { restTargetOf } from './external-cluster.ts';
import { GoMissingError } from './go.ts';
import type { SharedCluster } from './shared-cluster.ts';
import { startControlPlane } from './start.ts';

/**
 * Begins to build and start the cluster of this run, and returns at once: the tests that need none run meanwhile.
 * KUBE_SA_TOKEN_TEST_KUBECONFIG names a cluster to take instead.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'kube-sa-token-test-'));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  const release = atProcessEnd(remove);
  const file = join(directory, 'shared-cluster.json');
  project.provide('sharedCluster', file);
  const ending = new AbortController();
  const given = process.env['KUBE_SA_TOKEN_TEST_KUBECONFIG'];
  const starting = (given ? external(resolve(given)) : own(ending.signal)).then(async ({ shared, stop }) => {
    await tell(file, shared);
    return stop;
  });
  return async () => {
    ending.abort(new Error('The test run is over'));
    await (
      await starting
    )?.();
    remove();
    release();
  };
}

interface Started {
  shared: SharedCluster;
  stop?: () => Promise<void>;
}

async function own(signal: AbortSignal): Promise<Started> {
  try {
    const plane = await startControlPlane({ signal, report });
    const { authority, caPem, kubeconfig, server } = plane;
    return { shared: { status: 'ready', cluster: { authority, caPem, kubeconfig, server } }, stop: plane.stop };
  } catch (error) {
    const why = (error as Error).message;
    if (!(error instanceof GoMissingError) || process.env['KUBE_SA_TOKEN_REQUIRE_CONTROL_PLANE'] === '1') {
      return { shared: { status: 'failed', why } };
    }
    report(`${why}. The tests on a real cluster are skipped`);
    return { shared: { status: 'absent', why } };
  }
}

async function external(kubeconfig: string): Promise<Started> {
  try {
    const { server, caPem } = await restTargetOf(kubeconfig);
    report(`the tests on a real cluster use ${server}`);
    return { shared: { status: 'ready', cluster: { kubeconfig, server, caPem, authority: undefined } } };
  } catch (error) {
    return { shared: { status: 'failed', why: (error as Error).message } };
  }
}

function report(line: string): void {
  process.stderr.write(`${line}\n`);
}
