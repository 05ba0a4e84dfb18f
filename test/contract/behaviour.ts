import { describe, expect, type TaskMeta } from 'vitest';
import { notClaimed } from './not-claimed.ts';
import type { Step } from './recorder.ts';
import { type Server, type Target, transcriptOf } from './server.ts';
import { hasSandbox, test } from './targets.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** Which server a behaviour of the contract was shown on. */
    contract?: 'kube-apiserver' | 'sandbox' | 'not claimed';
  }
}

/** What an API server does: requests with what is expected of their answers. */
export type Script = (server: Server) => Promise<void>;

/**
 * One behaviour of the contract. `script` runs on the real API server and on the sandbox; its expectations hold on both,
 * and beyond them the two transcripts are the same: each status, header, body, event, and their order.
 */
export function behaviour(name: string, script: Script): void {
  // oxlint-disable-next-line vitest/valid-title -- it is a string
  describe(name, () => {
    let ofControlPlane: Promise<readonly Step[]> | undefined;
    const onControlPlane = (target: Target) => (ofControlPlane ??= transcriptOf(target, script));

    test('on kube-apiserver', async ({ controlPlane, shared, skip, task }) => {
      if (controlPlane === undefined) return skip(shared.status === 'absent' ? shared.why : '');
      mark(task, 'kube-apiserver');
      await onControlPlane(controlPlane);
    });

    if (!hasSandbox && process.env['KUBE_SA_TOKEN_CONTRACT_TWICE'] !== '1') return;

    test('on the sandbox, the same', async ({ controlPlane, sandbox, skip, task }) => {
      if (sandbox === undefined) return skip('there is no server to compare with');
      const why = notClaimed[name];
      mark(task, why === undefined ? 'sandbox' : 'not claimed');
      const comparison = sameTranscript(sandbox, script, controlPlane && onControlPlane(controlPlane));
      if (why === undefined) return await comparison;
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
  if (wanted !== undefined) expect(said).toEqual(wanted);
}

function mark({ meta }: { meta: TaskMeta }, on: NonNullable<TaskMeta['contract']>): void {
  meta.contract = on;
}
