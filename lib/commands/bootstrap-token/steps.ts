import { isIP } from 'node:net';
import type { Progress } from '../../cli/progress.ts';
import type { Grant } from '../../account/grant.ts';
import type { ClusterAccess } from '../../model/cluster-access.ts';
import type { Credential } from '../../model/credential.ts';
import { deleteCommand, describeObject } from '../../model/made-object.ts';
import { fullName, type ServiceAccountRef } from '../../model/service-account.ts';
import { renderDuration } from '../../system/duration.ts';
import type { BootstrapStep } from '../../token/step.ts';
import type { Destination } from '../shared/deliver.ts';
import type { BootstrapCommandInput } from './input.ts';

/** One step of `bootstrapToken()` as a line on stderr. */
export function renderStep(step: BootstrapStep, progress: Progress): void {
  switch (step.step) {
    case 'made':
      return progress.step(`Created ${describeObject(step.object)}`);
    case 'granted': {
      const done = { created: 'Gave', unchanged: 'Already has', replaced: 'Replaced', adopted: 'Took over' }[step.what];
      progress.step(`${done} ${describeGrant(step.grant)} for ServiceAccount "${fullName(step.account)}"`);
      for (const line of step.difference) progress.step(`  ${line}`);
      return undefined;
    }
    case 'granted-in-all':
      if (step.roles.length > 1) progress.note(`${describeAccount(step.account)} now has ${step.roles.join(', ')}`);
      return undefined;
    case 'create':
      return progress.step(`Creating Secret "${fullName(step.secret)}"`);
    case 'wait':
      return progress.step(`Waiting up to ${renderDuration(step.timeoutMs)} for the token controller`);
    case 'filled':
      return progress.step(`Got the token after ${step.waitedMs} ms`);
    case 'reused':
      return progress.step(`Reusing Secret "${fullName(step.secret)}"`);
    case 'verified':
      return progress.step(
        step.by === 'SelfSubjectAccessReview'
          ? 'Proved the token: the API server accepts it (SelfSubjectAccessReview: it does not say for whom)'
          : `Proved the token: the API server takes it for "${step.subject}" (${step.by ?? ''})`,
      );
    case 'counted':
      return progress.note(
        `ServiceAccount "${fullName(step.account)}" has ${step.more ? 'at least ' : ''}${step.tokens} token${step.tokens === 1 ? '' : 's'} that never expire${step.tokens === 1 ? 's' : ''}`,
      );
    case 'removed':
      return progress.step(`Removed again: ${step.objects.map(describeObject).join(', ')}`);
    case 'stays':
      return progress.note(`${describeObject(step.object)} stays: the next run goes on from there`);
  }
}

/** What the owner of a fresh token has to know. */
export function tellAboutToken(
  credential: Credential,
  {
    access,
    input,
    destination,
    platform,
    progress,
  }: {
    access: ClusterAccess;
    input: BootstrapCommandInput;
    destination: Destination;
    platform: NodeJS.Platform;
    progress: Progress;
  },
): void {
  const { cluster, rotateAfter, secret } = credential;
  if (!credential.verified) progress.warn('The token was not proven (--no-verify)');
  if (rotateAfter !== null)
    progress.note(`The token is to be replaced after ${rotateAfter}, but stays valid past that date`);
  if (destination.file !== undefined) {
    progress.note(`Wrote ${destination.file}`);
    if (platform === 'win32')
      progress.warn('On Windows a file mode keeps nobody out: set the access rights of the file yourself');
  }
  if (input.flags.sandbox) {
    return progress.note('The sandbox ends now, and the token with it. To keep one running: the command sandbox');
  }
  if (destination.isTTY && ['token', 'json', 'yaml'].includes(input.output)) {
    const revoke = deleteCommand({ kind: 'Secret', namespace: secret.namespace, name: secret.name }, access);
    progress.note(`This token does not expire. --output-file keeps it off the screen; to revoke it: ${revoke}`);
  }
  if (access.cluster.proxyCredentials !== undefined && (input.output === 'json' || input.output === 'yaml'))
    progress.warn(`${cluster.proxyUrl ?? 'The proxy'} wants a name and a password: the credential leaves them out`);
  const forElsewhere = destination.file !== undefined || input.output === 'json' || input.output === 'yaml';
  if (forElsewhere && isLoopback(cluster.server)) {
    progress.warn(`${cluster.server} is a loopback address: the credential is of use on this machine only`);
  }
}

function describeAccount(account: ServiceAccountRef): string {
  return `ServiceAccount "${fullName(account)}"`;
}

function describeGrant(grant: Grant): string {
  const where = grant.scope === 'cluster' ? 'in the whole cluster' : 'in its namespace';
  return grant.by === 'role' ? `ClusterRole "${grant.clusterRole}" ${where}` : `rights of its own ${where}`;
}

function isLoopback(server: string): boolean {
  const host = new URL(server).hostname.replace(/^\[|\]$/gu, '');
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '::1' ||
    (isIP(host) === 4 && host.startsWith('127.'))
  );
}
