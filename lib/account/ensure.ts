import type { Connection } from '../connection/connection.ts';
import { DeniedError, NotFoundError, WaitTimeoutError } from '../model/errors.ts';
import type { ObjectRef } from '../model/made-object.ts';
import { fullName, type ServiceAccountRef } from '../model/service-account.ts';
import { sleep, withDeadline } from '../system/deadline.ts';
import { renderDuration } from '../system/duration.ts';
import { createNamespace, lookUpNamespace } from './namespace.ts';
import {
  createServiceAccount,
  type KnownServiceAccount,
  lookUpServiceAccount,
  type ServiceAccountLookup,
} from './service-account.ts';

export interface EnsureOptions {
  readonly createNamespace: boolean;
  readonly createServiceAccount: boolean;
  /** Names this run in what it makes. */
  readonly run: string;
  /** Milliseconds to wait for the ServiceAccount `default` of a new namespace. */
  readonly waitTimeoutMs: number;
  readonly signal: AbortSignal;
  onMade?: ((object: ObjectRef) => void) | undefined;
  onWarning?: ((text: string) => void) | undefined;
}

/**
 * The ServiceAccount as it stands on the cluster, made first (with its namespace) where that was asked for. `default`
 * is never made by us: the cluster's own controller makes it in every namespace, and is waited for.
 *
 * @param lookup What `lookUpServiceAccount()` has found.
 * @throws {NotFoundError} Namespace or ServiceAccount are missing and were not to be made; the hint names the flag.
 * @throws {DeniedError} The caller may not make what is missing, or the namespace is terminating.
 * @throws {WaitTimeoutError} `default` did not appear in time.
 */
export async function ensureServiceAccount(
  connection: Connection,
  account: ServiceAccountRef,
  lookup: ServiceAccountLookup,
  options: EnsureOptions,
): Promise<KnownServiceAccount> {
  if (typeof lookup === 'object') return lookup;
  if (lookup === 'unreadable' && !options.createServiceAccount && !options.createNamespace)
    return blind(account, options);

  const namespaceMade = await ensureNamespace(connection, account, options);
  if (account.name === 'default' && (namespaceMade || options.createServiceAccount)) {
    return lookup === 'unreadable' ? blind(account, options) : waitForDefault(connection, account, options);
  }
  if (!options.createServiceAccount) {
    if (lookup === 'unreadable') return blind(account, options);
    throw new NotFoundError(`Cannot find ServiceAccount "${account.name}" in namespace "${account.namespace}"`, {
      reason: 'ServiceAccountNotFound',
      hint:
        account.name === 'default'
          ? 'The ServiceAccount controller makes it: is kube-controller-manager running?'
          : '--create-service-account creates it in the same run',
    });
  }
  const created = await createServiceAccount(connection, account, options);
  if (created !== undefined) {
    options.onMade?.({ kind: 'ServiceAccount', namespace: account.namespace, name: account.name });
    return created;
  }
  // It exists: because it could not be read, or since a moment ago.
  const again = await lookUpServiceAccount(connection, account, options.signal);
  if (typeof again === 'object') return again;
  if (again === 'unreadable') return blind(account, options);
  throw new NotFoundError(`Cannot use ServiceAccount "${fullName(account)}": it was deleted while it was looked up`, {
    reason: 'ServiceAccountNotFound',
    hint: 'Run the command again',
  });
}

/** Makes the namespace if it is missing and that was asked for. Says whether this run made it. */
async function ensureNamespace(
  connection: Connection,
  { namespace }: ServiceAccountRef,
  options: EnsureOptions,
): Promise<boolean> {
  const state = await lookUpNamespace(connection, namespace, options.signal);
  if (state === 'present') return false;
  if (!options.createNamespace) {
    if (state === 'unknown') return false;
    throw new NotFoundError(`Cannot find namespace "${namespace}"`, {
      reason: 'NamespaceNotFound',
      hint: `--create-namespace creates it in the same run${options.createServiceAccount ? '' : ', --create-service-account the ServiceAccount'}`,
    });
  }
  try {
    const made = await createNamespace(connection, namespace, options);
    if (made) options.onMade?.({ kind: 'Namespace', namespace: undefined, name: namespace });
    return made;
  } catch (error) {
    // Who may neither read nor make namespaces may still work in one that exists: the next call tells.
    if (state === 'unknown' && error instanceof DeniedError && error.status === 403) return false;
    throw error;
  }
}

async function waitForDefault(
  connection: Connection,
  account: ServiceAccountRef,
  options: EnsureOptions,
): Promise<KnownServiceAccount> {
  const { waitTimeoutMs, signal } = options;
  const reason = () =>
    new WaitTimeoutError(
      `Cannot find ServiceAccount "${fullName(account)}": the cluster has not made it within ${renderDuration(waitTimeoutMs)}`,
      {
        reason: 'ServiceAccountNotFound',
        hint: 'The ServiceAccount controller makes it: is kube-controller-manager running?',
      },
    );
  return withDeadline(waitTimeoutMs, { signal, reason }, async (limited) => {
    for (let pause = 10; ; pause = Math.min(pause * 2, 1000)) {
      const lookup = await lookUpServiceAccount(connection, account, limited);
      if (typeof lookup === 'object') return lookup;
      await sleep(pause, limited);
    }
  });
}

function blind(account: ServiceAccountRef, { onWarning }: EnsureOptions): KnownServiceAccount {
  onWarning?.(
    `ServiceAccount "${fullName(account)}" cannot be read (get is denied): its uid is taken from the Secret, and must equal the one in the token and in its proof`,
  );
  return { ...account, uid: undefined, ours: false, created: false };
}
