import type { KubeObject } from '../object/object.ts';
import { boolean, list, objectReference, objectSchema, optional, string, struct } from '../object/schema.ts';
import { ageColumn, nameColumn } from './columns.ts';
import { notSubdomain } from './names.ts';
import { allVerbs, type ResourceType } from './resource-type.ts';

export const serviceAccounts: ResourceType = {
  group: '',
  version: 'v1',
  resource: 'serviceaccounts',
  singular: 'serviceaccount',
  kind: 'ServiceAccount',
  namespaced: true,
  verbs: allVerbs,
  shortNames: ['sa'],
  subresources: [
    {
      name: 'token',
      kind: 'TokenRequest',
      verbs: ['create'],
      responseGroupVersion: { group: 'authentication.k8s.io', version: 'v1' },
    },
  ],
  internalType: 'core.ServiceAccount',
  schema: objectSchema('v1.ServiceAccount', {
    secrets: list(objectReference, 'name'),
    imagePullSecrets: list(struct('v1.LocalObjectReference', { name: string() })),
    automountServiceAccountToken: optional(boolean()),
  }),
  columns: [nameColumn, ageColumn],
  onCreate: withSecretNames,
  onUpdate: withSecretNames,
  validateName: notSubdomain,
  returnsDeleted: true,
};

/** Of its Secrets a ServiceAccount keeps the names alone (kubernetes: registry/core/serviceaccount/strategy.go). */
function withSecretNames(account: KubeObject): KubeObject {
  const secrets = account['secrets'] as readonly { readonly name?: string }[] | undefined;
  if (secrets === undefined) return account;
  return { ...account, secrets: secrets.map(({ name }) => (name === undefined ? {} : { name })) };
}
