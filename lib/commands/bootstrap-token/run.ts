import { warnOfVerbs } from '../../account/verbs.ts';
import { bootstrapToken } from '../../token/bootstrap.ts';
import { describeObject } from '../../model/made-object.ts';
import { newRunId } from '../../model/ownership.ts';
import { checkObjects, planObjects, refOf } from '../../token/dry-run.ts';
import { newSecretName } from '../../token/secret.ts';
import type { Runtime } from '../../system/runtime.ts';
import type { BootstrapCommandInput } from './input.ts';
import { renderCredential } from './render.ts';
import { renderManifests, stateNotes } from './manifests.ts';
import { renderStep, tellAboutToken } from './steps.ts';
import { describeTarget, onCluster, resolveAccess } from '../shared/clusters.ts';
import { refusesServiceAccounts } from '../shared/warn-of-kubeconfig.ts';
import { onSandbox } from '../shared/on-sandbox.ts';
import { progressOf } from '../shared/progress.ts';
import { openDestination, writeStdout } from '../shared/deliver.ts';

/** Makes a token, or shows what it would make. */
export async function runBootstrapToken(input: BootstrapCommandInput, runtime: Runtime): Promise<number> {
  return onSandbox(input.flags, runtime, (flags) => {
    const given = { ...input, flags };
    return input.dryRun === 'none' ? mint(given, runtime) : preview(given, runtime);
  });
}

async function mint(input: BootstrapCommandInput, runtime: Runtime): Promise<number> {
  const progress = progressOf(input.flags, runtime);
  const destination = await openDestination(input.outputFile, runtime);
  try {
    await onCluster(input.flags, { runtime, progress }, async (connection) => {
      progress.step(`Using ${describeTarget(connection)}`);
      const refusal = refusesServiceAccounts(connection.access.cluster.server);
      if (refusal !== undefined) progress.warn(refusal);
      const account = { namespace: connection.access.namespace, name: input.serviceAccount };
      const credential = await bootstrapToken(connection, {
        ...input,
        account,
        ...madeOf(input, runtime),
        interruption: runtime.interruption,
        now: runtime.now,
        onStep: (step) => renderStep(step, progress),
        onWarning: (text) => progress.warn(text),
        deliver: async (ready) => {
          await progress.end(); // a spinner and the token may share a terminal
          await destination.write(await renderCredential(ready, input.output, { newline: destination.isTTY }));
        },
      });
      const { access } = connection;
      tellAboutToken(credential, { access, input, destination, platform: runtime.platform, progress });
    });
    return 0;
  } finally {
    await destination.discard();
    await progress.end();
  }
}

async function preview(input: BootstrapCommandInput, runtime: Runtime): Promise<number> {
  const progress = progressOf(input.flags, runtime);
  const planOf = (namespace: string) => ({
    ...input,
    ...madeOf(input, runtime),
    account: { namespace, name: input.serviceAccount },
  });
  try {
    if (input.dryRun === 'client') warnOfVerbs(input.grants, (text) => progress.warn(text)); // else preflight() does
    const planned =
      input.dryRun === 'client'
        ? planObjects(planOf((await resolveAccess(input.flags, runtime)).namespace))
        : await onCluster(input.flags, { runtime, progress }, (connection) => {
            progress.step(`Asking ${describeTarget(connection)}`);
            return checkObjects(connection, planOf(connection.access.namespace), {
              signal: runtime.interruption.signal,
              now: runtime.now,
              onWarning: (text) => progress.warn(text),
            });
          });
    for (const { manifest, state } of planned) {
      const said = stateNotes[state];
      if (said !== undefined) progress.note(`${describeObject(refOf(manifest))}: ${said}`);
    }
    await progress.end();
    await writeStdout(runtime, await renderManifests(planned, input.output));
    return 0;
  } finally {
    await progress.end();
  }
}

/** What is decided anew for each run. */
function madeOf(
  { purpose, rotateAfterMs, secretNamePrefix, serviceAccount }: BootstrapCommandInput,
  { now, random }: Runtime,
) {
  const rotateAfter = rotateAfterMs === undefined ? undefined : new Date(now() + rotateAfterMs).toISOString();
  return {
    secretName: newSecretName(secretNamePrefix ?? `${serviceAccount}-token`, random),
    intent: { purpose, rotateAfter },
    run: newRunId(random),
  };
}
