import type { User } from '../authentication/user.ts';
import { serviceAccountUsername } from '../authentication/user.ts';
import type { KubeObject } from '../object/object.ts';
import { type PolicyRule, type RoleRef, roleRefOf, rulesOf, type Subject, subjectsOf } from '../kinds/rbac-objects.ts';
import type { Store } from '../store/store.ts';

/** What somebody wants to do. */
export type Attributes = ResourceAttributes | { readonly verb: string; readonly path: string };

export interface ResourceAttributes {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  /** Empty at cluster scope. */
  readonly namespace: string;
  readonly name: string;
}

export interface Decision {
  readonly allowed: boolean;
  /** By which binding; of a refusal, which roles could not be read. */
  readonly reason: string;
}

export const superusers = 'system:masters';

/** Evaluates RBAC as kube-apiserver does: all that is bound to a user counts, nothing is denied. */
export function authorize(store: Store, user: User, attributes: Attributes): Decision {
  if (user.groups.includes(superusers)) return { allowed: true, reason: '' };
  const namespace = 'path' in attributes ? '' : attributes.namespace;
  const errors: string[] = [];
  for (const grant of grantsOf(store, user, namespace)) {
    if ('error' in grant) errors.push(grant.error);
    else if (grant.rules.some((rule) => ruleAllows(rule, attributes))) {
      return { allowed: true, reason: `RBAC: allowed by ${grant.by}` };
    }
  }
  if (errors.length === 0) return { allowed: false, reason: '' };
  return { allowed: false, reason: `rbac: RBAC: ${aggregate(errors)}` };
}

/** Several errors as Go prints them together. */
export function aggregate(errors: readonly string[]): string {
  const unique = [...new Set(errors)];
  return unique.length === 1 ? (unique[0] ?? '') : `[${unique.join(', ')}]`;
}

export type Grant =
  | { readonly by: string; readonly rules: readonly PolicyRule[] }
  | { readonly error: string; readonly missing: string };

/** All that is bound to a user, at cluster scope and in a namespace. */
export function* grantsOf(store: Store, user: User, namespace: string): Generator<Grant> {
  for (const binding of store.list('clusterrolebindings')) yield* grantBy(store, binding, user, '');
  if (namespace === '') return;
  for (const binding of store.list('rolebindings', namespace)) yield* grantBy(store, binding, user, namespace);
}

function* grantBy(store: Store, binding: KubeObject, user: User, namespace: string): Generator<Grant> {
  const subject = subjectsOf(binding).find((one) => isMeant(one, user, namespace));
  if (subject === undefined) return;
  const ref = roleRefOf(binding);
  const rules = rulesOfRef(store, ref, namespace);
  if (typeof rules === 'string') yield { error: rules, missing: ref.name };
  else yield { by: describe(binding, ref, subject, namespace), rules };
}

/** The rules of a role that a binding names; a text says that there is none. */
export function rulesOfRef(store: Store, { kind, name }: RoleRef, namespace: string): readonly PolicyRule[] | string {
  const role = kind === 'Role' ? store.get('roles', { namespace, name }) : store.get('clusterroles', { name });
  return role === undefined ? `${kind.toLowerCase()}.rbac.authorization.k8s.io "${name}" not found` : rulesOf(role);
}

function isMeant({ kind, name, namespace = '' }: Subject, user: User, bindingNamespace: string): boolean {
  switch (kind) {
    case 'User':
      return user.username === name;
    case 'Group':
      return user.groups.includes(name);
    case 'ServiceAccount': {
      const where = namespace === '' ? bindingNamespace : namespace;
      return where !== '' && user.username === serviceAccountUsername(where, name);
    }
    default:
      return false;
  }
}

function describe({ metadata }: KubeObject, ref: RoleRef, subject: Subject, namespace: string): string {
  const where = subject.namespace ?? namespace;
  const whom =
    subject.kind === 'ServiceAccount'
      ? `ServiceAccount "${subject.name}/${where}"`
      : `${subject.kind} "${subject.name}"`;
  const binding =
    namespace === '' ? `ClusterRoleBinding "${metadata.name}"` : `RoleBinding "${metadata.name}/${namespace}"`;
  return `${binding} of ${ref.kind} "${ref.name}" to ${whom}`;
}

/** Whether one rule allows it (kubernetes: rbac.RuleAllows). */
function ruleAllows(rule: PolicyRule, attributes: Attributes): boolean {
  if (!has(rule.verbs, attributes.verb)) return false;
  if ('path' in attributes) return (rule.nonResourceURLs ?? []).some((url) => urlMatches(url, attributes.path));
  const { group, name, resource, subresource } = attributes;
  return (
    has(rule.apiGroups, group) && resourceMatches(rule.resources, resource, subresource) && nameMatches(rule, name)
  );
}

export function has(list: readonly string[] = [], value: string): boolean {
  return list.includes('*') || list.includes(value);
}

export function urlMatches(url: string, path: string): boolean {
  return url === '*' || url === path || (url.endsWith('*') && path.startsWith(url.slice(0, -1)));
}

function resourceMatches(resources: readonly string[] = [], resource: string, subresource: string): boolean {
  const whole = subresource === '' ? resource : `${resource}/${subresource}`;
  return has(resources, whole) || (subresource !== '' && resources.includes(`*/${subresource}`));
}

function nameMatches({ resourceNames = [] }: PolicyRule, name: string): boolean {
  return resourceNames.length === 0 || resourceNames.includes(name);
}
