import type { V1Secret } from '@kubernetes/client-node';
import type { Connection } from '../connection/connection.ts';
import { mayBeDone } from '../connection/may-be-done.ts';
import { coreV1 } from '../connection/typed-api.ts';
import { NotFoundError, RefusedError, ServerError, UnreachableError } from '../model/errors.ts';
import { isOfRun, runAnnotation } from '../model/ownership.ts';
import { fullName, type SecretRef } from '../model/service-account.ts';
import { sleep, withDeadline } from '../system/deadline.ts';

/** Milliseconds for the answer to the create, and again for resolving a create without an answer. */
const answerMs = 30_000;

/**
 * Creates a token Secret, and knows afterwards whether it exists: it is not cut by the caller's signal, and a create
 * whose answer got lost is resolved by reading the name, never by creating again.
 *
 * @throws {DeniedError} RBAC, quota, an admission policy, a terminating namespace: the message has the server's words.
 * @throws {UnreachableError} No answer, and the Secret was not there afterwards.
 */
export async function createTokenSecret(connection: Connection, manifest: V1Secret): Promise<V1Secret> {
  const { name = '', namespace = '', annotations } = manifest.metadata ?? {};
  const doing = `create a Secret in namespace "${namespace}"`;
  try {
    return await bounded(doing, async (signal) => {
      const core = await coreV1(connection, { doing, signal });
      return core.createNamespacedSecret({ namespace, body: manifest });
    });
  } catch (error) {
    const exists = error instanceof ServerError && error.reason === 'AlreadyExists';
    if (!exists && !mayBeDone(error)) throw error;
    const run = annotations?.[runAnnotation] ?? '';
    const existing = await bounded(doing, (signal) => readUnanswered(connection, { namespace, name }, signal));
    if (existing === undefined) throw error;
    if (isOfRun(existing.metadata, run)) return existing;
    throw new RefusedError(`Cannot ${doing}: another one is named "${name}"`, {
      reason: 'SecretNotOurs',
      hint: 'Run the command again',
    });
  }
}

/** The Secret that an unanswered create may have made; a create still on its way is given a moment. */
async function readUnanswered(
  connection: Connection,
  secret: SecretRef,
  signal: AbortSignal,
): Promise<V1Secret | undefined> {
  for (const pause of [0, 200, 1000]) {
    await sleep(pause, signal);
    try {
      const core = await coreV1(connection, { doing: `read Secret "${fullName(secret)}"`, signal });
      return await core.readNamespacedSecret({ ...secret });
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
    }
  }
  return undefined;
}

function bounded<T>(doing: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const reason = () =>
    new UnreachableError(`Cannot ${doing}: the API server did not answer within ${answerMs / 1000}s`, {
      reason: 'NoAnswer',
    });
  return withDeadline(answerMs, { reason }, work);
}
