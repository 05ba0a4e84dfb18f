import type { Cluster } from '../cluster.ts';
import { aggregateRoles } from '../controllers/aggregation-controller.ts';
import { newObject, writeAs } from '../controllers/write-as.ts';
import { clusterRoleBindings, clusterRoles } from '../kinds/rbac.ts';
import { type PolicyRule, rbacGroup } from '../kinds/rbac-objects.ts';
import { adminRules, editRules, viewRules } from './aggregated-rules.ts';

interface BootstrapRole {
  readonly name: string;
  readonly rules: readonly PolicyRule[];
  /** What it is part of: `view`. */
  readonly partOf?: string;
  /** What it is put together of. */
  readonly collects?: string;
  readonly groups?: readonly string[];
}

const discovery = ['/api', '/api/*', '/apis', '/apis/*', '/healthz', '/livez', '/openapi', '/openapi/*', '/readyz'];
const health = ['/healthz', '/livez', '/readyz', '/version', '/version/'];
const issuer = ['/.well-known/openid-configuration', '/openid/v1/jwks'].flatMap((path) => [path, `${path}/`]);
const monitored = ['/healthz', '/livez', '/readyz'].flatMap((path) => [path, `${path}/*`]);

/** Of the roles that a cluster begins with, those that somebody is bound to or may want to bind. */
const roles: readonly BootstrapRole[] = [
  {
    name: 'cluster-admin',
    rules: [
      { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
      { nonResourceURLs: ['*'], verbs: ['*'] },
    ],
    groups: ['system:masters'],
  },
  { name: 'admin', rules: [], collects: 'admin' },
  { name: 'edit', rules: [], collects: 'edit', partOf: 'admin' },
  { name: 'view', rules: [], collects: 'view', partOf: 'edit' },
  { name: 'system:aggregate-to-admin', rules: adminRules, partOf: 'admin' },
  { name: 'system:aggregate-to-edit', rules: editRules, partOf: 'edit' },
  { name: 'system:aggregate-to-view', rules: viewRules, partOf: 'view' },
  {
    name: 'system:auth-delegator',
    rules: [
      { apiGroups: ['authentication.k8s.io'], resources: ['tokenreviews'], verbs: ['create'] },
      { apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'], verbs: ['create'] },
    ],
  },
  {
    name: 'system:basic-user',
    rules: [
      {
        apiGroups: ['authorization.k8s.io'],
        resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
        verbs: ['create'],
      },
      { apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'], verbs: ['create'] },
    ],
    groups: ['system:authenticated'],
  },
  {
    name: 'system:cluster-trust-bundle-discovery',
    rules: [
      { apiGroups: ['certificates.k8s.io'], resources: ['clustertrustbundles'], verbs: ['get', 'list', 'watch'] },
    ],
    groups: ['system:serviceaccounts'],
  },
  {
    name: 'system:discovery',
    rules: [{ nonResourceURLs: [...discovery, '/version', '/version/'], verbs: ['get'] }],
    groups: ['system:authenticated'],
  },
  {
    name: 'system:monitoring',
    rules: [
      {
        nonResourceURLs: [
          '/flagz',
          ...monitored.slice(0, 4),
          '/metrics',
          '/metrics/slis',
          ...monitored.slice(4),
          '/statusz',
        ],
        verbs: ['get'],
      },
      { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
    ],
    groups: ['system:monitoring'],
  },
  {
    name: 'system:public-info-viewer',
    rules: [{ nonResourceURLs: health, verbs: ['get'] }],
    groups: ['system:authenticated', 'system:unauthenticated'],
  },
  {
    name: 'system:service-account-issuer-discovery',
    rules: [{ nonResourceURLs: issuer, verbs: ['get'] }],
    groups: ['system:serviceaccounts'],
  },
];

const aggregateTo = (role: string) => ({ [`rbac.authorization.k8s.io/aggregate-to-${role}`]: 'true' });

/** Makes the roles and bindings that RBAC begins with. */
export function bootstrapPolicy(cluster: Cluster): void {
  const annotations = { 'rbac.authorization.kubernetes.io/autoupdate': 'true' };
  const bootstrapping = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };
  for (const { collects, groups = [], name, partOf, rules } of roles) {
    const labels = { ...bootstrapping, ...(partOf === undefined ? {} : aggregateTo(partOf)) };
    const aggregationRule =
      collects === undefined
        ? {}
        : { aggregationRule: { clusterRoleSelectors: [{ matchLabels: aggregateTo(collects) }] } };
    const role = newObject(cluster, clusterRoles, {
      metadata: { name, labels, annotations },
      rules,
      ...aggregationRule,
    });
    writeAs(cluster, clusterRoles, role, 'kube-apiserver');
    if (groups.length === 0) continue;
    const binding = newObject(cluster, clusterRoleBindings, {
      metadata: { name, labels: bootstrapping, annotations },
      subjects: groups.map((group) => ({ kind: 'Group', apiGroup: rbacGroup, name: group })),
      roleRef: { apiGroup: rbacGroup, kind: 'ClusterRole', name },
    });
    writeAs(cluster, clusterRoleBindings, binding, 'kube-apiserver');
  }
  for (let turn = 0; turn < 3; turn += 1) aggregateRoles(cluster); // view is in edit, edit in admin
}
