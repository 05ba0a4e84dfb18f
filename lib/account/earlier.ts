import type { V1RoleRef, RbacV1Subject } from '@kubernetes/client-node';
import type { Connection } from '../connection/connection.ts';
import { rbacAuthorizationV1 } from '../connection/typed-api.ts';
import { KubeSaTokenError } from '../model/errors.ts';
import { managedBy, managedByLabel } from '../model/ownership.ts';
import type { ServiceAccountRef } from '../model/service-account.ts';

/**
 * The roles that bindings of this suite give a ServiceAccount: `ClusterRole "view"`, `… in the whole cluster`. What
 * cannot be listed is left out.
 */
export async function listGrantedRoles(
  connection: Connection,
  account: ServiceAccountRef,
  signal: AbortSignal,
): Promise<string[]> {
  const rbac = await rbacAuthorizationV1(connection, {
    doing: 'list bindings',
    signal,
    timeoutMs: 3000,
    retry: 'never',
  });
  const labelSelector = `${managedByLabel}=${managedBy}`;
  const { namespace } = account;
  const [inNamespace, inCluster] = await Promise.all([
    listed(rbac.listNamespacedRoleBinding({ namespace, labelSelector }), signal),
    listed(rbac.listClusterRoleBinding({ labelSelector }), signal),
  ]);
  const of = (bindings: readonly Binding[], where: string) =>
    bindings
      .filter(({ subjects = [] }) => subjects.some((subject) => isSubject(subject, account)))
      .map(({ roleRef }) => `${roleRef.kind} "${roleRef.name}"${where}`);
  return [...of(inNamespace, ''), ...of(inCluster, ' in the whole cluster')];
}

interface Binding {
  roleRef: V1RoleRef;
  subjects?: RbacV1Subject[];
}

async function listed(list: Promise<{ items: Binding[] }>, signal: AbortSignal): Promise<Binding[]> {
  try {
    return (await list).items;
  } catch (error) {
    if (error instanceof KubeSaTokenError && !signal.aborted) return []; // it only tells more
    throw error;
  }
}

function isSubject({ kind, name, namespace }: RbacV1Subject, account: ServiceAccountRef): boolean {
  return kind === 'ServiceAccount' && name === account.name && namespace === account.namespace;
}
