import type { Exchange } from '../../../connection/attempt.ts';
import { InterruptedError } from '../../../model/errors.ts';
import { fullName } from '../../../model/service-account.ts';
import { describeTarget } from '../../shared/clusters.ts';
import { runBootstrap } from '../run-bootstrap.ts';
import type { StepPlan } from '../step.ts';
import type { Tour } from '../tour.ts';

/** A part of the run, as far as it came. */
interface Part {
  readonly plan: StepPlan;
  wire: Exchange[];
  readonly lines: string[];
}

/** One run of `bootstrap-token`, shown as the three steps that it takes. */
export async function tokenSteps(tour: Tour): Promise<void> {
  const { stage } = tour;
  const plans = plansOf(tour);
  const parts: Part[] = [];
  let lines: string[] = [];
  const finishPart = () => {
    const plan = plans[parts.length];
    if (plan !== undefined) parts.push({ plan, wire: stage.taken(), lines });
    lines = [];
  };
  stage.progress.note(`Using ${describeTarget(tour.connection)}`);
  let failed: { readonly failure: unknown } | undefined;
  try {
    await runBootstrap(tour, {
      grants: [],
      onLine: (line) => lines.push(line),
      onStep: ({ step }) => {
        if (step === 'wait') finishPart();
      },
      onStepSaid: ({ step }) => {
        if (step === 'filled') finishPart();
      },
    });
    lines.push('On its stdout: the token, which the tour never shows');
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    failed = { failure: error };
  }
  finishPart();
  moveWatch(parts);
  for (const [index, { plan, wire, lines: result }] of parts.entries()) {
    const isLast = index === parts.length - 1;
    await stage.show({ ...plan, wire, result, ...(isLast ? failed : {}) });
    if (!isLast) await stage.pause('see what came next');
  }
  if (failed !== undefined) throw failed.failure;
}

/** The watch is opened at the very beginning, so that it costs no round trip later; it belongs to the wait. */
function moveWatch([create, wait]: readonly Part[]): void {
  if (create === undefined || wait === undefined) return;
  const isWatch = ({ path }: Exchange) => path.includes('watch=true');
  wait.wire = [...create.wire.filter(isWatch), ...wait.wire];
  create.wire = create.wire.filter((exchange) => !isWatch(exchange));
}

function plansOf({ commandLine, names, plainKubectl }: Tour): StepPlan[] {
  const { account, namespace, secret } = names;
  const flags = ['--create-namespace', '--create-service-account'];
  const command = commandLine('bootstrap-token', account.name, '-n', namespace, ...flags);
  return [
    {
      id: 'create',
      title: 'Create a token Secret for a ServiceAccount',
      about:
        'A Secret of type kubernetes.io/service-account-token, annotated with the name of a ServiceAccount, asks the token controller for a token. The documentation asks for one of the ServiceAccount "default", whose rights are those of every pod of the namespace. Here it is a ServiceAccount made for the purpose. Before the command writes, it looks whether you may do all that it needs, and what is there.',
      commands: [command],
      insteadOf: [
        `${plainKubectl('apply', '-f', '-')} <<EOF`,
        'apiVersion: v1',
        'kind: Secret',
        'metadata:',
        '  name: default-token',
        '  annotations:',
        '    kubernetes.io/service-account.name: default',
        'type: kubernetes.io/service-account-token',
        'EOF',
      ],
    },
    {
      id: 'wait',
      title: 'Wait until the token controller has put a token into it',
      about:
        'The same command goes on. It watches the Secret, with a deadline. The loop of the documentation asks once a second, and never ends if the ServiceAccount is missing or the controller is not running.',
      commands: [command],
      goesOn: true,
      insteadOf: [
        `while ! ${plainKubectl('describe', 'secret', 'default-token')} | grep -E '^token' >/dev/null`,
        'do echo "waiting for token..." >&2; sleep 1; done',
      ],
    },
    {
      id: 'prove',
      title: 'Prove the token',
      about: `Before the command hands the token out, it asks the API server whose it is: a SelfSubjectReview, sent with the token and nothing else, over TLS that is verified. The answer has to be ServiceAccount "${fullName(account)}". Then it labels Secret "${secret.name}" as delivered.`,
      commands: [command],
      goesOn: true,
    },
  ];
}
