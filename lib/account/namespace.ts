import type { V1Namespace } from '@kubernetes/client-node';
import type { Connection } from '../connection/connection.ts';
import { coreV1 } from '../connection/typed-api.ts';
import { DeniedError, NotFoundError, ServerError } from '../model/errors.ts';
import { ownedMetadata } from '../model/ownership.ts';

/** The Namespace that `createNamespace()` makes; a dry run prints it. */
export function namespaceManifest(name: string, run: string): V1Namespace {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, ...ownedMetadata(run) } };
}

/** Whether a namespace exists; `unknown` where the caller may not read it. */
export async function lookUpNamespace(
  connection: Connection,
  name: string,
  signal: AbortSignal,
): Promise<'present' | 'missing' | 'unknown'> {
  try {
    const core = await coreV1(connection, { doing: `read namespace "${name}"`, signal });
    await core.readNamespace({ name });
    return 'present';
  } catch (error) {
    if (error instanceof NotFoundError) return 'missing';
    if (error instanceof DeniedError && error.status === 403) return 'unknown';
    throw error;
  }
}

/** Makes a namespace and says whether this call made it: one that appeared meanwhile is as good. */
export async function createNamespace(
  connection: Connection,
  name: string,
  { run, signal }: { run: string; signal: AbortSignal },
): Promise<boolean> {
  try {
    const core = await coreV1(connection, { doing: `create namespace "${name}"`, signal });
    await core.createNamespace({ body: namespaceManifest(name, run) });
    return true;
  } catch (error) {
    if (error instanceof ServerError && error.reason === 'AlreadyExists') return false;
    throw error;
  }
}
