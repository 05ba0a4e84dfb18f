import { invalidObject, required } from '../field-error.ts';
import { groupVersion } from '../kinds/resource-type.ts';
import { commonPaths, leavesOf, subtract } from '../object/field-tree.ts';
import { changedFields } from '../object/field-changes.ts';
import { isOf, listOf, type Manager } from '../object/managed-fields.ts';
import {
  type FieldTree,
  isRecord,
  type KubeObject,
  type ManagedFields,
  sameValue,
  timestamp,
  withMetadata,
} from '../object/object.ts';
import { strategicPatch } from '../patch/strategic-patch.ts';
import { parseYaml } from '../../system/yaml.ts';
import { badRequest, internal } from '../status.ts';
import { applyConflict, type FieldConflict } from './apply-conflict.ts';
import type { Answer, Call } from './call.ts';
import { createObject } from './create.ts';
import { decodeValue } from './decode-body.ts';
import { checkName, replace } from './update.ts';

/**
 * Server-side apply: makes the object, or merges what is applied and takes away what this manager applied before, does
 * no more, and nobody else manages.
 *
 * @throws {ApiError} 409: another manager's field would change, and `force` is not set.
 */
export async function apply(call: Call, dryRun: boolean): Promise<Answer> {
  const { cluster, name, namespace, query, type } = call;
  const who: Manager = { manager: fieldManagerOf(call), operation: 'Apply', apiVersion: groupVersion(type) };
  const value = await appliedValue(call);
  const { name: given } = (value['metadata'] ?? {}) as { name?: string };
  checkName(call, given);
  const applied = decodeApplied(value, call);
  const fieldsV1 = leavesOf(changedFields(applied, undefined, type.schema));
  const entry: ManagedFields = {
    manager: who.manager,
    operation: 'Apply',
    apiVersion: who.apiVersion,
    time: timestamp(cluster.now()),
    fieldsType: 'FieldsV1',
    fieldsV1,
  };
  const old = cluster.store.get(type.resource, { namespace, name });
  if (old === undefined) {
    const named = withMetadata(type.defaults?.(applied) ?? applied, { name, namespace });
    const made = createObject(call, named, { cluster, namespace, dryRun: true });
    const object = withMetadata(made, { managedFields: listOf([entry]) });
    return { code: 201, object: dryRun ? object : cluster.store.put(type.resource, object) };
  }
  const entries = old.metadata.managedFields ?? [];
  const own = entries.find((one) => isOf(one, who));
  const others = entries.filter((one) => one !== own);
  const abandoned = others.reduce((tree, one) => subtract(tree, one.fieldsV1), subtract(own?.fieldsV1 ?? {}, fieldsV1));
  const quiet = { query, warn: () => undefined };
  const merged = decodeValue(merge(without(old, abandoned), value, call), type, quiet);
  const changed = changedFields(merged, old, type.schema);
  const conflicts = others.flatMap((one): FieldConflict[] => {
    const paths = commonPaths([fieldsV1, changed, one.fieldsV1]);
    return paths.length === 0 ? [] : [{ with: one, paths }];
  });
  if (conflicts.length > 0 && query.get('force') !== 'true') throw applyConflict(conflicts);
  const lost = (one: ManagedFields) =>
    conflicts.some((conflict) => conflict.with === one) ? { ...one, fieldsV1: subtract(one.fieldsV1, fieldsV1) } : one;
  const kept = own !== undefined && sameValue(own.fieldsV1, fieldsV1) ? own : entry;
  const managedFields = listOf([...others.map(lost), kept]);
  const object = withMetadata(replace(call, merged, true), { managedFields });
  return { code: 200, object: dryRun || sameValue(object, old) ? object : cluster.store.put(type.resource, object) };
}

/** @throws {ApiError} 500: a field that the type does not have, which no warning lets pass here. */
function decodeApplied(value: Record<string, unknown>, { type }: Call): KubeObject {
  const { namespace = '', name = '' } = value['metadata'] as { namespace?: string; name?: string };
  const unknown: string[] = [];
  const object = decodeValue(
    value,
    { ...type, defaults: (one) => one },
    { query: new URLSearchParams({ fieldValidation: 'Warn' }), warn: (text) => unknown.push(text) },
  );
  if (unknown.length > 0) {
    const what = `(${namespace}/${name}; ${type.group}/${type.version}, Kind=${type.kind})`;
    throw internal(`failed to create typed patch object ${what}: ${fieldOf(unknown[0])}: field not declared in schema`);
  }
  return object;
}

function fieldOf(warning = ''): string {
  return warning.replace(/^unknown field "(.*)"$/u, '.$1');
}

function fieldManagerOf({ query }: Call): string {
  const manager = query.get('fieldManager') ?? '';
  if (manager !== '') return manager;
  const errors = [required('fieldManager', 'is required for apply patch')];
  throw invalidObject({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', errors);
}

/** @throws {ApiError} 400: no object, or one that does not say what it is. */
async function appliedValue({ body }: Call): Promise<Record<string, unknown>> {
  const value = await parseYaml(body.text).catch(() => {
    // what is wrong with it, Go's reader says in words of its own
    throw badRequest(
      'error decoding patch: error converting YAML to JSON: yaml: line 1: did not find expected node content',
    );
  });
  if (!isRecord(value)) throw badRequest('error decoding YAML: no object');
  const { apiVersion = '', kind = '' } = value as { apiVersion?: string; kind?: string };
  if (apiVersion === '' || kind === '') {
    throw badRequest(`invalid object type: ${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${kind}`);
  }
  return value;
}

function merge(old: KubeObject, value: Record<string, unknown>, { type }: Call): Record<string, unknown> {
  const { managedFields: _, ...metadata } = isRecord(value['metadata']) ? value['metadata'] : {};
  return strategicPatch(old, { ...value, metadata }, type.schema);
}

/** The object without the fields of a tree. */
function without(value: KubeObject, fields: FieldTree): KubeObject {
  return prune(value, fields) as KubeObject;
}

function prune(value: unknown, fields: FieldTree): unknown {
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).flatMap(([key, item]): [string, unknown][] => {
    const inner = fields[`f:${key}`];
    if (inner === undefined) return [[key, item]];
    return Object.keys(inner).length === 0 ? [] : [[key, prune(item, inner)]];
  });
  return Object.fromEntries(entries);
}
