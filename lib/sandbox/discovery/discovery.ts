import { createHash } from 'node:crypto';
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

/** Whether the API has anything at or below a path: what is wrong there is told as a Status. */
export function isServed(path: string): boolean {
  return ['/api', ...groups.map((name) => `/apis/${name}`)].some((root) => isBelow(path, root));
}

export function isBelow(path: string, root: string): boolean {
  return path === root || path.startsWith(`${root}/`);
}

export function apiVersions(address: string) {
  const serverAddressByClientCIDRs = [{ clientCIDR: '0.0.0.0/0', serverAddress: address }];
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs };
}

export function apiGroupList() {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(groupOf) };
}

export function apiGroup(name: string) {
  return groups.includes(name) ? { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(name) } : undefined;
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

function entryOf(type: Described) {
  const { categories, kind, namespaced, resource, shortNames, singular, verbs } = type;
  return {
    name: resource,
    singularName: singular,
    namespaced,
    kind,
    verbs,
    ...(shortNames === undefined ? {} : { shortNames }),
    ...(categories === undefined ? {} : { categories }),
    ...(verbs.length === 1 ? {} : { storageVersionHash: storageHash(type) }),
  };
}

/** Of what is kept, by which clients notice that it is stored in another version (apiserver: StorageVersionHash). */
function storageHash({ group, kind, version }: Described): string {
  const hash = createHash('sha256').update(`${group}/${version}/${kind}`).digest();
  return hash.subarray(0, 8).toString('base64');
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
