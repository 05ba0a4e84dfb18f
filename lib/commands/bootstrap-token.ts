import { defineCommand } from '../cli/command.ts';
import { createProgress, type Progress } from '../cli/progress.ts';
import { bootstrapToken } from '../token/bootstrap.ts';
import { describeObject } from '../model/made-object.ts';
import { checkObjects, planObjects, refOf } from '../token/dry-run.ts';
import { newSecretName } from '../token/secret.ts';
import type { Runtime } from '../system/runtime.ts';
import { bootstrapOptions, bootstrapPositionals } from './bootstrap-token/options.ts';
import { type BootstrapCommandInput, bootstrapInput } from './bootstrap-token/input.ts';
import { renderCredential } from './bootstrap-token/render.ts';
import { renderManifests } from './bootstrap-token/manifests.ts';
import { renderStep, tellAboutToken } from './bootstrap-token/steps.ts';
import { describeTarget, onCluster, resolveAccess } from './shared/clusters.ts';
import { openDestination, writeStdout } from './shared/deliver.ts';

export const bootstrapTokenCommand = defineCommand({
  name: 'bootstrap-token',
  summary: 'Make a ServiceAccount token, prove it with a direct call, and print it',
  description:
    'Creates a kubernetes.io/service-account-token Secret, waits until the token controller has populated it, compares the claims of the token with what was asked for, proves it with a bearer-authenticated call over verified TLS, and prints it. What it made is removed again if anything fails.',
  examples: [
    {
      does: 'A token of ServiceAccount "ci-bot" in namespace "ci", both made if missing',
      line: '$0 ci-bot -n ci --create-namespace --create-service-account',
    },
    {
      does: 'The same with the right to read what ClusterRole "view" lets read in that namespace',
      line: '$0 ci-bot -n ci --create-service-account --role view',
    },
    {
      does: 'A token that may list and watch pods and deployments, and nothing else',
      line: "$0 ci-bot -n ci --create-service-account --allow 'get,list,watch pods,deployments.apps'",
    },
    { does: 'Keep the token off the screen', line: '$0 ci-bot -n ci --output-file token' },
    { does: 'See what would be created', line: '$0 ci-bot -n ci --create-service-account --dry-run=client' },
  ],
  options: bootstrapOptions,
  positionals: bootstrapPositionals,
  input: bootstrapInput,
  run: (input, runtime) => (input.dryRun === 'none' ? mint(input, runtime) : preview(input, runtime)),
});

async function mint(input: BootstrapCommandInput, runtime: Runtime): Promise<number> {
  const progress = progressOf(input, runtime);
  const destination = await openDestination(input.outputFile, runtime);
  try {
    await onCluster(input.flags, { runtime, progress }, async (connection) => {
      progress.step(`Using ${describeTarget(connection)}`);
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
          await destination.write(renderCredential(ready, input.output, { newline: destination.isTTY }));
        },
      });
      tellAboutToken(credential, { input, destination, platform: runtime.platform, progress });
    });
    return 0;
  } finally {
    await destination.discard();
    await progress.end();
  }
}

async function preview(input: BootstrapCommandInput, runtime: Runtime): Promise<number> {
  const progress = progressOf(input, runtime);
  const planOf = (namespace: string) => ({
    ...input,
    ...madeOf(input, runtime),
    account: { namespace, name: input.serviceAccount },
  });
  try {
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
      if (state === 'not checked')
        progress.note(`${describeObject(refOf(manifest))}: not checked, its namespace does not exist yet`);
    }
    await progress.end();
    await writeStdout(runtime, renderManifests(planned, input.output));
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
    run: Buffer.from(random(8)).toString('hex'),
  };
}

function progressOf({ flags }: BootstrapCommandInput, { stderr, env }: Runtime): Progress {
  return createProgress({ stderr, env, quiet: flags.quiet, noColor: flags.noColor });
}
