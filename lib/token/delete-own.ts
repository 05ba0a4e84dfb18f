import type { Connection } from '../connection/connection.ts';
import { DeniedError, NotFoundError, ServerError } from '../model/errors.ts';
import { describeObject, objectPath, type ObjectRef } from '../model/made-object.ts';
import { isOfRun, type OwnedMetadata } from '../model/ownership.ts';

const metadataOnly = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json';

/** An object by name, and by uid where an answer told it. */
type DeletableObject = ObjectRef & { readonly uid?: string | undefined };

/**
 * Deletes an object if it still carries the id of `run`, with its uid as precondition: what was taken over meanwhile, or
 * made anew under the name, stays.
 *
 * @returns Whether there was something of this run to delete.
 * @throws {KubeSaTokenError} It could not be read, or not be deleted.
 */
export async function deleteOwn(
  connection: Connection,
  object: DeletableObject,
  run: string,
  signal: AbortSignal,
): Promise<boolean> {
  const doing = `delete ${describeObject(object)}`;
  const path = objectPath(object);
  try {
    const uid = await readOwnUid(connection, object, run, signal);
    if (uid === undefined) return false;
    const body = JSON.stringify({ apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid } });
    const contentType = 'application/json';
    await connection.send({ method: 'DELETE', path, body, contentType, doing, signal, retry: 'idempotent' });
    return true;
  } catch (error) {
    const gone = error instanceof NotFoundError || (error instanceof ServerError && error.reason === 'Conflict');
    if (!gone) throw error;
    return false;
  }
}

/** The uid of an object if it still is this run's. Who may not read it goes by what the create answered. */
async function readOwnUid(
  connection: Connection,
  object: DeletableObject,
  run: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const doing = `read ${describeObject(object)}`;
    const path = objectPath(object);
    const found = await connection.send({ method: 'GET', path, accept: metadataOnly, doing, signal });
    const { metadata } = found.json<{ metadata: OwnedMetadata & { uid: string } }>();
    return isOfRun(metadata, run) ? metadata.uid : undefined;
  } catch (error) {
    if (error instanceof DeniedError && object.uid !== undefined) return object.uid;
    throw error;
  }
}
