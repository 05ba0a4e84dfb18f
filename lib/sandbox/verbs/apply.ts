import { groupVersion } from '../kinds/resource-type.ts';
import { fieldsOf, isOf, type Manager } from '../object/managed-fields.ts';
import {
  type FieldTree,
  isRecord,
  type KubeObject,
  type ManagedFields,
  timestamp,
  withMetadata,
} from '../object/object.ts';
import { strategicPatch } from '../patch/strategic-patch.ts';
import { parseYaml } from '../../system/yaml.ts';
import { invalidObject, required } from '../field-error.ts';
import { badRequest } from '../status.ts';
import type { Answer, Call } from './call.ts';
import { createObject } from './create.ts';
import { decodeValue } from './decode-body.ts';
import { replace } from './update.ts';

/**
 * Server-side apply: makes the object, or merges what is applied and takes away what this manager applied before and
 * does no more. Conflicts with other managers are not looked for.
 */
export async function apply(call: Call, dryRun: boolean): Promise<Answer> {
  const { cluster, name, namespace, query, type } = call;
  const fieldManager = query.get('fieldManager') ?? '';
  if (fieldManager === '') {
    const errors = [required('fieldManager', 'is required for apply patch')];
    throw invalidObject({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', errors);
  }
  const value = await parseYaml(call.body.text);
  if (!isRecord(value)) throw badRequest('error decoding YAML: no object');
  const given = decodeValue(value, { ...type, schema: type.schema }, call);
  const who: Manager = { manager: fieldManager, operation: 'Apply', apiVersion: groupVersion(type) };
  const fieldsV1 = fieldsOf(
    decodeValue(value, { ...type, ...withoutDefaults }, { query, warn: () => undefined }),
    type.schema,
  );
  const entry: ManagedFields = { ...entryOf(who), time: timestamp(cluster.now()), fieldsType: 'FieldsV1', fieldsV1 };
  const old = cluster.store.get(type.resource, { namespace, name });
  if (old === undefined) {
    const named = withMetadata(given, { name, namespace });
    const object = createObject(call, named, { cluster, namespace, dryRun: true });
    const owned = withMetadata(object, { managedFields: [entry] });
    return { code: 201, object: dryRun ? owned : cluster.store.put(type.resource, owned) };
  }
  const before = old.metadata.managedFields?.find((other) => isOf(other, who));
  const left = before === undefined ? old : without(old, subtractTree(before.fieldsV1, fieldsV1));
  const { metadata, ...fields } = value;
  const change = { ...fields, metadata: isRecord(metadata) ? { ...metadata, managedFields: undefined } : {} };
  const merged = decodeValue(
    strategicPatch(left, JSON.parse(JSON.stringify(change)), type.schema) as Record<string, unknown>,
    type,
    call,
  );
  const replaced = replace(call, merged, true);
  const others = (old.metadata.managedFields ?? []).filter((other) => !isOf(other, who));
  const same = before !== undefined && JSON.stringify(before.fieldsV1) === JSON.stringify(fieldsV1);
  const owned = withMetadata(replaced, { managedFields: [same ? before : entry, ...others] });
  if (dryRun || (same && JSON.stringify(owned) === JSON.stringify(old))) return { code: 200, object: owned };
  return { code: 200, object: cluster.store.put(type.resource, owned) };
}

const withoutDefaults = { defaults: (object: KubeObject) => object };

function entryOf({ manager, apiVersion }: Manager) {
  return { manager, operation: 'Apply', apiVersion } as const;
}

/** The object without the fields of a tree. */
function without<Value>(value: Value, fields: FieldTree): Value {
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).flatMap(([key, item]): [string, unknown][] => {
    const inner = fields[`f:${key}`];
    if (inner === undefined) return [[key, item]];
    return Object.keys(inner).length === 0 ? [] : [[key, without(item, inner)]];
  });
  return Object.fromEntries(entries) as Value;
}

function subtractTree(tree: FieldTree, less: FieldTree): FieldTree {
  const entries = Object.entries(tree).flatMap(([key, inner]): [string, FieldTree][] => {
    const other = less[key];
    if (other === undefined) return [[key, inner]];
    const left = subtractTree(inner, other);
    return Object.keys(left).length === 0 ? [] : [[key, left]];
  });
  return Object.fromEntries(entries.filter(([key]) => key !== '.'));
}
