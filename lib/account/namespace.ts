import type { V1Namespace } from '@kubernetes/client-node';
import type { Connection } from '../connection/connection.ts';
import { createOnce } from '../connection/create-once.ts';
import { coreV1 } from '../connection/typed-api.ts';
import { DeniedError, NotFoundError } from '../model/errors.ts';
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
    if (error instanceof NotFoundError && error.reason === 'NotFound') return 'missing';
    if (error instanceof DeniedError && error.status === 403) return 'unknown';
    throw error;
  }
}

/**
 * Makes a namespace and says whether this run made it: one that exists is as good. A signal does not cut it.
 *
 * @throws {UnreachableError} No answer, and no such namespace afterwards.
 */
export async function createNamespace(
  connection: Connection,
  name: string,
  { run, signal }: { run: string; signal: AbortSignal },
): Promise<boolean> {
  const doing = `create namespace "${name}"`;
  const created = await createOnce<V1Namespace>({
    doing,
    object: `Namespace "${name}"`,
    run,
    signal,
    create: async (limited) => {
      const core = await coreV1(connection, { doing, signal: limited });
      return core.createNamespace({ body: namespaceManifest(name, run) });
    },
    read: async (limited) => {
      try {
        return await (await coreV1(connection, { doing, signal: limited })).readNamespace({ name });
      } catch (error) {
        if (error instanceof NotFoundError || error instanceof DeniedError) return undefined;
        throw error;
      }
    },
  });
  return created !== 'exists';
}
