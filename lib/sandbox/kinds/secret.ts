import { type FieldError, forbiddenField, invalid, required, tooLong } from '../field-error.ts';
import { jsonProblem } from '../formats/json-problem.ts';
import { wrongType } from '../object/decode-error.ts';
import { isRecord, type KubeObject, sameValue } from '../object/object.ts';
import { boolean, bytes, map, objectSchema, optional, string } from '../object/schema.ts';
import { ageColumn, nameColumn, sizeOf, textAt } from './columns.ts';
import { notConfigKey, notSubdomain } from './names.ts';
import { allVerbs, type ResourceType } from './resource-type.ts';

export const serviceAccountToken = 'kubernetes.io/service-account-token';
export const serviceAccountNameAnnotation = 'kubernetes.io/service-account.name';
export const serviceAccountUidAnnotation = 'kubernetes.io/service-account.uid';

const maxBytes = 1024 * 1024;

export const secrets: ResourceType = {
  group: '',
  version: 'v1',
  resource: 'secrets',
  singular: 'secret',
  kind: 'Secret',
  namespaced: true,
  verbs: allVerbs,
  internalType: 'core.Secret',
  schema: objectSchema('v1.Secret', {
    immutable: optional(boolean()),
    data: map(bytes()),
    stringData: map(string()),
    type: string('v1.SecretType'),
  }),
  columns: [
    nameColumn,
    { name: 'Type', description: 'Type of the Secret', cell: (secret) => secret['type'] },
    { name: 'Data', description: 'Number of its entries', cell: (secret) => sizeOf(secret['data']) },
    ageColumn,
  ],
  defaults({ data, stringData, type, ...secret }) {
    const added = Object.entries((stringData ?? {}) as Record<string, string>);
    const all = Object.entries({
      ...(data as Record<string, string> | undefined),
      ...Object.fromEntries(added.map(([key, text]) => [key, Buffer.from(text).toString('base64')])),
    }).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return {
      ...(secret as KubeObject),
      ...(all.length === 0 ? {} : { data: Object.fromEntries(all) }),
      type: type ?? 'Opaque',
    };
  },
  // The apiserver keeps the type of a Secret where an update names none.
  onUpdate: (secret, old) => (secret['type'] === '' ? { ...secret, type: old['type'] } : secret),
  validateName: notSubdomain,
  validate: (secret) => [...invalidData(secret), ...invalidOfType(secret)],
  validateUpdate(secret, old, wrong) {
    const errors: FieldError[] = [];
    if (secret['type'] !== old['type']) errors.push(invalid('type', secret['type'], 'field is immutable'));
    if (old['immutable'] === true) {
      const whenSet = 'field is immutable when `immutable` is set';
      if (secret['immutable'] !== true) errors.push(forbiddenField('immutable', whenSet));
      if (!sameValue(secret['data'], old['data'])) errors.push(forbiddenField('data', whenSet));
    }
    return [...errors, ...wrong];
  },
  selectableFields: (secret) => ({ type: textAt(secret, 'type') }),
};

function invalidData({ data }: KubeObject): FieldError[] {
  const entries = Object.entries((data ?? {}) as Record<string, string>);
  const size = entries.reduce((sum, [, value]) => sum + Buffer.byteLength(value, 'base64'), 0);
  return [
    ...entries.flatMap(([key]) => {
      const why = notConfigKey(key);
      return why === undefined ? [] : [invalid(`data[${key}]`, key, why)];
    }),
    ...(size > maxBytes ? [tooLong('data', maxBytes)] : []),
  ];
}

/** What a type asks for; of the token controller's, the annotation alone: the ServiceAccount need not be there. */
function invalidOfType({ data, metadata, type }: KubeObject): FieldError[] {
  const has = (key: string) => Object.hasOwn(data ?? {}, key);
  switch (type) {
    case serviceAccountToken:
      return (metadata.annotations?.[serviceAccountNameAnnotation] ?? '') === ''
        ? [required(`metadata.annotations[${serviceAccountNameAnnotation}]`)]
        : [];
    case 'kubernetes.io/tls':
      return ['tls.crt', 'tls.key'].filter((key) => !has(key)).map((key) => required(`data[${key}]`));
    case 'kubernetes.io/dockerconfigjson':
      return notJsonObject(data, '.dockerconfigjson');
    case 'kubernetes.io/dockercfg':
      return notJsonObject(data, '.dockercfg');
    case 'kubernetes.io/ssh-auth':
      return ((data ?? {}) as Readonly<Record<string, string>>)['ssh-privatekey']
        ? []
        : [required('data[ssh-privatekey]')];
    case 'kubernetes.io/basic-auth':
      return has('username') || has('password') ? [] : [required('data[username]'), required('data[password]')];
    default:
      return [];
  }
}

/** Of what is wrong Go's decoder is quoted, of the data itself nothing. */
function notJsonObject(data: unknown, key: string): FieldError[] {
  const value = (data as Readonly<Record<string, string>> | undefined)?.[key];
  if (value === undefined) return [required(`data[${key}]`)];
  const text = Buffer.from(value, 'base64').toString();
  const why = jsonProblem(text) ?? notMap(JSON.parse(text));
  return why === undefined ? [] : [invalid(`data[${key}]`, '<secret contents redacted>', why)];
}

function notMap(value: unknown): string | undefined {
  return value === null || isRecord(value) ? undefined : wrongType(value, 'map[string]interface {}');
}
