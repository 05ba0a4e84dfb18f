import type { Cluster } from '../cluster.ts';
import { keepOrRemove, removeObject } from '../verbs/delete.ts';
import { groupVersion } from '../kinds/resource-type.ts';
import { storedTypes } from '../kinds/table.ts';
import { type KubeObject, withMetadata } from '../object/object.ts';
import type { Change } from '../store/store.ts';

/** Deletes what a deleted object owned, and carries out the propagation policies `Orphan` and `Foreground`. */
export function garbageCollector(cluster: Cluster): (change: Change) => void {
  return ({ object, type }) => {
    if (type === 'DELETED') {
      for (const dependent of dependentsOf(cluster, object)) release(cluster, dependent, object, 'delete');
      return;
    }
    const own = typeOf(object);
    const current = own && cluster.store.get(own.resource, object.metadata);
    if (own === undefined || current === undefined) return;
    if (current.metadata.deletionTimestamp === undefined) {
      if (areOwnersGone(cluster, current)) removeObject(cluster, own, current);
      return;
    }
    const { finalizers = [] } = current.metadata;
    const policy = finalizers.includes('orphan')
      ? 'keep'
      : finalizers.includes('foregroundDeletion')
        ? 'delete'
        : undefined;
    if (policy === undefined) return;
    for (const dependent of dependentsOf(cluster, current)) release(cluster, dependent, current, policy);
    const left = finalizers.filter((one) => one !== 'orphan' && one !== 'foregroundDeletion');
    const freed = withMetadata(current, { finalizers: left.length === 0 ? undefined : left });
    keepOrRemove(cluster, own, freed);
  };
}

function typeOf({ apiVersion, kind }: KubeObject) {
  return storedTypes.find((type) => type.kind === kind && groupVersion(type) === apiVersion);
}

function dependentsOf({ store }: Cluster, { metadata }: KubeObject): KubeObject[] {
  return storedTypes
    .flatMap(({ resource }) => store.list(resource))
    .filter((object) => object.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid));
}

/** An owner that never was counts as gone, unless it is of a kind that is not kept here. */
function areOwnersGone({ store }: Cluster, { metadata }: KubeObject): boolean {
  const { namespace, ownerReferences = [] } = metadata;
  if (ownerReferences.length === 0) return false;
  return ownerReferences.every(({ apiVersion, kind, name, uid }) => {
    const type = storedTypes.find((one) => one.kind === kind && groupVersion(one) === apiVersion);
    if (type === undefined) return false;
    const owner = store.get(type.resource, { namespace: type.namespaced ? namespace : undefined, name });
    return owner?.metadata.uid !== uid;
  });
}

function release(cluster: Cluster, dependent: KubeObject, owner: KubeObject, policy: 'delete' | 'keep'): void {
  const type = typeOf(dependent);
  if (type === undefined) return;
  const left = (dependent.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== owner.metadata.uid);
  if (left.length === 0 && policy === 'delete') removeObject(cluster, type, dependent);
  else
    cluster.store.put(
      type.resource,
      withMetadata(dependent, { ownerReferences: left.length === 0 ? undefined : left }),
    );
}
