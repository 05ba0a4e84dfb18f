import { type FieldError, forbiddenField, invalid, tooLong } from '../field-error.ts';
import { type KubeObject, sameValue } from '../object/object.ts';
import { boolean, bytes, map, objectSchema, optional, string } from '../object/schema.ts';
import { ageColumn, nameColumn, sizeOf } from './columns.ts';
import { notConfigKey, notSubdomain } from './names.ts';
import { allVerbs, type ResourceType } from './resource-type.ts';

const maxBytes = 1024 * 1024;

export const configMaps: ResourceType = {
  group: '',
  version: 'v1',
  resource: 'configmaps',
  singular: 'configmap',
  kind: 'ConfigMap',
  namespaced: true,
  verbs: allVerbs,
  shortNames: ['cm'],
  internalType: 'core.ConfigMap',
  schema: objectSchema('v1.ConfigMap', {
    immutable: optional(boolean()),
    data: map(string()),
    binaryData: map(bytes()),
  }),
  columns: [
    nameColumn,
    { name: 'Data', description: 'Number of its entries', cell: ({ data, binaryData }) => sizeOf(data, binaryData) },
    ageColumn,
  ],
  validateName: notSubdomain,
  validate: (configMap) => [
    ...invalidKeys(configMap, 'data'),
    ...invalidKeys(configMap, 'binaryData'),
    ...size(configMap),
  ],
  validateUpdate(configMap, old, wrong) {
    if (old['immutable'] !== true) return [...wrong];
    const whenSet = 'field is immutable when `immutable` is set';
    return [
      ...(configMap['immutable'] === true ? [] : [forbiddenField('immutable', whenSet)]),
      ...['data', 'binaryData']
        .filter((field) => !sameValue(configMap[field], old[field]))
        .map((field) => forbiddenField(field, whenSet)),
      ...wrong,
    ];
  },
};

function invalidKeys(configMap: KubeObject, field: 'data' | 'binaryData'): FieldError[] {
  const other = (field === 'data' ? configMap['binaryData'] : configMap['data']) ?? {};
  return Object.keys(configMap[field] ?? {}).flatMap((key) => {
    const why = notConfigKey(key);
    const errors = why === undefined ? [] : [invalid(`${field}[${key}]`, key, why)];
    const twice = field === 'data' && Object.hasOwn(other, key);
    if (twice) errors.push(invalid(`data[${key}]`, key, 'duplicate of key present in binaryData'));
    return errors;
  });
}

function size({ data, binaryData }: KubeObject): FieldError[] {
  const text = Object.values((data ?? {}) as Record<string, string>).map((value) => Buffer.byteLength(value));
  const binary = Object.values((binaryData ?? {}) as Record<string, string>).map((value) =>
    Buffer.byteLength(value, 'base64'),
  );
  return [...text, ...binary].reduce((a, b) => a + b, 0) > maxBytes ? [tooLong('[]', maxBytes)] : [];
}
