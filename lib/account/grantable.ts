import type { V1ClusterRole } from '@kubernetes/client-node';
import type { Connection } from '../connection/connection.ts';
import { DeniedError, NotFoundError, RefusedError } from '../model/errors.ts';
import { fullName, type ServiceAccountRef } from '../model/service-account.ts';
import type { Grant } from './grant.ts';
import { readRbacObject } from './rbac-object.ts';
import type { KnownServiceAccount } from './service-account.ts';

interface GrantableOptions {
  readonly signal: AbortSignal;
  readonly onWarning?: ((text: string) => void) | undefined;
}

/**
 * What can be known about grants before anything is written: that the ServiceAccount may have any, and that the
 * ClusterRoles exist.
 *
 * @throws {RefusedError} It is `default`, or in kube-system.
 * @throws {NotFoundError} A ClusterRole does not exist: a binding to it would grant nothing.
 */
export async function requireGrantable(
  connection: Connection,
  account: ServiceAccountRef,
  grants: readonly Grant[],
  options: GrantableOptions,
): Promise<void> {
  if (grants.length === 0) return;
  requireOfItsOwn(account);
  const roles = grants.flatMap((grant) => (grant.by === 'role' ? [grant.clusterRole] : []));
  await Promise.all(roles.map((name) => requireClusterRole(connection, name, options)));
}

/** @throws {RefusedError} The ServiceAccount is one that rights are never given to. */
export function requireOfItsOwn(account: ServiceAccountRef): void {
  if (account.name === 'default' || account.namespace === 'kube-system') {
    const why =
      account.namespace === 'kube-system'
        ? 'the ServiceAccounts of kube-system run the cluster itself'
        : 'each pod of its namespace that names no other runs as it';
    throw new RefusedError(`Cannot give rights to ServiceAccount "${fullName(account)}": ${why}`, {
      reason: 'ServiceAccountProtected',
      hint: 'Name a ServiceAccount of its own; --create-service-account makes it',
    });
  }
}

/**
 * Whether a ServiceAccount that exists may be given rights.
 *
 * @throws {RefusedError} This suite did not make it, and `adopt` is false.
 */
export function requireOwn(
  account: KnownServiceAccount,
  { adopt, onWarning }: { adopt: boolean; onWarning?: ((text: string) => void) | undefined },
): void {
  if (account.ours) return;
  const name = `ServiceAccount "${fullName(account)}"`;
  if (!adopt) {
    throw new RefusedError(
      `Cannot give rights to ${name}: kube-sa-token did not make it, and pods that run as it would get them too`,
      { reason: 'ServiceAccountNotOurs', hint: '--adopt gives the rights all the same' },
    );
  }
  onWarning?.(`${name} was not made by kube-sa-token: pods that run as it get the rights too`);
}

async function requireClusterRole(
  connection: Connection,
  name: string,
  { signal, onWarning }: GrantableOptions,
): Promise<void> {
  const object = { kind: 'ClusterRole', namespace: undefined, name } as const;
  const doing = `read ClusterRole "${name}"`;
  let role: V1ClusterRole | undefined;
  try {
    role = await readRbacObject(connection, object, { doing, signal });
  } catch (error) {
    if (!(error instanceof DeniedError) || error.status === 401) throw error;
    onWarning?.(`ClusterRole "${name}" cannot be read (get is denied): whether it exists is not known`);
    return;
  }
  if (role === undefined) {
    throw new NotFoundError(
      `Cannot bind ClusterRole "${name}": it does not exist, so that a binding to it would grant nothing`,
      { reason: 'ClusterRoleNotFound', hint: 'Kubernetes itself has view, edit, admin and cluster-admin' },
    );
  }
  if ((role.rules ?? []).length === 0) {
    const yet = role.aggregationRule === undefined ? '' : ' yet (a controller aggregates it)';
    onWarning?.(`ClusterRole "${name}" has no rules${yet}: it grants nothing`);
  }
}
