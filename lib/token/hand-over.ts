import type { Connection } from '../connection/connection.ts';
import { coreV1 } from '../connection/typed-api.ts';
import { DeniedError, KubeSaTokenError, UnreachableError } from '../model/errors.ts';
import { runAnnotation, stateLabel } from '../model/ownership.ts';
import { fullName, type SecretRef } from '../model/service-account.ts';
import { withDeadline } from '../system/deadline.ts';

const pointer = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** Milliseconds for the label that tells of the hand-over. */
const labelMs = 5000;

/**
 * Labels a Secret `delivered`. The credential is out already: a label that cannot be set is a warning, not a failure.
 */
export async function markHandedOver(
  connection: Connection,
  secret: SecretRef & { readonly uid: string },
  onWarning?: (text: string) => void,
): Promise<void> {
  const change = { op: 'add', path: `/metadata/labels/${pointer(stateLabel)}`, value: 'delivered' } as const;
  const reason = () => new UnreachableError('Cannot label the Secret: no answer', { reason: 'NoAnswer' });
  try {
    await withDeadline(labelMs, { reason }, (signal) => patchOwn(connection, secret, [change], signal));
  } catch (error) {
    if (!(error instanceof KubeSaTokenError)) throw error;
    const why = error instanceof DeniedError ? 'patch is denied' : error.reason;
    onWarning?.(
      `Secret "${fullName(secret)}" stays labelled "pending" (${why}): in ten minutes it counts as left over`,
    );
  }
}

/** Makes `run` the owner of a Secret, so that the run which made it no longer cleans it up. */
export async function takeOver(
  connection: Connection,
  secret: SecretRef & { readonly uid: string },
  { run, signal }: { run: string; signal: AbortSignal },
): Promise<void> {
  await patchOwn(
    connection,
    secret,
    [{ op: 'add', path: `/metadata/annotations/${pointer(runAnnotation)}`, value: run }],
    signal,
  );
}

async function patchOwn(
  connection: Connection,
  { uid, namespace, name }: SecretRef & { readonly uid: string },
  change: { op: 'add'; path: string; value: string }[],
  signal: AbortSignal,
): Promise<void> {
  const core = await coreV1(connection, { doing: `label Secret "${fullName({ namespace, name })}"`, signal });
  const body = [{ op: 'test', path: '/metadata/uid', value: uid }, ...change];
  await core.patchNamespacedSecret({ namespace, name, body });
}
