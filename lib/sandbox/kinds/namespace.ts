import { type FieldError, invalid } from '../field-error.ts';
import type { KubeObject } from '../object/object.ts';
import { withMetadata } from '../object/object.ts';
import { anything, list, objectSchema, string, struct } from '../object/schema.ts';
import { ageColumn, nameColumn, textAt } from './columns.ts';
import { invalidFinalizer } from './finalizers.ts';
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
  defaults: (namespace) => withNameLabel({ ...namespace, status: { phase: 'Active', ...statusOf(namespace) } }),
  withoutUnmanaged(namespace, old, subresource) {
    const field = subresource === 'status' ? 'spec' : 'status';
    const { [field]: _, ...rest } = namespace;
    return old === undefined ? rest : { ...namespace, [field]: old[field] };
  },
  onCreate: (namespace) => {
    const finalizers = finalizersOf(namespace);
    return {
      ...withNameLabel(namespace),
      spec: { finalizers: finalizers.includes('kubernetes') ? finalizers : [...finalizers, 'kubernetes'] },
      status: { phase: 'Active' },
    };
  },
  onUpdate: (namespace, old, subresource) =>
    subresource === 'finalize' ? namespace : { ...namespace, spec: old['spec'] },
  validate: (namespace) => finalizersOf(namespace).flatMap((one) => invalidFinalizer(one, 'spec.finalizers')),
  validateUpdate: (namespace, _, wrong, subresource) =>
    subresource === 'finalize'
      ? finalizersOf(namespace).flatMap((one, index) => invalidFinalizer(one, `spec.finalizers[${index}]`))
      : subresource === 'status'
        ? invalidPhase(namespace)
        : [...wrong],
  validateName: (name) => (name.includes('.') ? 'must not contain dots' : notLabel(name)),
  selectableFields: (namespace) => ({ 'status.phase': textAt(namespace, 'status', 'phase') }),
  returnsDeleted: true,
};

/** Every namespace has its name as a label, so that selectors can name it. */
function withNameLabel(namespace: KubeObject): KubeObject {
  const { labels, name } = namespace.metadata as Partial<KubeObject['metadata']>;
  if (name === undefined) return namespace;
  const all = Object.entries({ ...labels, [nameLabel]: name }).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return withMetadata(namespace, { labels: Object.fromEntries(all) });
}

function statusOf(namespace: KubeObject): object {
  return namespace['status'] ?? {};
}

function finalizersOf(namespace: KubeObject): readonly string[] {
  return (namespace['spec'] as { finalizers?: string[] } | undefined)?.finalizers ?? [];
}

function invalidPhase(namespace: KubeObject): FieldError[] {
  const phase = textAt(namespace, 'status', 'phase');
  const [wanted, when] = isTerminating(namespace) ? ['Terminating', 'not empty'] : ['Active', 'empty'];
  if (phase === wanted) return [];
  return [invalid('status.Phase', phase, `may only be '${wanted}' if \`deletionTimestamp\` is ${when}`)];
}

export function isTerminating(namespace: KubeObject): boolean {
  return namespace.metadata.deletionTimestamp !== undefined;
}
