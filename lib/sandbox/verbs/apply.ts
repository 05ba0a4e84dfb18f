import { invalidObject, required } from '../field-error.ts';
import { groupVersion } from '../kinds/resource-type.ts';
import { appliedFields } from '../object/applied-fields.ts';
import { mergeApplied, withoutFields } from '../patch/apply-merge.ts';
import { changedFields } from '../object/field-changes.ts';
import { commonPaths, shortest, subtract } from '../object/field-tree.ts';
import { isOf, listOf, type Manager } from '../object/managed-fields.ts';
import { type KubeObject, type ManagedFields, sameValue, timestamp, withMetadata } from '../object/object.ts';
import { appliedObject, appliedValue, reportOddities, requireNoUid } from './applied-value.ts';
import { applyConflict, type FieldConflict } from './apply-conflict.ts';
import type { Answer, Call } from './call.ts';
import { createObject } from './create.ts';
import { kubectlManager, lastAppliedFields, withLastApplied } from './last-applied.ts';
import { isTrue } from './list-options.ts';
import { checkName, checkNamespace, replace } from './update.ts';

/**
 * Server-side apply: makes the object, or merges what is applied and takes away what this manager applied before, does
 * no more, and nobody else manages.
 *
 * @throws {ApiError} 409: another manager's field would change, and `force` is not set.
 */
export async function apply(call: Call, dryRun: boolean): Promise<Answer> {
  const { cluster, name, namespace, query, type } = call;
  const who: Manager = { manager: fieldManagerOf(call), operation: 'Apply', apiVersion: groupVersion(type) };
  const { oddities, value } = await appliedValue(call);
  const fieldsV1 = appliedFields(value, type.schema);
  const entry: ManagedFields = {
    manager: who.manager,
    operation: 'Apply',
    apiVersion: who.apiVersion,
    time: timestamp(cluster.now()),
    fieldsType: 'FieldsV1',
    fieldsV1,
  };
  const isKubectl = who.manager === kubectlManager;
  const renewed = (object: KubeObject) => (isKubectl ? withLastApplied(object, value) : object);
  const old = cluster.store.get(type.resource, { namespace, name });
  if (old === undefined) {
    const applied = checked(call, appliedObject(call, value), oddities);
    requireNoUid(call, applied);
    const named = renewed(withMetadata(type.defaults?.(applied) ?? applied, { name, namespace }));
    const made = createObject(call, named, { cluster, namespace, dryRun: true });
    const object = withMetadata(made, { managedFields: listOf([entry]) });
    return { code: 201, object: dryRun ? object : cluster.store.put(type.resource, object) };
  }
  const entries = old.metadata.managedFields ?? [];
  const own = entries.find((one) => isOf(one, who));
  const others = entries.filter((one) => one !== own);
  const abandoned = others.reduce((tree, one) => subtract(tree, one.fieldsV1), subtract(own?.fieldsV1 ?? {}, fieldsV1));
  const left = withoutFields(old, abandoned, type.schema);
  const decoded = appliedObject(call, mergeApplied(left, value, type.schema) as Record<string, unknown>);
  const merged = checked(call, type.defaults?.(decoded) ?? decoded, oddities);
  const changed = changedFields(merged, old, type.schema);
  const conflicts = others.flatMap((one): FieldConflict[] => {
    const paths = commonPaths([fieldsV1, changed, one.fieldsV1]);
    return paths.length === 0 ? [] : [{ with: one, paths }];
  });
  const trees = [fieldsV1, changed, isKubectl ? lastAppliedFields(old, type) : {}];
  const refused = conflicts.flatMap((conflict): FieldConflict[] => {
    const taken = new Set(commonPaths([...trees, conflict.with.fieldsV1]));
    const paths = conflict.paths.filter((path) => !taken.has(path));
    return paths.length === 0 ? [] : [{ ...conflict, paths }];
  });
  if (refused.length > 0 && !isTrue(query.get('force'))) throw applyConflict(refused);
  const lost = (one: ManagedFields) =>
    conflicts.some((conflict) => conflict.with === one)
      ? { ...one, fieldsV1: shortest(subtract(one.fieldsV1, fieldsV1)) }
      : one;
  // where only the managers change, that of this one stays as it was, be it none
  const { time, ...timeless } = entry;
  const since = sameValue(bare(merged), bare(old)) ? own?.time : time;
  const managedFields = listOf([...others.map(lost), { ...timeless, ...(since === undefined ? {} : { time: since }) }]);
  const object = withMetadata(replace(call, renewed(merged), true), { managedFields });
  return { code: 200, object: dryRun || sameValue(object, old) ? object : cluster.store.put(type.resource, object) };
}

function bare(object: KubeObject): KubeObject {
  return withMetadata(object, { managedFields: undefined });
}

/** @throws {ApiError} 400: it is another object than that of the path; keys came twice, and nobody wants that. */
function checked(call: Call, object: KubeObject, oddities: readonly string[]): KubeObject {
  reportOddities(call, oddities);
  checkNamespace(call, object.metadata.namespace);
  checkName(call, (object.metadata as Partial<KubeObject['metadata']>).name);
  return object;
}

function fieldManagerOf({ query }: Call): string {
  const manager = query.get('fieldManager') ?? '';
  if (manager !== '') return manager;
  const errors = [required('fieldManager', 'is required for apply patch')];
  throw invalidObject({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', errors);
}
