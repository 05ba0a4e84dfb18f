import { type FieldError, invalid, notSupported, required } from '../field-error.ts';
import { type KubeObject, sameValue } from '../object/object.ts';
import { notPathSegment, notSubdomain } from './names.ts';
import { rbacGroup, type RoleRef, roleRefOf, rulesOf, type Subject, subjectsOf } from './rbac-objects.ts';

/** What is wrong with the rules of a role. */
export function invalidRules(role: KubeObject, { namespaced }: { namespaced: boolean }): FieldError[] {
  const found = rulesOf(role).flatMap((one, index) => {
    const at = `rules[${index}]`;
    const errors: FieldError[] = [];
    if ((one.nonResourceURLs ?? []).length > 0) {
      if (namespaced) {
        const why = 'namespaced rules cannot apply to non-resource URLs';
        errors.push(invalid(`${at}.nonResourceURLs`, one.nonResourceURLs, why));
      }
      if ([one.apiGroups, one.resources, one.resourceNames].some((given) => (given ?? []).length > 0)) {
        const why = 'rules cannot apply to both regular resources and non-resource URLs';
        errors.push(invalid(`${at}.nonResourceURLs`, one.nonResourceURLs, why));
      }
      return errors;
    }
    if ((one.apiGroups ?? []).length === 0) {
      errors.push(required(`${at}.apiGroups`, 'resource rules must supply at least one api group'));
    }
    if ((one.resources ?? []).length === 0) {
      errors.push(required(`${at}.resources`, 'resource rules must supply at least one resource'));
    }
    return errors;
  });
  // What the API's own declarations ask for is looked at last
  const noVerbs = rulesOf(role).flatMap(({ verbs }, index) =>
    (verbs ?? []).length === 0 ? [required(`rules[${index}].verbs`)] : [],
  );
  return [...found, ...noVerbs];
}

/** What is wrong with a binding. */
export function invalidBinding(binding: KubeObject, kinds: readonly string[]): FieldError[] {
  const { apiGroup, kind, name } = roleRefOf(binding);
  const errors: FieldError[] = [];
  if (apiGroup !== rbacGroup) errors.push(notSupported('roleRef.apiGroup', apiGroup, [rbacGroup]));
  if (!kinds.includes(kind)) errors.push(notSupported('roleRef.kind', kind, kinds));
  if (notPathSegment(name) !== undefined) errors.push(invalid('roleRef.name', name, notPathSegment(name) ?? ''));
  const namespaced = kinds.includes('Role');
  return [
    ...errors,
    ...subjectsOf(binding).flatMap((one, index) => invalidSubject(one, `subjects[${index}]`, namespaced)),
    ...(name === '' ? [required('roleRef.name')] : []),
  ];
}

function invalidSubject(
  { apiGroup = '', kind, name, namespace = '' }: Subject,
  at: string,
  namespaced: boolean,
): FieldError[] {
  const errors: FieldError[] = [];
  const noName = name === '' ? [required(`${at}.name`)] : [];
  switch (kind) {
    case 'ServiceAccount': {
      const why = name === '' ? undefined : notSubdomain(name);
      if (why !== undefined) errors.push(invalid(`${at}.name`, name, why));
      if (apiGroup !== '') errors.push(notSupported(`${at}.apiGroup`, apiGroup, ['']));
      if (!namespaced && namespace === '') errors.push(required(`${at}.namespace`));
      return [...errors, ...noName];
    }
    case 'User':
    case 'Group':
      if (apiGroup !== rbacGroup) errors.push(notSupported(`${at}.apiGroup`, apiGroup, [rbacGroup]));
      return [...errors, ...noName];
    default:
      return [...errors, notSupported(`${at}.kind`, kind, ['ServiceAccount', 'User', 'Group']), ...noName];
  }
}

/** As Go prints the stored form. */
function internalRef({ apiGroup, kind, name }: RoleRef) {
  return { APIGroup: apiGroup, Kind: kind, Name: name };
}

export function invalidAggregation(role: KubeObject): FieldError[] {
  const rule = role['aggregationRule'] as { readonly clusterRoleSelectors?: readonly object[] } | undefined;
  if (rule === undefined || (rule.clusterRoleSelectors ?? []).length > 0) return [];
  const why = 'at least one clusterRoleSelector required if aggregationRule is non-nil';
  return [required('aggregationRule.clusterRoleSelectors', why)];
}

export function changedRoleRef(binding: KubeObject, old: KubeObject, wrong: readonly FieldError[]): FieldError[] {
  return sameValue(binding['roleRef'], old['roleRef'])
    ? [...wrong]
    : [...wrong, invalid('roleRef', internalRef(roleRefOf(binding)), 'field is immutable')];
}
