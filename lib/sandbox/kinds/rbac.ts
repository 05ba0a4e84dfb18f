import { type FieldError, invalid, notSupported, required } from '../field-error.ts';
import { type KubeObject, sameValue } from '../object/object.ts';
import { always, anything, atomic, list, objectSchema, optional, string, struct } from '../object/schema.ts';
import { ageColumn, createdColumn, nameColumn } from './columns.ts';
import { notPathSegment, notSubdomain } from './names.ts';
import { allVerbs, type Column, type ResourceType } from './resource-type.ts';

export const rbacGroup = 'rbac.authorization.k8s.io';

export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

export interface Subject {
  readonly kind: string;
  readonly apiGroup?: string;
  readonly name: string;
  readonly namespace?: string;
}

export interface RoleRef {
  readonly apiGroup: string;
  readonly kind: string;
  readonly name: string;
}

const rule = struct('v1.PolicyRule', {
  verbs: always(list(string())),
  apiGroups: list(string()),
  resources: list(string()),
  resourceNames: list(string()),
  nonResourceURLs: list(string()),
});

const subjectSchema = struct('v1.Subject', {
  kind: always(string()),
  apiGroup: string(),
  name: always(string()),
  namespace: string(),
});

const roleRef = atomic(
  struct('v1.RoleRef', { apiGroup: always(string()), kind: always(string()), name: always(string()) }),
);

const shared = { group: rbacGroup, version: 'v1', verbs: allVerbs, validateName: notPathSegment } as const;

export const roles: ResourceType = {
  ...shared,
  resource: 'roles',
  singular: 'role',
  kind: 'Role',
  namespaced: true,
  internalType: 'rbac.Role',
  schema: objectSchema('v1.Role', { rules: always(list(rule)) }),
  columns: [nameColumn, createdColumn],
  validate: (role) => invalidRules(role, { namespaced: true }),
};

export const clusterRoles: ResourceType = {
  ...shared,
  resource: 'clusterroles',
  singular: 'clusterrole',
  kind: 'ClusterRole',
  namespaced: false,
  internalType: 'rbac.ClusterRole',
  schema: objectSchema('v1.ClusterRole', {
    rules: always(list(rule)),
    aggregationRule: optional(struct('v1.AggregationRule', { clusterRoleSelectors: list(anything()) })),
  }),
  columns: [nameColumn, createdColumn],
  validate: (role) => invalidRules(role, { namespaced: false }),
};

export const roleBindings: ResourceType = {
  ...shared,
  resource: 'rolebindings',
  singular: 'rolebinding',
  kind: 'RoleBinding',
  namespaced: true,
  internalType: 'rbac.RoleBinding',
  schema: objectSchema('v1.RoleBinding', { subjects: list(subjectSchema), roleRef }),
  columns: [nameColumn, ...bindingColumns('roleBinding')],
  defaults: withApiGroups,
  validate: (binding) => invalidBinding(binding, ['Role', 'ClusterRole']),
  validateUpdate: changedRoleRef,
};

export const clusterRoleBindings: ResourceType = {
  ...shared,
  resource: 'clusterrolebindings',
  singular: 'clusterrolebinding',
  kind: 'ClusterRoleBinding',
  namespaced: false,
  internalType: 'rbac.ClusterRoleBinding',
  schema: objectSchema('v1.ClusterRoleBinding', { subjects: list(subjectSchema), roleRef }),
  columns: [nameColumn, ...bindingColumns('clusterRoleBinding')],
  defaults: withApiGroups,
  validate: (binding) => invalidBinding(binding, ['ClusterRole']),
  validateUpdate: changedRoleRef,
};

export const rulesOf = (role: KubeObject) => (role['rules'] ?? []) as readonly PolicyRule[];
export const subjectsOf = (binding: KubeObject) => (binding['subjects'] ?? []) as readonly Subject[];
export const roleRefOf = (binding: KubeObject) => binding['roleRef'] as RoleRef;

