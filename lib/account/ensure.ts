import type { Connection } from '../connection/connection.ts';
import { mayBeDone } from '../connection/may-be-done.ts';
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
  /** Told before a Namespace or ServiceAccount is asked for; forgets it if it was not made. */
  onMaking(object: ObjectRef): () => void;
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
  const wanted = options.createServiceAccount || options.createNamespace;
  if (lookup === 'unreadable' && !wanted) return blind(account, options);

  const namespace = await ensureNamespace(connection, account, options);
  if (account.name === 'default' && (namespace.made || options.createServiceAccount)) {
    return lookup === 'unreadable' ? blind(account, options) : waitForDefault(connection, account, options);
  }
  if (!options.createServiceAccount) {
    if (lookup === 'unreadable') return blind(account, options);
    throw missingAccount(account);
  }
  const created = await makeServiceAccount(connection, account, options, namespace);
  if (created !== undefined) return created;
  // It exists: because it could not be read, or since a moment ago.
  const again = await lookUpServiceAccount(connection, account, options.signal);
  if (typeof again === 'object') return again;
  if (again === 'unreadable') return blind(account, options);
  throw new NotFoundError(`Cannot use ServiceAccount "${fullName(account)}": it was deleted while it was looked up`, {
    reason: 'ServiceAccountNotFound',
    hint: 'Run the command again',
  });
}

/** What is known of a namespace after it was to be there: `denied` if it could be neither read nor made. */
interface EnsuredNamespace {
  readonly made: boolean;
  readonly denied?: DeniedError;
}

async function ensureNamespace(
  connection: Connection,
  account: ServiceAccountRef,
  options: EnsureOptions,
): Promise<EnsuredNamespace> {
  const { namespace } = account;
  const state = await lookUpNamespace(connection, namespace, options.signal);
  if (state === 'present') return { made: false };
  if (!options.createNamespace) {
    if (state === 'unknown') return { made: false };
    throw missingNamespace(account, options);
  }
  // In a namespace that is missing there is no other ServiceAccount than the one that comes with it.
  if (state === 'missing' && account.name !== 'default' && !options.createServiceAccount) throw missingAccount(account);
  const object = { kind: 'Namespace', namespace: undefined, name: namespace } as const;
  try {
    const make = async () => (await createNamespace(connection, namespace, options)) || undefined;
    return { made: (await record(options, object, make)) !== undefined };
  } catch (error) {
    // Who may neither read nor make namespaces may still work in one that exists: the next call tells.
    if (state === 'unknown' && error instanceof DeniedError && error.status === 403)
      return { made: false, denied: error };
    throw error;
  }
}

async function makeServiceAccount(
  connection: Connection,
  account: ServiceAccountRef,
  options: EnsureOptions,
  namespace: EnsuredNamespace,
): Promise<KnownServiceAccount | undefined> {
  const object = { kind: 'ServiceAccount', namespace: account.namespace, name: account.name } as const;
  try {
    return await record(options, object, () => createServiceAccount(connection, account, options));
  } catch (error) {
    if (error instanceof NotFoundError && error.reason === 'NotFound')
      throw namespace.denied ?? missingNamespace(account, options);
    throw error;
  }
}

/** Tells of an object before it is asked for, and takes that back unless it was made, or may have been. */
async function record<T>(
  { onMade, onMaking }: EnsureOptions,
  object: ObjectRef,
  make: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const forget = onMaking(object);
  try {
    const made = await make();
    if (made === undefined) forget();
    else onMade?.(object);
    return made;
  } catch (error) {
    if (!mayBeDone(error)) forget();
    throw error;
  }
}

function missingAccount({ name, namespace }: ServiceAccountRef): NotFoundError {
  return new NotFoundError(`Cannot find ServiceAccount "${name}" in namespace "${namespace}"`, {
    reason: 'ServiceAccountNotFound',
    hint:
      name === 'default'
        ? 'The ServiceAccount controller makes it: is kube-controller-manager running?'
        : '--create-service-account creates it in the same run',
  });
}

function missingNamespace({ name, namespace }: ServiceAccountRef, options: EnsureOptions): NotFoundError {
  const also =
    options.createServiceAccount || name === 'default' ? '' : ', --create-service-account the ServiceAccount';
  return new NotFoundError(`Cannot find namespace "${namespace}"`, {
    reason: 'NamespaceNotFound',
    hint: `--create-namespace creates it in the same run${also}`,
  });
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
  if (waitTimeoutMs === 0) {
    const lookup = await lookUpServiceAccount(connection, account, signal);
    if (typeof lookup === 'object') return lookup;
    throw reason();
  }
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
