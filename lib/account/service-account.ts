import type { V1ServiceAccount } from '@kubernetes/client-node';
import type { Connection } from '../connection/connection.ts';
import { createOnce } from '../connection/create-once.ts';
import { coreV1 } from '../connection/typed-api.ts';
import { DeniedError, NotFoundError } from '../model/errors.ts';
import { isOurs, ownedMetadata } from '../model/ownership.ts';
import { type FoundServiceAccount, fullName, type ServiceAccountRef } from '../model/service-account.ts';

/** A ServiceAccount as it was read or made. */
export interface KnownServiceAccount extends FoundServiceAccount {
  /** Carries our label, so that it may be given rights without `--adopt`. False where it could not be read. */
  readonly ours: boolean;
  /** Made by this run. */
  readonly created: boolean;
}

/** What a look brought: `missing` for a 404 (which a missing namespace gives as well), `unreadable` for a 403. */
export type ServiceAccountLookup = KnownServiceAccount | 'missing' | 'unreadable';

/**
 * The ServiceAccount that `createServiceAccount()` makes; a dry run prints it. Its pods get no token unless they ask:
 * it is for callers outside the cluster (CIS benchmark 5.1.6).
 */
export function serviceAccountManifest(account: ServiceAccountRef, run: string): V1ServiceAccount {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: account.name, namespace: account.namespace, ...ownedMetadata(run) },
    automountServiceAccountToken: false,
  };
}

/**
 * Looks for a ServiceAccount.
 *
 * @throws Whatever else went wrong.
 */
export async function lookUpServiceAccount(
  connection: Connection,
  account: ServiceAccountRef,
  signal?: AbortSignal,
): Promise<ServiceAccountLookup> {
  try {
    const core = await coreV1(connection, { doing: `read ServiceAccount "${fullName(account)}"`, signal });
    return known(account, await core.readNamespacedServiceAccount({ ...account }), false);
  } catch (error) {
    if (error instanceof NotFoundError && error.reason === 'NotFound') return 'missing';
    if (error instanceof DeniedError && error.status === 403) return 'unreadable';
    throw error;
  }
}

/**
 * Makes a ServiceAccount; undefined if another one exists already. A signal does not cut it.
 *
 * @throws {UnreachableError} No answer, and no such ServiceAccount afterwards.
 */
export async function createServiceAccount(
  connection: Connection,
  account: ServiceAccountRef,
  { run, signal }: { run: string; signal: AbortSignal },
): Promise<KnownServiceAccount | undefined> {
  const doing = `create ServiceAccount "${fullName(account)}"`;
  const { name, namespace } = account;
  const created = await createOnce<V1ServiceAccount>({
    doing,
    object: `ServiceAccount "${fullName(account)}"`,
    run,
    signal,
    create: async (limited) => {
      const core = await coreV1(connection, { doing, signal: limited });
      return core.createNamespacedServiceAccount({ namespace, body: serviceAccountManifest(account, run) });
    },
    read: async (limited) => {
      try {
        return await (
          await coreV1(connection, { doing, signal: limited })
        ).readNamespacedServiceAccount({ namespace, name });
      } catch (error) {
        if (error instanceof NotFoundError || error instanceof DeniedError) return undefined;
        throw error;
      }
    },
  });
  return created === 'exists' ? undefined : known(account, created, true);
}

function known(account: ServiceAccountRef, object: V1ServiceAccount, created: boolean): KnownServiceAccount {
  const { namespace, name } = account;
  return { namespace, name, uid: object.metadata?.uid, ours: isOurs(object.metadata), created };
}
