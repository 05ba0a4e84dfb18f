import type { Cluster } from '../cluster.ts';
import { keepOrRemove, removeObject } from '../verbs/delete.ts';
import { groupVersion } from '../kinds/resource-type.ts';
import { storedTypes } from '../kinds/table.ts';
import { type KubeObject, type OwnerReference, withMetadata } from '../object/object.ts';
import type { Change } from '../store/store.ts';
import { ownersOf } from './owners.ts';
import { writeAs } from './write-as.ts';

/** Deletes what a deleted object owned, and carries out the propagation policies `Orphan` and `Foreground`. */
export function garbageCollector(cluster: Cluster): (change: Change) => void {
  return ({ object, previous, type }) => {
    if (type === 'DELETED') for (const dependent of dependentsOf(cluster, object)) attend(cluster, dependent);
    else attend(cluster, object);
    // one that waits for this object may wait no longer
    for (const { uid } of [object, previous].flatMap((one) => one?.metadata.ownerReferences ?? [])) {
      const owner = all(cluster).find(({ metadata }) => metadata.uid === uid);
      if (owner !== undefined && isWaiting(owner)) attend(cluster, owner);
    }
  };
}

/** Does what is to be done about an object as it is now (kubernetes: garbagecollector.go, attemptToDeleteItem). */
function attend(cluster: Cluster, { apiVersion, kind, metadata }: KubeObject): void {
  const type = storedTypes.find((one) => one.kind === kind && groupVersion(one) === apiVersion);
  const object = type && cluster.store.get(type.resource, metadata);
  if (type === undefined || object === undefined || object.metadata.uid !== metadata.uid) return;
  const { deletionTimestamp, finalizers = [] } = object.metadata;
  const without = (finalizer: string) => {
    const left = finalizers.filter((one) => one !== finalizer);
    keepOrRemove(cluster, type, withMetadata(object, { finalizers: left.length === 0 ? undefined : left }));
  };
  if (isWaiting(object)) {
    for (const dependent of dependentsOf(cluster, object)) attend(cluster, dependent);
    if (!dependentsOf(cluster, object).some((one) => isBlocking(one, object))) without('foregroundDeletion');
  } else if (deletionTimestamp !== undefined) {
    if (!finalizers.includes('orphan')) return;
    for (const dependent of dependentsOf(cluster, object)) release(cluster, dependent, [object.metadata.uid]);
    without('orphan');
  } else {
    collect(cluster, object);
  }
}

/** Deletes an object whose owners are gone or wait for it; else lets go of those owners. */
function collect(cluster: Cluster, object: KubeObject): void {
  const owners = ownersOf(cluster, object);
  const type = typeOf(object);
  if (owners === undefined || owners.length === 0 || type === undefined) return;
  const isIdle = ({ owner }: (typeof owners)[number]) => owner === undefined || isWaiting(owner);
  if (!owners.every(isIdle)) {
    const idle = owners.filter(isIdle).map(({ reference }) => reference.uid);
    return idle.length === 0 ? undefined : release(cluster, object, idle);
  }
  const dependents = owners.some(({ owner }) => owner !== undefined) ? dependentsOf(cluster, object) : [];
  if (dependents.length === 0) return void removeObject(cluster, type, object);
  // else two that own each other would wait for each other
  const isCircle = dependents.some(isWaiting);
  const freed = isCircle ? withOwners(cluster, object, (one) => [{ ...one, blockOwnerDeletion: false }]) : object;
  removeObject(cluster, type, freed, { propagationPolicy: 'Foreground' });
}

function typeOf({ apiVersion, kind }: KubeObject) {
  return storedTypes.find((type) => type.kind === kind && groupVersion(type) === apiVersion);
}

function all({ store }: Cluster): KubeObject[] {
  return storedTypes.flatMap(({ resource }) => store.list(resource));
}

function dependentsOf(cluster: Cluster, { metadata }: KubeObject): KubeObject[] {
  return all(cluster).filter((object) => object.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid));
}

/** Stays until what blocks it is gone. */
function isWaiting({ metadata: { deletionTimestamp, finalizers } }: KubeObject): boolean {
  return deletionTimestamp !== undefined && finalizers?.includes('foregroundDeletion') === true;
}

function isBlocking({ metadata }: KubeObject, owner: KubeObject): boolean {
  const references = metadata.ownerReferences ?? [];
  return references.some(({ blockOwnerDeletion, uid }) => uid === owner.metadata.uid && blockOwnerDeletion === true);
}

function release(cluster: Cluster, object: KubeObject, owners: readonly (string | undefined)[]): void {
  withOwners(cluster, object, (one) => (owners.includes(one.uid) ? [] : [one]));
}

function withOwners(
  cluster: Cluster,
  object: KubeObject,
  change: (reference: OwnerReference) => readonly OwnerReference[],
): KubeObject {
  const type = typeOf(object);
  const left = (object.metadata.ownerReferences ?? []).flatMap(change);
  const changed = withMetadata(object, { ownerReferences: left.length === 0 ? undefined : left });
  return type === undefined ? object : writeAs(cluster, type, changed);
}
