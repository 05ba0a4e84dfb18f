import type { V1Secret } from '@kubernetes/client-node';
import type { Connection } from '../connection/connection.ts';
import { createOnce } from '../connection/create-once.ts';
import { coreV1 } from '../connection/typed-api.ts';
import { NotFoundError, RefusedError } from '../model/errors.ts';
import { runAnnotation } from '../model/ownership.ts';
import { fullName, type SecretRef } from '../model/service-account.ts';

/**
 * Creates a token Secret, and knows afterwards whether it exists: a signal does not cut it, and a create whose answer got
 * lost is resolved by reading the name, never by creating again.
 *
 * @throws {DeniedError} RBAC, quota, an admission policy, a terminating namespace: the message has the server's words.
 * @throws {UnreachableError} No answer, and the Secret was not there afterwards.
 * @throws {RefusedError} Another one has the name.
 */
export async function createTokenSecret(
  connection: Connection,
  manifest: V1Secret,
  signal: AbortSignal,
): Promise<V1Secret> {
  const { name = '', namespace = '', annotations } = manifest.metadata ?? {};
  const doing = `create a Secret in namespace "${namespace}"`;
  const created = await createOnce<V1Secret>({
    doing,
    object: `Secret "${namespace}/${name}"`,
    run: annotations?.[runAnnotation] ?? '',
    signal,
    create: async (limited) => {
      const core = await coreV1(connection, { doing, signal: limited });
      return core.createNamespacedSecret({ namespace, body: manifest });
    },
    read: (limited) => readSecret(connection, { namespace, name }, limited),
  });
  if (created !== 'exists') return created;
  throw new RefusedError(`Cannot ${doing}: another one is named "${name}"`, {
    reason: 'SecretNotOurs',
    hint: 'Run the command again',
  });
}

async function readSecret(
  connection: Connection,
  secret: SecretRef,
  signal: AbortSignal,
): Promise<V1Secret | undefined> {
  try {
    const core = await coreV1(connection, { doing: `read Secret "${fullName(secret)}"`, signal });
    return await core.readNamespacedSecret({ ...secret });
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}
