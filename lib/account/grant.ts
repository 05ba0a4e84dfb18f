import type { V1ClusterRole, V1ClusterRoleBinding, V1PolicyRule, V1Role, V1RoleBinding } from '@kubernetes/client-node';
import { ownedMetadata } from '../model/ownership.ts';
import type { ServiceAccountRef } from '../model/service-account.ts';

/** Rights for a ServiceAccount, in its namespace or in the whole cluster. */
export type Grant =
  | { readonly by: 'role'; readonly clusterRole: string; readonly scope: 'namespace' | 'cluster' }
  | { readonly by: 'rules'; readonly rules: readonly V1PolicyRule[]; readonly scope: 'namespace' | 'cluster' };

export type RoleManifest = V1Role | V1ClusterRole;
export type BindingManifest = V1RoleBinding | V1ClusterRoleBinding;

const apiGroup = 'rbac.authorization.k8s.io';

/**
 * The name of the binding (and of the Role, for rules of its own). At cluster scope it says the namespace too, since two
 * namespaces may have a ServiceAccount of one name.
 */
function grantName(account: ServiceAccountRef, grant: Grant): string {
  const parts = ['kube-sa-token', ...(grant.scope === 'cluster' ? [account.namespace] : []), account.name];
  return [...parts, ...(grant.by === 'role' ? [grant.clusterRole] : [])].join(':');
}

/** The Role that holds the rules of a grant; undefined for a grant of a ClusterRole that exists. */
export function roleManifest(account: ServiceAccountRef, grant: Grant, run: string): RoleManifest | undefined {
  if (grant.by === 'role') return undefined;
  return {
    apiVersion: `${apiGroup}/v1`,
    kind: grant.scope === 'cluster' ? 'ClusterRole' : 'Role',
    metadata: metadataOf(account, grant, run),
    rules: [...grant.rules],
  };
}

export function bindingManifest(account: ServiceAccountRef, grant: Grant, run: string): BindingManifest {
  const roleRef =
    grant.by === 'role'
      ? { apiGroup, kind: 'ClusterRole', name: grant.clusterRole }
      : { apiGroup, kind: grant.scope === 'cluster' ? 'ClusterRole' : 'Role', name: grantName(account, grant) };
  return {
    apiVersion: `${apiGroup}/v1`,
    kind: grant.scope === 'cluster' ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: metadataOf(account, grant, run),
    roleRef,
    subjects: [{ kind: 'ServiceAccount', name: account.name, namespace: account.namespace }],
  };
}

function metadataOf(account: ServiceAccountRef, grant: Grant, run: string) {
  const name = grantName(account, grant);
  return { name, ...(grant.scope === 'cluster' ? {} : { namespace: account.namespace }), ...ownedMetadata(run) };
}
