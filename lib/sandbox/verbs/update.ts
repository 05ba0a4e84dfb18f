import { type FieldError, forbiddenField, invalid, invalidObject } from '../field-error.ts';
import { groupVersion } from '../kinds/resource-type.ts';
import { type Manager, managerName, track } from '../object/managed-fields.ts';

import { goQuote } from '../go-quote.ts';
import { managersBefore } from '../object/managers-before.ts';
import { type KubeObject, sameValue, withMetadata } from '../object/object.ts';
import { badRequest, conflict, internal, otherNamespace } from '../status.ts';
import { confirmNoEscalation } from '../authorization/escalation.ts';
import { keepOrRemove } from './delete.ts';
import { type Answer, type Call, existing } from './call.ts';
import { invalidMetadata } from './metadata-rules.ts';
import { withEachOwnerOnce } from './owner-references.ts';
import { isDryRun } from './options.ts';
import { createObject } from './create.ts';
import { decodeBody } from './decode-body.ts';

/** `PUT`: replaces an object that exists. */
export async function update(call: Call): Promise<Answer> {
  const { query, type, name } = call;
  const dryRun = isDryRun(query, 'UpdateOptions');
  const object = withEachOwnerOnce(await decodeBody(call.body, type, call), call.warn);
  const given = object.metadata as Partial<KubeObject['metadata']>;
  checkName(call, given.name);
  checkNamespace(call, given.namespace);
  const named = withMetadata(object, { name, namespace: call.namespace });
  const { cluster, namespace } = call;
  if (type.createsOnUpdate === true && cluster.store.get(type.resource, { namespace, name }) === undefined) {
    return { code: 201, object: createObject(call, named, { cluster, namespace, dryRun }) };
  }
  return { code: 200, object: replace(call, named, dryRun) };
}

/** @throws {ApiError} 400: the body names another object than the path. */
export function checkName({ name }: Call, given: string | undefined): void {
  if (given === name) return;
  if (given === undefined) {
    throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
  }
  throw badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`);
}

/** @throws {ApiError} 400 */
export function checkNamespace({ namespace, type }: Call, given: string | undefined): void {
  if (!type.namespaced || given === undefined || given === namespace) return;
  throw otherNamespace();
}

/**
 * Puts an object in the place of the one that is there.
 *
 * @throws {ApiError} 404, 409 (uid or resourceVersion), 403 (escalation), 422.
 */
export function replace(call: Call, given: KubeObject, dryRun: boolean, manager = managerOf(call)): KubeObject {
  const { cluster, type, user } = call;
  const old = existing(call);
  const { resourceVersion, uid } = given.metadata;
  if (uid !== undefined && uid !== old.metadata.uid) {
    if (call.verb === 'patch') {
      throw invalidObject(type, call.name, [invalid('metadata.uid', uid, 'field is immutable')]);
    }
    const key = `/registry/${type.resource}/${call.namespace === undefined ? '' : `${call.namespace}/`}${call.name}`;
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`;
    throw conflict(
      type,
      call.name,
      `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`,
    );
  }
  if (resourceVersion !== undefined && !/^\d+$/u.test(resourceVersion)) {
    throw internal(`strconv.ParseUint: parsing ${goQuote(resourceVersion)}: invalid syntax`);
  }
  if (resourceVersion !== undefined && resourceVersion !== '0' && resourceVersion !== old.metadata.resourceVersion) {
    throw conflict(
      type,
      call.name,
      'the object has been modified; please apply your changes to the latest version and try again',
    );
  }
  const { subresource } = call;
  const kept = withServerFields(given, old);
  const own = type.withoutUnmanaged?.(kept, old, subresource) ?? kept;
  const before = subresource === '' ? managersBefore(given, old) : undefined;
  const managed = track(own, old, type.schema, manager, cluster.now(), before);
  const tracked = type.onUpdate?.(managed, old, subresource) ?? managed;
  const misused = immutableMetadata(given, old);
  if (misused.length > 0 || !sameValue(tracked, old)) {
    confirmNoEscalation(cluster.store, user, type, tracked);
    const wrong = [...invalidMetadata(tracked), ...(type.validate?.(tracked) ?? [])];
    const errors: FieldError[] = [...(type.validateUpdate?.(tracked, old, wrong, subresource) ?? wrong), ...misused];
    if (errors.length > 0) throw invalidObject(type, call.name, errors);
  }
  if (dryRun || sameValue(tracked, old)) return tracked;
  return keepOrRemove(cluster, type, tracked);
}

function managerOf({ query, subresource, type, userAgent }: Call): Manager {
  return {
    manager: managerName(query, userAgent),
    operation: 'Update',
    apiVersion: groupVersion(type),
    ...(subresource === '' ? {} : { subresource }),
  };
}

/** What no client decides. */
function withServerFields(object: KubeObject, { metadata }: KubeObject): KubeObject {
  return withMetadata(object, {
    namespace: metadata.namespace,
    uid: metadata.uid,
    generateName: object.metadata.generateName ?? metadata.generateName,
    resourceVersion: metadata.resourceVersion,
    generation: metadata.generation,
    creationTimestamp: metadata.creationTimestamp,
    deletionTimestamp: metadata.deletionTimestamp,
    deletionGracePeriodSeconds: metadata.deletionGracePeriodSeconds,
    managedFields: undefined,
  });
}

function immutableMetadata(given: KubeObject, old: KubeObject): FieldError[] {
  const now = given.metadata;
  const { deletionTimestamp } = now;
  const isKept = deletionTimestamp === undefined || deletionTimestamp === old.metadata.deletionTimestamp;
  const errors = isKept ? [] : [invalid('metadata.deletionTimestamp', deletionTimestamp, 'field is immutable')];
  const added = (now.finalizers ?? []).filter((one) => old.metadata.finalizers?.includes(one) !== true);
  if (old.metadata.deletionTimestamp === undefined || added.length === 0) return errors;
  const list = added.map((one) => JSON.stringify(one)).join(', ');
  const why = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`;
  return [...errors, forbiddenField('metadata.finalizers', why)];
}
