import type { KubeObject } from '../object/object.ts';
import { anything, objectSchema } from '../object/schema.ts';
import { ageColumn, nameColumn, textAt } from './columns.ts';
import { notSubdomain } from './names.ts';
import type { ResourceType } from './resource-type.ts';

/** Pods can be read; nothing runs them. Those of the tour are put into the store. */
export const pods: ResourceType = {
  group: '',
  version: 'v1',
  resource: 'pods',
  singular: 'pod',
  kind: 'Pod',
  namespaced: true,
  verbs: ['get', 'list', 'watch'],
  shortNames: ['po'],
  categories: ['all'],
  internalType: 'core.Pod',
  schema: objectSchema('v1.Pod', { spec: anything(), status: anything() }),
  columns: [
    nameColumn,
    { name: 'Ready', description: 'Containers that are ready, of all', cell: ready },
    { name: 'Status', description: 'Phase of the pod', cell: (pod) => textAt(pod, 'status', 'phase') },
    { name: 'Restarts', description: 'Restarts of its containers', cell: restarts },
    ageColumn,
    {
      name: 'IP',
      description: 'Address of the pod',
      wide: true,
      cell: (pod) => textAt(pod, 'status', 'podIP') || '<none>',
    },
    {
      name: 'Node',
      description: 'Node of the pod',
      wide: true,
      cell: (pod) => textAt(pod, 'spec', 'nodeName') || '<none>',
    },
    { name: 'Nominated Node', description: 'Node that is being freed for it', wide: true, cell: () => '<none>' },
    { name: 'Readiness Gates', description: 'Further conditions of its readiness', wide: true, cell: () => '<none>' },
  ],
  validateName: notSubdomain,
  selectableFields: (pod) => ({
    'spec.nodeName': textAt(pod, 'spec', 'nodeName'),
    'spec.serviceAccountName': textAt(pod, 'spec', 'serviceAccountName'),
    'status.phase': textAt(pod, 'status', 'phase'),
    'status.podIP': textAt(pod, 'status', 'podIP'),
  }),
};

interface ContainerStatus {
  readonly ready?: boolean;
  readonly restartCount?: number;
}

function statusesOf(pod: KubeObject): ContainerStatus[] {
  return (pod['status'] as { containerStatuses?: ContainerStatus[] } | undefined)?.containerStatuses ?? [];
}

function ready(pod: KubeObject): string {
  const containers = (pod['spec'] as { containers?: unknown[] } | undefined)?.containers ?? [];
  return `${statusesOf(pod).filter((status) => status.ready === true).length}/${containers.length}`;
}

function restarts(pod: KubeObject): string {
  return String(statusesOf(pod).reduce((sum, { restartCount = 0 }) => sum + restartCount, 0));
}
