import type { Cluster } from '../cluster.ts';
import type { ResourceType } from '../kinds/resource-type.ts';
import { type KubeObject, type ObjectMeta, sameValue, timestamp, withMetadata } from '../object/object.ts';
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
  const object = existing(call);
  checkPreconditions(call, object, options);
  const left = removeObject(call.cluster, call.type, object, options);
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
  if (type.namespaced && namespace === undefined && items.length > 0) throw badRequest('Namespace parameter required.');
  const metadata = { resourceVersion: String(cluster.store.revision) };
  for (const object of items) removeObject(cluster, type, object, options);
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

/** @throws {ApiError} 409: it is another object, or has changed. */
function checkPreconditions(
  { name, type }: Call,
  { metadata }: KubeObject,
  { preconditions = {} }: DeleteOptions,
): void {
  const isNamespace = type.resource === 'namespaces';
  // kube-apiserver names the kind here, and the resource where namespaces are looked at on their own
  const what = { group: type.group, resource: isNamespace ? type.resource : type.kind };
  for (const [wanted, found, field, since] of [
    [preconditions.uid, metadata.uid, 'UID', 'deleted and then recreated'],
    [preconditions.resourceVersion, metadata.resourceVersion, 'ResourceVersion', 'modified'],
  ] as const) {
    if (wanted === undefined || wanted === found) continue;
    const why = isNamespace
      ? `Precondition failed: ${field} in precondition: ${wanted}, ${field} in object meta: ${found}`
      : `the ${field} in the precondition (${wanted}) does not match the ${field} in record (${found}). The object might have been ${since}`;
    throw conflict(what, name, why);
  }
}

/**
 * Deletes it, or marks it where finalizers hold it; the garbage collector takes what it owned.
 *
 * @returns What is left of it, or was last; of a dry run, what would be.
 */
export function removeObject(
  cluster: Cluster,
  type: ResourceType,
  object: KubeObject,
  options: DeleteOptions = {},
): KubeObject {
  const { store } = cluster;
  const { metadata } = object;
  const keep = (left: KubeObject) =>
    isDryRun(options) || sameValue(left, object) ? left : store.put(type.resource, left);
  if (type.resource === 'namespaces') return keep(terminating(cluster, type, object, options));
  const finalizers = finalizersOf(metadata, options);
  if (finalizers.length === 0) {
    return isDryRun(options) ? object : (store.remove(type.resource, metadata) ?? object);
  }
  const { deletionTimestamp = timestamp(cluster.now()) } = metadata;
  return keep(withMetadata(object, { deletionTimestamp, deletionGracePeriodSeconds: 0, finalizers }));
}

/** @throws {ApiError} 403: no cluster is without this one. */
function terminating(cluster: Cluster, type: ResourceType, namespace: KubeObject, options: DeleteOptions): KubeObject {
  const { deletionTimestamp, name } = namespace.metadata;
  if (protectedNamespaces.has(name)) throw forbidden(type, name, 'this namespace may not be deleted');
  if (deletionTimestamp !== undefined) return namespace;
  const finalizers = finalizersOf(namespace.metadata, options);
  const marks = { deletionTimestamp: timestamp(cluster.now()), ...(finalizers.length === 0 ? {} : { finalizers }) };
  return { ...withMetadata(namespace, marks), status: { phase: 'Terminating' } };
}

function isDryRun({ dryRun = [] }: DeleteOptions): boolean {
  return dryRun.length > 0;
}

/** Those that hold an object: what is to become of what it owns is one of them, and is asked for anew each time. */
function finalizersOf({ finalizers = [] }: ObjectMeta, options: DeleteOptions): readonly string[] {
  const { orphanDependents, propagationPolicy } = options;
  const before = finalizers.find((one) => policies.has(one));
  const policy =
    orphanDependents === undefined && propagationPolicy === undefined
      ? before
      : orphanDependents === true || propagationPolicy === 'Orphan'
        ? 'orphan'
        : propagationPolicy === 'Foreground'
          ? 'foregroundDeletion'
          : undefined;
  if (policy === before) return finalizers;
  return [...finalizers.filter((one) => !policies.has(one)), ...(policy === undefined ? [] : [policy])];
}

const policies = new Set(['orphan', 'foregroundDeletion']);

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
