/**
 * Types of Kubernetes' API as far as the sandbox needs them: which fields there are and in which order, which of them
 * are written though they are empty, and what Go calls them (its decoder's errors name them).
 */
export type Schema = Scalar | MapOf | ListOf | Struct;

interface Common {
  readonly goType: string;
  /** When it is left out of what is written: `empty` is Go's omitempty, `absent` a pointer's, `never` no omitempty. */
  readonly omit: 'empty' | 'absent' | 'never';
}

export interface Scalar extends Common {
  readonly type: 'string' | 'integer' | 'boolean' | 'bytes' | 'time' | 'any';
}

export interface MapOf extends Common {
  readonly type: 'map';
  readonly of: Schema;
  readonly atomic?: boolean;
}

export interface ListOf extends Common {
  readonly type: 'list';
  readonly of: Schema;
  /** The field by which items are told apart, or `set` for values; a list without is replaced as a whole. */
  readonly mergeKey?: string;
}

export interface Struct extends Common {
  readonly type: 'struct';
  readonly fields: Readonly<Record<string, Schema>>;
  readonly atomic?: boolean;
}

export const string = (goType = 'string'): Scalar => ({ type: 'string', goType, omit: 'empty' });
export const integer = (goType = 'int32'): Scalar => ({ type: 'integer', goType, omit: 'empty' });
export const boolean = (): Scalar => ({ type: 'boolean', goType: 'bool', omit: 'empty' });
export const bytes = (): Scalar => ({ type: 'bytes', goType: '[]uint8', omit: 'empty' });
export const time = (): Scalar => ({ type: 'time', goType: 'v1.Time', omit: 'empty' });
export const anything = (): Scalar => ({ type: 'any', goType: 'interface {}', omit: 'empty' });
export const map = (of: Schema): MapOf => ({ type: 'map', of, goType: `map[string]${of.goType}`, omit: 'empty' });
export const list = (of: Schema, mergeKey?: string): ListOf => ({
  type: 'list',
  of,
  goType: `[]${of.goType}`,
  omit: 'empty',
  ...(mergeKey === undefined ? {} : { mergeKey }),
});
export const struct = (goType: string, fields: Readonly<Record<string, Schema>>): Struct => ({
  type: 'struct',
  goType,
  fields,
  omit: 'never',
});
/** Written though it is empty. */
export const always = <S extends Schema>(schema: S): S => ({ ...schema, omit: 'never' });
/** A pointer in Go: left out only where it is absent. */
export const optional = <S extends Schema>(schema: S): S => ({ ...schema, omit: 'absent' });
/** Managed and replaced as a whole. */
export const atomic = <S extends MapOf | Struct>(schema: S): S => ({ ...schema, atomic: true });

const ownerReference = struct('v1.OwnerReference', {
  apiVersion: always(string()),
  kind: always(string()),
  name: always(string()),
  uid: always(string('types.UID')),
  controller: optional(boolean()),
  blockOwnerDeletion: optional(boolean()),
});

const objectMeta = struct('v1.ObjectMeta', {
  name: string(),
  generateName: string(),
  namespace: string(),
  selfLink: string(),
  uid: string('types.UID'),
  resourceVersion: string(),
  generation: integer('int64'),
  creationTimestamp: time(),
  deletionTimestamp: time(),
  deletionGracePeriodSeconds: optional(integer('int64')),
  labels: map(string()),
  annotations: map(string()),
  ownerReferences: list(ownerReference, 'uid'),
  finalizers: list(string(), 'set'),
  // an empty list says something
  managedFields: optional(
    list(
      atomic(
        struct('v1.ManagedFieldsEntry', {
          manager: string(),
          operation: string('v1.ManagedFieldsOperationType'),
          apiVersion: string(),
          time: time(),
          fieldsType: string(),
          fieldsV1: optional(anything()),
          subresource: string(),
        }),
      ),
    ),
  ),
});

/** A whole object: `kind`, `apiVersion` and `metadata` before its own fields. */
export function objectSchema(goType: string, fields: Readonly<Record<string, Schema>>): Struct {
  return struct(goType, { kind: string(), apiVersion: string(), metadata: objectMeta, ...fields });
}

/** A reference to an object, as Events and ServiceAccounts have it. */
export const objectReference = atomic(
  struct('v1.ObjectReference', {
    kind: string(),
    namespace: string(),
    name: string(),
    uid: string('types.UID'),
    apiVersion: string(),
    resourceVersion: string(),
    fieldPath: string(),
  }),
);
