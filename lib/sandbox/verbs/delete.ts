import type { Cluster } from '../cluster.ts';
import type { ResourceType } from '../kinds/resource-type.ts';
import { type KubeObject, timestamp, withMetadata } from '../object/object.ts';
import { badRequest, conflict, forbidden, type Status } from '../status.ts';
import { matcherOf } from '../store/selectors.ts';
import { type Answer, type Call, existing } from './call.ts';
import { type DeleteOptions, deleteOptions } from './delete-options.ts';
import { listOptions } from './list-options.ts';
import { listRevision } from './revision.ts';

const protectedNamespaces = new Set(['default', 'kube-system', 'kube-public']);

/** `DELETE` of one object. */
export async function remove(call: Call): Promise<Answer> {
  const options = await deleteOptions(call);
  const dryRun = isDryRun(options);
  const object = existing(call);
  checkPreconditions(call, object, options);
  const left = dryRun ? object : removeObject(call.cluster, call.type, object, options);
  const isLeft = left.metadata.deletionTimestamp !== undefined;
  const isShown = call.type.returnsDeleted === true || isLeft;
  // who wants all of it gone in the old way is told that it is not yet
  const code = isLeft && options.orphanDependents === false ? 202 : 200;
  return { code, object: isShown ? left : success(call, object) };
}

/** `DELETE` of a collection, or of what the selectors leave of it. */
export async function removeCollection(call: Call): Promise<Answer> {
  const { cluster, namespace, query, type } = call;
  const selected = listOptions(query);
  const matches = matcherOf(selected, type);
  const options = await deleteOptions(call);
  listRevision(selected.resourceVersion);
  const items = cluster.store.list(type.resource, namespace).filter((object) => matches?.(object) ?? true);
  const dryRun = isDryRun(options);
  if (type.namespaced && namespace === undefined && items.length > 0) throw badRequest('Namespace parameter required.');
  const metadata = { resourceVersion: String(cluster.store.revision) };
  if (!dryRun) for (const object of items) removeObject(cluster, type, object, options);
  return {
    code: 200,
    object: {
      kind: `${type.kind}List`,
      apiVersion: type.group === '' ? 'v1' : `${type.group}/${type.version}`,
      metadata,
      items,
    },
  };
}

function checkPreconditions(
  { name, type }: Call,
  { metadata }: KubeObject,
  { preconditions = {} }: DeleteOptions,
): void {
  const { resourceVersion, uid } = preconditions;
  if (uid !== undefined && uid !== metadata.uid) {
    const why = `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`;
    throw conflict({ group: type.group, resource: type.kind }, name, why);
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    const why = `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`;
    throw conflict({ group: type.group, resource: type.kind }, name, why);
  }
}

/** Deletes it, or marks it where finalizers hold it; the garbage collector takes what it owned. */
export function removeObject(
  cluster: Cluster,
  type: ResourceType,
  object: KubeObject,
  options: DeleteOptions = {},
): KubeObject {
  const { store } = cluster;
  const { metadata } = object;
  if (type.resource === 'namespaces') return terminate(cluster, type, object);
  const added = finalizerOf(options);
  const finalizers = [...(metadata.finalizers ?? []), ...(added === undefined ? [] : [added])];
  if (finalizers.length === 0) return store.remove(type.resource, metadata) ?? object;
  if (metadata.deletionTimestamp !== undefined) return object;
  const marks = { deletionTimestamp: timestamp(cluster.now()), deletionGracePeriodSeconds: 0, finalizers };
  return store.put(type.resource, withMetadata(object, marks));
}

function terminate(cluster: Cluster, type: ResourceType, namespace: KubeObject): KubeObject {
  const { deletionTimestamp, name } = namespace.metadata;
  if (protectedNamespaces.has(name)) throw forbidden(type, name, 'this namespace may not be deleted');
  if (deletionTimestamp !== undefined) return namespace;
  const marked = withMetadata(namespace, { deletionTimestamp: timestamp(cluster.now()) });
  return cluster.store.put(type.resource, { ...marked, status: { phase: 'Terminating' } });
}

function isDryRun({ dryRun = [] }: DeleteOptions): boolean {
  return dryRun.length > 0;
}

function finalizerOf({ orphanDependents, propagationPolicy }: DeleteOptions): string | undefined {
  if (propagationPolicy === 'Orphan' || orphanDependents === true) return 'orphan';
  return propagationPolicy === 'Foreground' ? 'foregroundDeletion' : undefined;
}

/** Keeps a changed object; one that was only held by finalizers goes with the last of them, as it was before that. */
export function keepOrRemove({ store }: Cluster, type: ResourceType, object: KubeObject): KubeObject {
  const { deletionTimestamp, finalizers = [] } = object.metadata;
  const held = (object['spec'] as { finalizers?: string[] } | undefined)?.finalizers ?? [];
  const isHeld = deletionTimestamp === undefined || finalizers.length > 0 || held.length > 0;
  if (isHeld) return store.put(type.resource, object);
  store.remove(type.resource, object.metadata);
  return object;
}

function success({ type }: Call, { metadata }: KubeObject): Status {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name: metadata.name,
      ...(type.group === '' ? {} : { group: type.group }),
      kind: type.resource,
      ...(metadata.uid === undefined ? {} : { uid: metadata.uid }),
    },
  };
}
