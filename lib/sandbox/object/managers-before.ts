import { isRecord, type KubeObject, type ManagedFields } from './object.ts';

/**
 * The managers that a write starts from: those that it lists itself, where they can be read; else those that are there.
 * A list without entries, or with an empty one, resets them (kubernetes: apimachinery, managedfields/internal,
 * decodeLiveOrNew).
 */
export function managersBefore(given: KubeObject, old: KubeObject | undefined): readonly ManagedFields[] {
  const listed = (given.metadata.managedFields ?? []) as readonly Partial<ManagedFields>[];
  const isReset = given.metadata.managedFields !== undefined && listed.every(isEmpty) && listed.length < 2;
  if (isReset) return [];
  if (listed.length === 0 || !listed.every(isReadable)) return old?.metadata.managedFields ?? [];
  return listed.map(withFields);
}

function withFields(entry: Partial<ManagedFields>): ManagedFields {
  return { ...entry, fieldsV1: entry.fieldsV1 ?? {} } as ManagedFields;
}

function isEmpty(entry: object): boolean {
  return Object.keys(entry).length === 0;
}

function isReadable({ apiVersion, fieldsType, fieldsV1, operation }: Partial<ManagedFields>): boolean {
  return (
    (operation === 'Apply' || operation === 'Update') &&
    apiVersion !== undefined &&
    fieldsType === 'FieldsV1' &&
    isRecord(fieldsV1 ?? {})
  );
}