function bindingColumns(where: string): Column[] {
  const names = (kind: string) => (binding: KubeObject) =>
    subjectsOf(binding)
      .filter((one) => one.kind === kind)
      .map(({ name, namespace }) => (kind === 'ServiceAccount' ? `${namespace}/${name}` : name))
      .join(', ');
  return [
    {
      name: 'Role',
      description: 'The role that it gives',
      cell: (binding) => `${roleRefOf(binding).kind}/${roleRefOf(binding).name}`,
    },
    ageColumn,
    { name: 'Users', description: `Users in the ${where}`, wide: true, cell: names('User') },
    { name: 'Groups', description: `Groups in the ${where}`, wide: true, cell: names('Group') },
    {
      name: 'ServiceAccounts',
      description: `ServiceAccounts in the ${where}`,
      wide: true,
      cell: names('ServiceAccount'),
    },
  ];
}

function withApiGroups(binding: KubeObject): KubeObject {
  const ref = roleRefOf(binding);
  const subjects = subjectsOf(binding).map(withApiGroup);
  return {
    ...binding,
    ...(subjects.length === 0 ? {} : { subjects }),
    roleRef: { ...ref, apiGroup: ref.apiGroup || rbacGroup },
  };
}

function withApiGroup(subject: Subject): Subject {
  const { apiGroup, kind, ...who } = subject;
  return kind === 'ServiceAccount' || apiGroup !== undefined ? subject : { kind, apiGroup: rbacGroup, ...who };
}

function invalidRules(role: KubeObject, { namespaced }: { namespaced: boolean }): FieldError[] {
  return rulesOf(role).flatMap((one, index) => {
    const at = `rules[${index}]`;
    const errors: FieldError[] = [];
    if ((one.verbs ?? []).length === 0) errors.push(required(`${at}.verbs`, 'verbs must contain at least one value'));
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
}

function invalidBinding(binding: KubeObject, kinds: readonly string[]): FieldError[] {
  const { apiGroup, kind, name } = roleRefOf(binding);
  const errors: FieldError[] = [];
  if (apiGroup !== rbacGroup) errors.push(notSupported('roleRef.apiGroup', apiGroup, [rbacGroup]));
  if (!kinds.includes(kind)) errors.push(notSupported('roleRef.kind', kind, kinds));
  if (name === '') errors.push(required('roleRef.name'));
  else if (notPathSegment(name) !== undefined) errors.push(invalid('roleRef.name', name, notPathSegment(name) ?? ''));
  const namespaced = kinds.includes('Role');
  return [
    ...errors,
    ...subjectsOf(binding).flatMap((one, index) => invalidSubject(one, `subjects[${index}]`, namespaced)),
  ];
}

function invalidSubject(
  { apiGroup = '', kind, name, namespace = '' }: Subject,
  at: string,
  namespaced: boolean,
): FieldError[] {
  const errors: FieldError[] = [];
  if (name === '') errors.push(required(`${at}.name`));
  switch (kind) {
    case 'ServiceAccount': {
      const why = name === '' ? undefined : notSubdomain(name);
      if (why !== undefined) errors.push(invalid(`${at}.name`, name, why));
      if (apiGroup !== '') errors.push(notSupported(`${at}.apiGroup`, apiGroup, ['']));
      if (!namespaced && namespace === '') errors.push(required(`${at}.namespace`));
      return errors;
    }
    case 'User':
    case 'Group':
      if (apiGroup !== rbacGroup) errors.push(notSupported(`${at}.apiGroup`, apiGroup, [rbacGroup]));
      return errors;
    default:
      return [...errors, notSupported(`${at}.kind`, kind, ['ServiceAccount', 'User', 'Group'])];
  }
}

function changedRoleRef(binding: KubeObject, old: KubeObject): FieldError[] {
  return sameValue(binding['roleRef'], old['roleRef'])
    ? []
    : [invalid('roleRef', binding['roleRef'], 'cannot change roleRef')];
}
