import { usesColour } from '../../cli/colour.ts';
import type { Progress } from '../../cli/progress.ts';
import { createPrompter } from '../../cli/prompt.ts';
import type { Exchange } from '../../connection/attempt.ts';
import { InterruptedError } from '../../model/errors.ts';
import type { Runtime } from '../../system/runtime.ts';
import { writeDrawn } from '../shared/deliver.ts';
import { type Cast, castSize } from './cast.ts';
import { drawStep, drawTitle } from './draw.ts';
import type { Look } from './look.ts';
import { type Step, type StepPlan, stepOrder } from './step.ts';

/** Where the tour is shown: the terminal, and the recording if there is one. */
export interface Stage {
  readonly progress: Progress;
  /** Told each exchange of the tour. */
  tap(exchange: Exchange): void;
  /** The exchanges since it was asked last. */
  taken(): Exchange[];
  title(text: Parameters<typeof drawTitle>[0]): Promise<void>;
  /** Does a step and shows it; what it throws is shown too, and thrown again. */
  play(plan: StepPlan, work: () => Promise<readonly string[]>): Promise<void>;
  /** Shows a step that was done. */
  show(step: Step): Promise<void>;
  /** Somebody is there to press Enter. */
  readonly waits: boolean;
  /** Waits for Enter, where somebody is there to press it. */
  pause(next: string): Promise<void>;
}

export interface StageOptions {
  readonly runtime: Runtime;
  readonly progress: Progress;
  readonly cast: Cast | undefined;
  /** Wait for Enter where that is possible. */
  readonly pauses: boolean;
  readonly noColor: boolean;
  readonly noInput: boolean;
}

const narrowest = 60;
const widest = 100;

export function createStage({ cast, noColor, noInput, pauses, progress, runtime }: StageOptions): Stage {
  const { env, interruption, stderr, stdin, stdout } = runtime;
  const colour = usesColour(stdout, env, { noColor });
  const prompter = createPrompter({ stdin, stderr, noInput, signal: interruption.signal });
  const erases = env['TERM'] !== 'dumb';
  let wire: Exchange[] = [];
  let waits = pauses && stdout.isTTY && prompter.canAsk;

  const print = async (draw: (look: Look) => string) => {
    await progress.end(); // it may share the terminal
    cast?.add(draw({ width: castSize.width, colour: true }));
    const width = Math.min(widest, Math.max(narrowest, stdout.columns ?? 80));
    await writeDrawn(runtime, draw({ width, colour }));
  };
  const stage: Stage = {
    progress,
    get waits() {
      return waits;
    },
    tap: (exchange) => void wire.push(exchange),
    taken() {
      const taken = wire;
      wire = [];
      return taken;
    },
    title: (text) => print((look) => drawTitle(text, look)),
    show: (step) => print((look) => drawStep(step, look)),
    async play(plan, work) {
      interruption.signal.throwIfAborted();
      progress.step(`${stepOrder.indexOf(plan.id) + 1}/${stepOrder.length} ${plan.title}`);
      try {
        const result = await work();
        await stage.show({ ...plan, wire: stage.taken(), result });
      } catch (failure) {
        await progress.end('failed');
        if (!(failure instanceof InterruptedError) && !interruption.signal.aborted)
          await stage.show({ ...plan, wire: stage.taken(), result: [], failure });
        throw failure;
      }
    },
    async pause(next) {
      interruption.signal.throwIfAborted();
      if (!waits) return;
      await progress.end();
      await stderr.write('\n');
      waits = await prompter.pause(`Enter: ${next}. Ctrl-C: end and clean up.`);
      if (waits && erases) await stderr.write('\u001B[A\u001B[2K\u001B[A'); // Enter has begun a new line
    },
  };
  return stage;
}
