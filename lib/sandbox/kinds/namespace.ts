import type { KubeObject } from '../object/object.ts';
import { withMetadata } from '../object/object.ts';
import { anything, list, objectSchema, string, struct } from '../object/schema.ts';
import { ageColumn, nameColumn, textAt } from './columns.ts';
import { notLabel } from './names.ts';
import type { ResourceType } from './resource-type.ts';

export const nameLabel = 'kubernetes.io/metadata.name';

export const namespaces: ResourceType = {
  group: '',
  version: 'v1',
  resource: 'namespaces',
  singular: 'namespace',
  kind: 'Namespace',
  namespaced: false,
  verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  shortNames: ['ns'],
  subresources: [
    { name: 'finalize', kind: 'Namespace', verbs: ['update'] },
    { name: 'status', kind: 'Namespace', verbs: ['get', 'patch', 'update'] },
  ],
  internalType: 'core.Namespace',
  schema: objectSchema('v1.Namespace', {
    spec: struct('v1.NamespaceSpec', { finalizers: list(string('v1.FinalizerName')) }),
    status: struct('v1.NamespaceStatus', { phase: string('v1.NamespacePhase'), conditions: list(anything()) }),
  }),
  columns: [
    nameColumn,
    {
      name: 'Status',
      description: 'Phase of the namespace',
      cell: (namespace) => textAt(namespace, 'status', 'phase'),
    },
    ageColumn,
  ],
  defaults(namespace) {
    const { labels, name } = namespace.metadata;
    if (name === undefined || labels?.[nameLabel] !== undefined) return namespace;
    const all = Object.entries({ ...labels, [nameLabel]: name }).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return withMetadata(namespace, { labels: Object.fromEntries(all) });
  },
  onCreate: (namespace) => {
    const finalizers = (namespace['spec'] as { finalizers?: string[] } | undefined)?.finalizers ?? [];
    return {
      ...namespace,
      spec: { finalizers: finalizers.includes('kubernetes') ? finalizers : [...finalizers, 'kubernetes'] },
      status: { phase: 'Active' },
    };
  },
  onUpdate: (namespace, old) => ({ ...namespace, spec: old['spec'], status: old['status'] }),
  validateName: (name) => (name.includes('.') ? 'must not contain dots' : notLabel(name)),
  selectableFields: (namespace) => ({ 'status.phase': textAt(namespace, 'status', 'phase') }),
  returnsDeleted: true,
};

export function isTerminating(namespace: KubeObject): boolean {
  return namespace.metadata.deletionTimestamp !== undefined;
}
