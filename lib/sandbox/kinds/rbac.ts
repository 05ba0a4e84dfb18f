import type { KubeObject } from '../object/object.ts';
import { always, atomic, list, map, objectSchema, optional, string, struct } from '../object/schema.ts';
import { ageColumn, createdColumn, nameColumn, textAt } from './columns.ts';
import { notPathSegment } from './names.ts';
import { rbacGroup, roleRefOf, type Subject, subjectsOf } from './rbac-objects.ts';
import { changedRoleRef, invalidBinding, invalidAggregation, invalidRules } from './rbac-rules.ts';
import { allVerbs, type Column, type ResourceType } from './resource-type.ts';

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

const labelSelector = struct('v1.LabelSelector', {
  matchLabels: map(string()),
  matchExpressions: list(
    struct('v1.LabelSelectorRequirement', {
      key: always(string()),
      operator: always(string()),
      values: list(string()),
    }),
  ),
});

const shared = {
  group: rbacGroup,
  version: 'v1',
  verbs: allVerbs,
  validateName: notPathSegment,
  createsOnUpdate: true,
} as const;

export const roles: ResourceType = {
  ...shared,
  resource: 'roles',
  singular: 'role',
  kind: 'Role',
  namespaced: true,
  internalType: 'rbac.Role',
  schema: objectSchema('v1.Role', { rules: always(list(rule)) }),
  columns: [nameColumn, createdColumn],
  onCreate: withoutEmptyRules,
  onUpdate: withoutEmptyRules,
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
    aggregationRule: optional(struct('v1.AggregationRule', { clusterRoleSelectors: list(labelSelector) })),
  }),
  columns: [nameColumn, createdColumn],
  onCreate: withoutEmptyRules,
  onUpdate: withoutEmptyRules,
  validate: (role) => [...invalidRules(role, { namespaced: false }), ...invalidAggregation(role)],
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

/** No rules are stored as null. */
function withoutEmptyRules(role: KubeObject): KubeObject {
  return Array.isArray(role['rules']) && role['rules'].length === 0 ? { ...role, rules: null } : role;
}

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
      cell: (binding) => `${textAt(binding, 'roleRef', 'kind')}/${textAt(binding, 'roleRef', 'name')}`,
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
