import type { Connection } from '../connection/connection.ts';
import { DeniedError, KubeSaTokenError, NotFoundError, UnreachableError } from '../model/errors.ts';
import { deleteCommand, describeObject, type MadeObject, type ObjectRef } from '../model/made-object.ts';
import { startDeadline } from '../system/deadline.ts';
import type { Interruption } from '../system/runtime.ts';
import { deleteOwn } from './delete-own.ts';
import type { BootstrapStep } from './step.ts';

/** Milliseconds for the whole clean-up, from a fresh deadline: the signal that ended the run is aborted already. */
const cleanUpMs = 5000;

/** What a run has made so far, kept by the run itself. */
export interface RunRecord {
  /** Objects to remove if the run fails, oldest first; emptied at the point of no return. */
  readonly made: MadeObject[];
  /** Objects that stay even then. */
  readonly stays: ObjectRef[];
}

/** Records an object before it is asked for. @returns Forgets it: the create was refused, so that there is none. */
export function record<T extends ObjectRef>(list: T[], object: T): () => void {
  list.push(object);
  return () => {
    const index = list.indexOf(object);
    if (index !== -1) list.splice(index, 1);
  };
}

export interface CleanUpOptions {
  readonly run: string;
  readonly interruption: Interruption;
  onStep?: ((step: BootstrapStep) => void) | undefined;
  onWarning?: ((text: string) => void) | undefined;
}

/**
 * Runs `work`; if it fails, deletes what it has recorded as made, newest first (the Secret, then bindings, then Roles).
 * Only what still carries the id of this run, with its uid as precondition: what was taken over meanwhile, or made anew
 * under the name, stays. What cannot be deleted is told with the command for somebody who may.
 */
export async function cleanUpAfter<T>(
  connection: Connection,
  { made, stays }: RunRecord,
  options: CleanUpOptions,
  work: () => Promise<T>,
): Promise<T> {
  const { interruption, onStep } = options;
  interruption.leaves(() => (made.length === 0 ? undefined : made.map(describeObject).join(', ')));
  try {
    return await work();
  } catch (error) {
    const removed = await removeAll(connection, made, options);
    if (removed.length > 0) onStep?.({ step: 'removed', objects: removed });
    for (const object of stays) if (!isGone(object, error)) onStep?.({ step: 'stays', object });
    throw error;
  } finally {
    interruption.leaves(undefined);
  }
}

/** Somebody has deleted what would have stayed: that is why the run failed. */
function isGone({ kind }: ObjectRef, error: unknown): boolean {
  return kind === 'ServiceAccount' && error instanceof NotFoundError && error.reason === 'ServiceAccountNotFound';
}

async function removeAll(
  connection: Connection,
  made: readonly MadeObject[],
  { onWarning, run }: CleanUpOptions,
): Promise<MadeObject[]> {
  const removed: MadeObject[] = [];
  const deadline = startDeadline(cleanUpMs, { reason: noAnswer });
  try {
    for (const object of made.toReversed()) {
      try {
        if (await deleteOwn(connection, object, run, deadline.signal)) removed.push(object);
      } catch (error) {
        if (!(error instanceof KubeSaTokenError)) throw error;
        const why = error instanceof DeniedError ? (error.said ?? error.reason) : error.reason;
        const remove = deleteCommand(object, connection.access);
        onWarning?.(`${describeObject(object)} could not be removed (${why}); to remove it: ${remove}`);
      }
    }
  } finally {
    deadline.end();
  }
  return removed;
}

function noAnswer(): UnreachableError {
  return new UnreachableError(`Cannot clean up: no answer within ${cleanUpMs / 1000}s`, { reason: 'NoAnswer' });
}
