import { isDeepStrictEqual } from 'node:util';
import { describe, expect, type TaskMeta } from 'vitest';
import { needsOwnControlPlane } from '../control-plane/cluster-test.ts';
import { notClaimed } from './not-claimed.ts';
import type { Step } from './recorder.ts';
import { type Server, type Target, transcriptOf } from './server.ts';
import { type ContractTest, test as sharedTest, twice } from './targets.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** Which server a behaviour of the contract was shown on. */
    contract?: 'kube-apiserver' | 'sandbox' | 'not claimed';
  }
}

/** Shows how the sandbox drifts in what it does not claim: these behaviours fail then. */
const showAll = process.env['KUBE_SA_TOKEN_CONTRACT_ALL'] === '1';

/** What an API server does: requests with what is expected of their answers. */
export type Script = (server: Server) => Promise<void>;

/**
 * One behaviour of the contract. `script` runs on the real API server and on the sandbox; its expectations hold on both,
 * and beyond them the two transcripts are the same: each status, header, body, event, and their order.
 */
export const behaviour = behavioursOn(sharedTest);

/** The same on other servers than those of the other files. */
export function behavioursOn(test: ContractTest): (name: string, script: Script) => void {
  return (name, script) => defineBehaviour(test, name, script);
}

function defineBehaviour(test: ContractTest, name: string, script: Script): void {
  // oxlint-disable-next-line vitest/valid-title -- it is a string
  describe(name, () => {
    let ofControlPlane: Promise<readonly Step[]> | undefined;
    const onControlPlane = (target: Target) => (ofControlPlane ??= transcriptOf(target, script));

    test('on kube-apiserver', async ({ controlPlane, shared, skip, task }) => {
      if (controlPlane === undefined) return skip(shared.status === 'absent' ? shared.why : needsOwnControlPlane);
      mark(task, 'kube-apiserver');
      await onControlPlane(controlPlane);
    });

    test('on the sandbox, the same', async ({ controlPlane, sandbox, skip, task }) => {
      const why = notClaimed[`${task.suite?.suite?.name} ${name}`];
      mark(task, why === undefined ? 'sandbox' : 'not claimed');
      const comparison = sameTranscript(sandbox, script, controlPlane && onControlPlane(controlPlane));
      // twice on the control plane everything is the same
      if (why === undefined || showAll || twice) return await comparison;
      const drift = await comparison.then(
        () => undefined,
        (error: unknown) => error,
      );
      if (drift === undefined) throw new Error('The sandbox does this now: take its row out of not-claimed.ts');
      skip(`not claimed by the sandbox: ${why}`);
    });
  });
}

/** Runs the script on the sandbox, and fails where what was said differs from `expected`. */
export async function sameTranscript(
  sandbox: Target,
  script: Script,
  expected: Promise<readonly Step[]> | undefined,
): Promise<void> {
  const [said, wanted] = await Promise.all([transcriptOf(sandbox, script), expected]);
  if (wanted === undefined) return;
  // the steps that differ, so that the report is of them and not of all
  const length = Math.max(said.length, wanted.length);
  const drifted = Array.from({ length }, (_, step) => step).filter(
    (step) => !isDeepStrictEqual(said[step], wanted[step]),
  );
  const at = (steps: readonly Step[]) => drifted.map((step) => steps[step]);
  expect(at(said), `${drifted.length} of ${length} steps drift`).toEqual(at(wanted));
}

function mark({ meta }: { meta: TaskMeta }, on: NonNullable<TaskMeta['contract']>): void {
  meta.contract = on;
}
