import type { ClusterAccess } from './cluster-access.ts';
import { escapeLine } from './escape.ts';
import { shellWord } from './shell-word.ts';

/** An object of the API by kind and name. */
export interface ObjectRef {
  readonly kind: keyof typeof collections;
  /** Undefined for a cluster-scoped object. */
  readonly namespace: string | undefined;
  readonly name: string;
}

/** An object that a run has made, or asked for without getting an answer: what its clean-up has to look for. */
export interface MadeObject extends ObjectRef {
  readonly kind: 'Secret' | 'Role' | 'RoleBinding' | 'ClusterRole' | 'ClusterRoleBinding';
  /** Known from the answer to the create. */
  uid?: string | undefined;
}

const core = '/api/v1';
const rbac = '/apis/rbac.authorization.k8s.io/v1';

const collections = {
  Namespace: [core, 'namespaces'],
  ServiceAccount: [core, 'serviceaccounts'],
  Secret: [core, 'secrets'],
  Role: [rbac, 'roles'],
  RoleBinding: [rbac, 'rolebindings'],
  ClusterRole: [rbac, 'clusterroles'],
  ClusterRoleBinding: [rbac, 'clusterrolebindings'],
} as const;

/** The API path of the collection in which an object lies: where it is created. */
export function collectionPath({ kind, namespace }: Omit<ObjectRef, 'name'>): string {
  const [group, resource] = collections[kind];
  return `${group}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${resource}`;
}

/** The API path of an object. */
export function objectPath(object: ObjectRef): string {
  return `${collectionPath(object)}/${encodeURIComponent(object.name)}`;
}

/** `Secret "ci/ci-bot-token-x7k2pqv49d"` */
export function describeObject({ kind, namespace, name }: ObjectRef): string {
  return `${kind} "${namespace === undefined ? name : `${namespace}/${name}`}"`;
}

/** `secret/ci-bot-token-x7k2pqv49d`, `role.rbac.authorization.k8s.io/…`: as kubectl's `-o name`. */
export function objectName({ kind, name }: Omit<ObjectRef, 'namespace'>): string {
  const [group] = collections[kind];
  return `${kind.toLowerCase()}${group === core ? '' : `.${group.split('/')[2] ?? ''}`}/${name}`;
}

/**
 * The command with which somebody who may deletes it: no tool of ours needed, and no other cluster meant, whatever the
 * current context is by then.
 */
export function deleteCommand({ kind, namespace, name }: ObjectRef, access: ClusterAccess): string {
  const words = ['kubectl', 'delete', kind.toLowerCase(), name];
  if (namespace !== undefined) words.push('-n', namespace);
  return `${words.join(' ')}${kubectlFlags(access)}`;
}

/** ` --context dev --kubeconfig /home/jane/other`, or nothing: what is behind a command of kubectl for the same cluster. */
function kubectlFlags({ clusterFlags = [], context }: ClusterAccess): string {
  const flags = [...(context === null ? [] : [['--context', context] as const]), ...clusterFlags];
  return flags.map(([name, value]) => ` ${name} ${shellWord(escapeLine(value))}`).join('');
}
