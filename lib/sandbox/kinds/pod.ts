import { anything, objectSchema } from '../object/schema.ts';
import { ageColumn, nameColumn, textAt } from './columns.ts';
import { addressCell, gatesCell, readyCell, restartsCell, rowConditions, statusCell } from './pod-cells.ts';
import { notSubdomain } from './names.ts';
import type { ResourceType } from './resource-type.ts';

/** Pods can be read; nothing runs them. Those that a sandbox begins with are put into the store. */
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
    { name: 'Ready', description: 'Containers that are ready, of all', cell: readyCell },
    { name: 'Status', description: 'Phase of the pod', cell: statusCell },
    { name: 'Restarts', description: 'Restarts of its containers', cell: restartsCell },
    ageColumn,
    {
      name: 'IP',
      description: 'Address of the pod',
      wide: true,
      cell: addressCell,
    },
    {
      name: 'Node',
      description: 'Node of the pod',
      wide: true,
      cell: (pod) => textAt(pod, 'spec', 'nodeName') || '<none>',
    },
    {
      name: 'Nominated Node',
      description: 'Node that is being freed for it',
      wide: true,
      cell: (pod) => textAt(pod, 'status', 'nominatedNodeName') || '<none>',
    },
    { name: 'Readiness Gates', description: 'Further conditions of its readiness', wide: true, cell: gatesCell },
  ],
  rowConditions,
  onCreate: (pod) => ({ ...pod, status: { phase: 'Pending', ...(pod['status'] as object | undefined) } }),
  validateName: notSubdomain,
  selectableFields: (pod) => ({
    'spec.nodeName': textAt(pod, 'spec', 'nodeName'),
    'spec.serviceAccountName': textAt(pod, 'spec', 'serviceAccountName'),
    'status.phase': textAt(pod, 'status', 'phase'),
    'status.podIP': textAt(pod, 'status', 'podIP'),
  }),
};
