import { groupVersion, type Subresource, type Verb } from '../kinds/resource-type.ts';
import { storedTypes } from '../kinds/table.ts';
import { reviewTypes } from '../reviews/table.ts';

/** A resource as discovery lists it. */
interface Described {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly Verb[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly subresources?: readonly Subresource[];
}

export const described: readonly Described[] = [...storedTypes, ...reviewTypes];

/** Groups besides the core, in the order of their names. */
const groups = [...new Set(described.map(({ group }) => group))].filter((group) => group !== '').toSorted();

export function hasGroup(name: string): boolean {
  return name === '' || groups.includes(name);
}

export function apiVersions(address: string) {
  const serverAddressByClientCIDRs = [{ clientCIDR: '0.0.0.0/0', serverAddress: address }];
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs };
}

export function apiGroupList() {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(groupOf) };
}

export function apiGroup(name: string) {
  return name !== '' && hasGroup(name) ? { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(name) } : undefined;
}

function groupOf(name: string) {
  const version = { groupVersion: `${name}/v1`, version: 'v1' };
  return { name, versions: [version], preferredVersion: version };
}

/** The resources of one version of a group; undefined for one that there is not. */
export function resourceList(group: string, version: string) {
  const types = described.filter((type) => type.group === group && type.version === version);
  if (types.length === 0) return undefined;
  const resources = types.flatMap((type) =>
    [entryOf(type)].concat((type.subresources ?? []).map((part) => partOf(type, part))),
  );
  return {
    kind: 'APIResourceList',
    ...(group === '' ? {} : { apiVersion: 'v1' }),
    groupVersion: groupVersion({ group, version }),
    resources,
  };
}

function entryOf({ categories, kind, namespaced, resource, shortNames, singular, verbs }: Described) {
  return {
    name: resource,
    singularName: singular,
    namespaced,
    kind,
    verbs,
    ...(shortNames === undefined ? {} : { shortNames }),
    ...(categories === undefined ? {} : { categories }),
  };
}

function partOf({ namespaced, resource }: Described, { kind, name, responseGroupVersion, verbs }: Subresource) {
  return { name: `${resource}/${name}`, singularName: '', namespaced, ...responseGroupVersion, kind, verbs };
}

/** All at once, as newer clients ask for it. */
export function aggregatedDiscovery(path: '/api' | '/apis') {
  const items = (path === '/api' ? [''] : groups).map((group) => ({
    metadata: group === '' ? {} : { name: group },
    versions: [
      {
        version: 'v1',
        resources: described.filter((type) => type.group === group).map(aggregated),
        freshness: 'Current',
      },
    ],
  }));
  return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items };
}

function aggregated({ categories, kind, namespaced, resource, shortNames, singular, subresources, verbs }: Described) {
  return {
    resource,
    responseKind: { group: '', version: '', kind },
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs,
    ...(shortNames === undefined ? {} : { shortNames }),
    ...(categories === undefined ? {} : { categories }),
    ...(subresources === undefined
      ? {}
      : {
          subresources: subresources.map((part) => ({
            subresource: part.name,
            responseKind: { group: '', version: '', ...part.responseGroupVersion, kind: part.kind },
            verbs: part.verbs,
          })),
        }),
  };
}
