import type { Cluster } from '../cluster.ts';
import { invalid, invalidObject, notSupported } from '../field-error.ts';
import type { ResourceType } from '../kinds/resource-type.ts';
import { type KubeObject, timestamp, withMetadata } from '../object/object.ts';
import { boolean, integer, list, optional, string, struct } from '../object/schema.ts';
import { badRequest, conflict, forbidden, type Status } from '../status.ts';
import { selectorsOf } from '../store/selectors.ts';
import { type Answer, type Call, existing } from './call.ts';
import { isDryRun } from './options.ts';
import { decodeValue } from './decode-body.ts';
import { parseBody } from './parse-body.ts';

const protectedNamespaces = new Set(['default', 'kube-system', 'kube-public']);

interface DeleteOptions {
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly orphanDependents?: boolean;
  readonly propagationPolicy?: string;
  readonly dryRun?: readonly string[];
}

const deleteOptions = struct('v1.DeleteOptions', {
  kind: string(),
  apiVersion: string(),
  gracePeriodSeconds: optional(integer('int64')),
  preconditions: optional(
    struct('v1.Preconditions', { uid: optional(string('types.UID')), resourceVersion: optional(string()) }),
  ),
  orphanDependents: optional(boolean()),
  propagationPolicy: optional(string('v1.DeletionPropagation')),
  dryRun: list(string()),
});

/** `DELETE` of one object. */
export async function remove(call: Call): Promise<Answer> {
  const options = await optionsOf(call);
  const dryRun = isDryRun(call.query, 'DeleteOptions', options.dryRun);
  const object = existing(call);
  checkPreconditions(call, object, options);
  const left = dryRun ? object : removeObject(call.cluster, call.type, object, options);
  const isShown = call.type.returnsDeleted === true || left.metadata.deletionTimestamp !== undefined;
  return { code: 200, object: isShown ? left : success(call, object) };
}

/** `DELETE` of a collection, or of what the selectors leave of it. */
export async function removeCollection(call: Call): Promise<Answer> {
  const { cluster, namespace, query, type } = call;
  const options = await optionsOf(call);
  const matches = selectorsOf(query, type);
  const items = cluster.store.list(type.resource, namespace).filter((object) => matches?.(object) ?? true);
  const dryRun = isDryRun(query, 'DeleteOptions', options.dryRun);
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

async function optionsOf(call: Call): Promise<DeleteOptions> {
  const options = await givenOptions(call);
  const policy = options.propagationPolicy ?? 'Background';
  if (options.propagationPolicy !== undefined && options.orphanDependents !== undefined) {
    const both = 'orphanDependents and deletionPropagation cannot be both set';
    throw invalidObject({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', [
      invalid('propagationPolicy', policy, both),
    ]);
  }
  const policies = ['Foreground', 'Background', 'Orphan'];
  if (policies.includes(policy)) return options;
  const errors = [notSupported('propagationPolicy', policy, [...policies, 'nil'])];
  throw invalidObject({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', errors);
}

async function givenOptions({ body, query, warn }: Call): Promise<DeleteOptions> {
  const propagationPolicy = query.get('propagationPolicy');
  if (body.text === '') return propagationPolicy === null ? {} : { propagationPolicy };
  const wanted = {
    group: '',
    version: 'v1',
    kind: 'DeleteOptions',
    schema: deleteOptions,
    internalType: 'v1.DeleteOptions',
  };
  const { value } = await parseBody(body, wanted);
  const { apiVersion: _, ...rest } = value;
  return decodeValue(rest, wanted, { query, warn }) as unknown as DeleteOptions;
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
