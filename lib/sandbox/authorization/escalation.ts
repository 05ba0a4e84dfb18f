import type { User } from '../authentication/user.ts';
import { type PolicyRule, rbacGroup, roleRefOf, rulesOf } from '../kinds/rbac-objects.ts';
import type { ResourceType } from '../kinds/resource-type.ts';
import type { KubeObject } from '../object/object.ts';
import { forbidden, notFound } from '../status.ts';
import type { Store } from '../store/store.ts';
import { uncovered } from './covers.ts';
import { authorize, grantsOf, rulesOfRef, superusers } from './rbac.ts';

/**
 * Nobody gives rights that he does not have, unless he may `escalate` or `bind` (kubernetes: rbac, policybased).
 *
 * @throws {ApiError} 403 that names the rules not held; 404: the role that a binding names is not there.
 */
export function confirmNoEscalation(store: Store, user: User, type: ResourceType, object: KubeObject): void {
  if (type.group !== rbacGroup || user.groups.includes(superusers)) return;
  const { name, namespace = '' } = object.metadata;
  const may = (verb: string, resource: string, what: string) =>
    authorize(store, user, { verb, group: rbacGroup, resource, subresource: '', namespace, name: what }).allowed;
  let rules: readonly PolicyRule[];
  if (type.resource === 'roles' || type.resource === 'clusterroles') {
    if (may('escalate', type.resource, name)) return;
    rules = rulesOf(object);
  } else {
    const ref = roleRefOf(object);
    const resource = ref.kind === 'Role' ? 'roles' : 'clusterroles';
    if (may('bind', resource, ref.name)) return;
    const found = rulesOfRef(store, ref, namespace);
    if (typeof found === 'string') throw notFound(type, ref.name);
    rules = found;
  }
  const held: PolicyRule[] = [];
  const unresolved: string[] = [];
  for (const grant of grantsOf(store, user, namespace)) {
    if ('rules' in grant) held.push(...grant.rules);
    else unresolved.push(`${type.resource}.${type.group} "${grant.missing}" not found`);
  }
  const missing = uncovered(held, rules);
  if (missing.length === 0) return;
  const groups = user.groups.map((group) => JSON.stringify(group)).join(' ');
  const list = missing.map(compact).toSorted().join('\n');
  const errors = unresolved.length === 0 ? '' : `; resolution errors: [${unresolved.join(', ')}]`;
  throw forbidden(
    type,
    name,
    `user "${user.username}" (groups=[${groups}]) is attempting to grant RBAC permissions not currently held:\n${list}${errors}`,
  );
}

/** As Kubernetes prints a rule in this message. */
function compact({
  apiGroups = [],
  resources = [],
  resourceNames = [],
  nonResourceURLs = [],
  verbs,
}: PolicyRule): string {
  const parts = [
    ['APIGroups', apiGroups],
    ['Resources', resources],
    ['NonResourceURLs', nonResourceURLs],
    ['ResourceNames', resourceNames],
    ['Verbs', verbs],
  ] as const;
  return `{${parts
    .filter(([, list]) => list.length > 0)
    .map(([name, list]) => `${name}:[${list.map((one) => JSON.stringify(one)).join(' ')}]`)
    .join(', ')}}`;
}
