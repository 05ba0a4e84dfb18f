import type { Grant } from '../../account/grant.ts';
import type { Progress } from '../../cli/progress.ts';
import type { Interruption } from '../../system/runtime.ts';
import { bootstrapToken } from '../../token/bootstrap.ts';
import type { BootstrapStep } from '../../token/step.ts';
import { renderStep } from '../bootstrap-token/steps.ts';
import type { Tour } from './tour.ts';

interface BootstrapRun {
  /** Of ClusterRoles; without any a first token is made. */
  readonly grants: readonly Grant[];
  /** Told before the lines of a step. */
  onStep?(step: BootstrapStep): void;
  /** Told after them. */
  onStepSaid?(step: BootstrapStep): void;
  /** What the command says on stderr. */
  onLine(line: string): void;
}

/** Does what `bootstrap-token` does; the token is kept for the steps that follow, and goes nowhere else. */
export async function runBootstrap(tour: Tour, { grants, onLine, onStep, onStepSaid }: BootstrapRun): Promise<void> {
  const { connection, names, runtime, stage, state, waitTimeoutMs } = tour;
  const isFirst = grants.length === 0;
  const progress = linesToo(stage.progress, onLine);
  state.written = true;
  await bootstrapToken(connection, {
    account: names.account,
    createNamespace: isFirst,
    createServiceAccount: isFirst,
    grants,
    adopt: false,
    reuse: !isFirst,
    secretName: names.secret.name,
    intent: {},
    run: names.run,
    verify: true,
    waitTimeoutMs,
    interruption: tourInterruption(tour),
    now: runtime.now,
    onStep: (step) => {
      onStep?.(step);
      if (step.step !== 'stays') renderStep(step, progress); // it does not: the tour removes it
      onStepSaid?.(step);
    },
    onWarning: (text) => progress.warn(text),
    deliver: async (credential) => {
      state.credential ??= credential; // somebody who tries the commands has made one that --reuse likes better
    },
  });
}

/** A Progress that also tells what it says. */
function linesToo(progress: Progress, onLine: (line: string) => void): Progress {
  return {
    ...progress,
    step(text) {
      onLine(text);
      progress.step(text);
    },
    note: (text) => onLine(`note: ${text}`),
    warn(text, options) {
      onLine(`warning: ${text}`);
      progress.warn(text, options);
    },
  };
}

/** No signal is dropped: the token goes no further than this process. A second one says what is left. */
function tourInterruption(tour: Tour): Interruption {
  const { interruption } = tour.runtime;
  return {
    signal: interruption.signal,
    async hold(work) {
      interruption.signal.throwIfAborted();
      return work();
    },
    leaves: (describe) => interruption.leaves(() => whatIsLeft(tour, describe?.())),
  };
}

/**
 * What somebody has to remove whose second signal skips the clean-up.
 *
 * @param within What is in the namespace.
 */
export function whatIsLeft({ names, state }: Tour, within?: string): string | undefined {
  if (!state.written || state.removed) return undefined;
  return [within, `Namespace "${names.namespace}"`].filter((text) => text !== undefined).join(', ');
}
