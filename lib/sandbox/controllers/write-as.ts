import type { Cluster } from '../cluster.ts';
import { groupVersion, type ResourceType } from '../kinds/resource-type.ts';
import { normalise } from '../object/decode.ts';
import { track } from '../object/managed-fields.ts';
import { type KubeObject, timestamp, withMetadata } from '../object/object.ts';

/** Keeps what a controller has changed or made, with the controller as manager of what is new. */
export function writeAs(
  cluster: Cluster,
  type: ResourceType,
  object: KubeObject,
  manager = 'kube-controller-manager',
  operation: 'Update' | 'Apply' = 'Update',
): KubeObject {
  const old = cluster.store.get(type.resource, object.metadata);
  const ordered = normalise(object, type.schema);
  const who = { manager, operation, apiVersion: groupVersion(type) };
  return cluster.store.put(type.resource, track(ordered, old, type.schema, who, cluster.now()));
}

/** An object as it begins: kind, a uid, the present time. */
export function newObject(
  cluster: Cluster,
  type: ResourceType,
  { metadata, ...fields }: { readonly metadata: KubeObject['metadata']; readonly [field: string]: unknown },
): KubeObject {
  const object = { kind: type.kind, apiVersion: groupVersion(type), metadata, ...fields };
  return withMetadata(object, { uid: crypto.randomUUID(), creationTimestamp: timestamp(cluster.now()) });
}
