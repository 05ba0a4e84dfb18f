import { InterruptedError } from '../../model/errors.ts';
import { type FaultName, faultNames } from '../../sandbox/faults/names.ts';
import { prepareOutputFile } from '../../system/output-file.ts';
import { createProgress } from '../../cli/progress.ts';
import type { Runtime } from '../../system/runtime.ts';
import { placeKubeconfig } from '../sandbox/kubeconfig-file.ts';
import type { ClusterFlags } from '../shared/cluster-options.ts';
import { onCluster, readKubeconfig } from '../shared/clusters.ts';
import { onSandbox } from '../shared/on-sandbox.ts';
import { createCast } from './cast.ts';
import { commandLines, kubectlLines } from './command-line.ts';
import { newTourNames, type TourNames } from './names.ts';
import { whatIsLeft } from './run-bootstrap.ts';
import { sampleObjects } from './sample-objects.ts';
import { createStage, type Stage } from './stage.ts';
import { callStep } from './steps/call.ts';
import { chooseStep } from './steps/choose.ts';
import { cleanUpSteps, removeHurriedly } from './steps/clean-up.ts';
import { decodeStep } from './steps/decode.ts';
import { impostorStep } from './steps/impostor.ts';
import { listStep } from './steps/list.ts';
import { deniedStep, roleStep } from './steps/rights.ts';
import { tokenSteps } from './steps/token.ts';
import type { Tour, TourState } from './tour.ts';

export interface DemoInput {
  readonly flags: ClusterFlags & {
    readonly noPause: boolean;
    readonly record: string | undefined;
    readonly waitTimeout: number;
    readonly break: readonly FaultName[];
  };
}

const title = 'Access clusters using the Kubernetes API';

/** Milliseconds for which the sandbox of a tour goes on accepting a revoked token: a real API server ten seconds. */
const tokenCacheMs = 1000;

/** Gives the tour. Its end, or its failure, is recorded; an interruption is not. */
export async function runDemo({ flags }: DemoInput, runtime: Runtime, invocation: string): Promise<number> {
  const file =
    flags.record === undefined ? undefined : await prepareOutputFile(flags.record, { ...runtime, flag: '--record' });
  const progress = createProgress({ ...runtime, ...flags, transient: true });
  const cast = file === undefined ? undefined : createCast({ command: typed(invocation, flags), title });
  const stage = createStage({ ...flags, runtime, progress, cast, pauses: !flags.noPause });
  const names = newTourNames(runtime);
  const write = async () => file?.write(cast?.render() ?? '');
  try {
    const options = { tokenCacheMs, objects: sampleObjects(names), faults: flags.break };
    await onSandbox(flags, runtime, (given) => giveTour(given, { runtime, stage, names, invocation }), options);
    await write();
    if (file !== undefined) progress.note(`Wrote ${flags.record ?? ''}`);
    return 0;
  } catch (error) {
    if (!(error instanceof InterruptedError)) await write();
    throw error;
  } finally {
    await file?.discard();
    await progress.end();
  }
}

interface Around {
  readonly runtime: Runtime;
  readonly stage: Stage;
  readonly names: TourNames;
  readonly invocation: string;
}

async function giveTour(flags: DemoInput['flags'] & ClusterFlags, around: Around): Promise<void> {
  const { invocation, names, runtime, stage } = around;
  const commandLine = commandLines(invocation, flags);
  const kubeconfig = await readKubeconfig(flags, runtime);
  const plainKubectl = kubectlLines(flags);
  const place = flags.kubeconfigText === undefined ? undefined : await placeKubeconfig({ path: undefined }, runtime);
  try {
    const path = await place?.write(flags.kubeconfigText ?? '');
    await stage.title({ title, about: introduction(flags) });
    await listStep(stage, { kubeconfig, path, commandLine, plainKubectl });
    await stage.pause('choose one');
    await onCluster(flags, { runtime, progress: stage.progress, onExchange: stage.tap }, async (connection) => {
      const state: TourState = { interruptedAt: undefined, written: false, removed: false, credential: undefined };
      await visit({
        connection,
        names,
        stage,
        runtime,
        commandLine,
        kubectl: kubectlLines(flags, connection.access.context),
        plainKubectl,
        sandbox: flags.sandbox,
        waitTimeoutMs: flags.waitTimeout,
        state,
      });
    });
  } finally {
    await place?.remove();
  }
}

function introduction(flags: DemoInput['flags']): string[] {
  const page = 'https://kubernetes.io/docs/tasks/administer-cluster/access-cluster-api/';
  const where = flags.sandbox
    ? 'a sandbox: an API server in this process, with a namespace and some pods for the tour, which ends with it'
    : 'your cluster';
  return [
    page,
    ...(flags.break.length === 0
      ? []
      : ['The sandbox is broken on purpose:', ...flags.break.map((name) => `${name}: ${faultNames[name]}`)]),
    `The tour does what that page teaches, on ${where}. Each step shows the command that does it, what went over the wire, and what came of it.`,
    ...(flags.sandbox
      ? [
          'The first command names the kubeconfig of the sandbox to those that follow. On a terminal the tour waits after each step: until you press Enter you can try them in another one. To keep a sandbox running: the command sandbox.',
        ]
      : []),
  ];
}

/** The steps on the cluster. Whatever ends them, what was made is removed. */
async function visit(tour: Tour): Promise<void> {
  const { runtime, stage, state } = tour;
  const { signal } = runtime.interruption;
  signal.addEventListener('abort', () => (state.interruptedAt = runtime.now()), { once: true });
  runtime.interruption.leaves(() => whatIsLeft(tour));
  let failure: { readonly error: unknown } | undefined;
  try {
    await chooseStep(tour);
    await stage.pause(`make namespace "${tour.names.namespace}" there`);
    for (const [step, next] of steps) {
      await step(tour);
      if (next !== undefined) await stage.pause(next);
    }
  } catch (error) {
    failure = { error };
  }
  try {
    if (state.written && !signal.aborted) {
      if (failure !== undefined) await stage.pause('clean up');
      await cleanUpSteps(tour);
    }
  } catch (error) {
    failure ??= { error };
  }
  await removeHurriedly(tour);
  runtime.interruption.leaves(undefined);
  if (failure !== undefined) throw failure.error;
}

const steps: readonly (readonly [step: (tour: Tour) => Promise<void>, next?: string])[] = [
  [tokenSteps, 'look into the token'],
  [decodeStep, 'call the API'],
  [callStep, 'meet an impostor'],
  [(tour) => impostorStep(tour, () => tour.stage.pause('ask for more'))],
  [deniedStep, 'give it a right'],
  [roleStep, 'clean up'],
];

/** What starts such a tour. */
function typed(invocation: string, flags: DemoInput['flags']): string {
  const broken = flags.break.map((name) => ` --break ${name}`).join('');
  return flags.sandbox ? `${invocation} --sandbox${broken}` : commandLines(invocation, flags)('demo');
}
