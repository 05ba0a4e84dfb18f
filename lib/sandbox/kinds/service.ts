import type { KubeObject } from '../object/object.ts';
import { anything, objectSchema } from '../object/schema.ts';
import { ageColumn, nameColumn, textAt } from './columns.ts';
import { notSubdomain } from './names.ts';
import type { ResourceType } from './resource-type.ts';

interface Spec {
  readonly clusterIPs?: readonly string[];
  readonly externalIPs?: readonly string[];
  readonly externalName?: string;
  readonly ports?: readonly { readonly port?: number; readonly nodePort?: number; readonly protocol?: string }[];
  readonly selector?: Readonly<Record<string, string>>;
  readonly type?: string;
}

interface Status {
  readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[] };
}

const specOf = (service: KubeObject) => (service['spec'] ?? {}) as Spec;

/** Services can be read, as `kubectl cluster-info` does; nothing listens at their addresses. */
export const services: ResourceType = {
  group: '',
  version: 'v1',
  resource: 'services',
  singular: 'service',
  kind: 'Service',
  namespaced: true,
  verbs: ['get', 'list', 'watch'],
  shortNames: ['svc'],
  categories: ['all'],
  internalType: 'core.Service',
  schema: objectSchema('v1.Service', { spec: anything(), status: anything() }),
  columns: [
    nameColumn,
    { name: 'Type', description: 'How it is reached', cell: (service) => specOf(service).type ?? '' },
    {
      name: 'Cluster-IP',
      description: 'Address within the cluster',
      cell: (service) => specOf(service).clusterIPs?.[0] ?? '<none>',
    },
    { name: 'External-IP', description: 'Addresses from outside', cell: externalCell },
    { name: 'Port(s)', description: 'Its ports', cell: portsCell },
    ageColumn,
    { name: 'Selector', description: 'Labels of the pods behind it', wide: true, cell: selectorCell },
  ],
  onCreate: (service) => ({ ...service, status: { loadBalancer: {}, ...(service['status'] as object | undefined) } }),
  validateName: notSubdomain,
  selectableFields: (service) => ({
    'spec.clusterIP': textAt(service, 'spec', 'clusterIP'),
    'spec.type': textAt(service, 'spec', 'type'),
  }),
};

function externalCell(service: KubeObject): string {
  const { externalIPs = [], externalName = '', type } = specOf(service);
  if (type === 'ExternalName') return externalName;
  const { ingress = [] } = ((service['status'] ?? {}) as Status).loadBalancer ?? {};
  const balancers = type === 'LoadBalancer' ? ingress.map(({ hostname, ip }) => ip || hostname || '') : [];
  const all = [...balancers, ...externalIPs];
  return all.length === 0 ? (type === 'LoadBalancer' ? '<pending>' : '<none>') : all.join(',');
}

/** `443/TCP`, `80:30080/TCP`. */
function portsCell(service: KubeObject): string {
  const ports = (specOf(service).ports ?? []).map(
    ({ nodePort = 0, port, protocol = 'TCP' }) => `${port}${nodePort > 0 ? `:${nodePort}` : ''}/${protocol}`,
  );
  return ports.length === 0 ? '<none>' : ports.join(',');
}

function selectorCell(service: KubeObject): string {
  const terms = Object.entries(specOf(service).selector ?? {}).map(([key, value]) => `${key}=${value}`);
  return terms.length === 0 ? '<none>' : terms.toSorted().join(',');
}
