import type { Connection } from '../connection/connection.ts';
import { DeniedError, KubeSaTokenError, NotFoundError, ServerError, UnreachableError } from '../model/errors.ts';
import { deleteCommand, describeObject, type MadeObject, objectPath } from '../model/made-object.ts';
import { isOfRun, type OwnedMetadata } from '../model/ownership.ts';
import { withDeadline } from '../system/deadline.ts';
import type { Interruption } from '../system/runtime.ts';
import type { BootstrapStep } from './step.ts';

const metadataOnly = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json';

/** Milliseconds for the whole clean-up, from a fresh deadline: the signal that ended the run is aborted already. */
const cleanUpMs = 5000;

export interface CleanUpOptions {
  readonly run: string;
  readonly interruption: Interruption;
  onStep?: ((step: BootstrapStep) => void) | undefined;
  onWarning?: ((text: string) => void) | undefined;
}

/**
 * Runs `work`; if it fails, deletes what it has put into `made`, newest first (the Secret, then bindings, then Roles).
 * Only what still carries the id of this run, with its uid as precondition: what was taken over meanwhile, or made anew
 * under the name, stays. What cannot be deleted is told with the command for somebody who may.
 */
export async function cleanUpAfter<T>(
  connection: Connection,
  made: readonly MadeObject[],
  { run, interruption, onStep, onWarning }: CleanUpOptions,
  work: () => Promise<T>,
): Promise<T> {
  interruption.leaves(() => (made.length === 0 ? undefined : made.map(describeObject).join(', ')));
  try {
    return await work();
  } catch (error) {
    const removed: MadeObject[] = [];
    const reason = () => new UnreachableError('Cannot clean up: no answer', { reason: 'NoAnswer' });
    for (const object of made.toReversed()) {
      try {
        await withDeadline(cleanUpMs, { reason }, (signal) => deleteOwn(connection, object, run, signal));
        removed.push(object);
      } catch (failure) {
        if (!(failure instanceof KubeSaTokenError)) throw failure;
        const why = failure instanceof DeniedError ? 'delete is denied' : failure.reason;
        onWarning?.(`${describeObject(object)} could not be removed (${why}); to remove it: ${deleteCommand(object)}`);
      }
    }
    if (removed.length > 0) onStep?.({ step: 'removed', objects: removed });
    throw error;
  } finally {
    interruption.leaves(undefined);
  }
}

async function deleteOwn(connection: Connection, object: MadeObject, run: string, signal: AbortSignal): Promise<void> {
  const doing = `delete ${describeObject(object)}`;
  const path = objectPath(object);
  try {
    const found = await connection.send({ method: 'GET', path, accept: metadataOnly, doing, signal });
    const { metadata } = found.json<{ metadata: OwnedMetadata & { uid: string } }>();
    if (!isOfRun(metadata, run)) return;
    const body = JSON.stringify({ apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid: metadata.uid } });
    await connection.send({
      method: 'DELETE',
      path,
      body,
      contentType: 'application/json',
      doing,
      signal,
      retry: 'idempotent',
    });
  } catch (error) {
    const gone = error instanceof NotFoundError || (error instanceof ServerError && error.reason === 'Conflict');
    if (!gone) throw error;
  }
}
