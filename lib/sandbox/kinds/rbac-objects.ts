import type { KubeObject } from '../object/object.ts';

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

export const rulesOf = (role: KubeObject) => (role['rules'] ?? []) as readonly PolicyRule[];
export const subjectsOf = (binding: KubeObject) => (binding['subjects'] ?? []) as readonly Subject[];
export const roleRefOf = (binding: KubeObject) => binding['roleRef'] as RoleRef;
