import type { FieldError } from '../field-error.ts';
import type { KubeObject } from '../object/object.ts';
import type { Struct } from '../object/schema.ts';

/** What the sandbox knows of one resource of the API. */
export interface ResourceType {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly Verb[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly subresources?: readonly Subresource[];
  readonly schema: Struct;
  /** Go's type of the stored form, which a body of another kind is said not to convert to. */
  readonly internalType: string;
  readonly columns: readonly Column[];
  /** What a row of a Table says of its object. */
  readonly rowConditions?: (object: KubeObject) => object[] | undefined;
  /** What is filled in as soon as an object has been read: it counts as the client's own. */
  readonly defaults?: (object: KubeObject) => KubeObject;
  /** What the server decides when an object is created. */
  readonly onCreate?: (object: KubeObject) => KubeObject;
  /** Without what a write does not even ask for: it never counts as the client's. */
  readonly withoutUnmanaged?: (object: KubeObject, old?: KubeObject, subresource?: string) => KubeObject;
  /** What of the old object stays whatever an update says. */
  readonly onUpdate?: (object: KubeObject, old: KubeObject, subresource: string) => KubeObject;
  readonly validateName: (name: string) => string | undefined;
  readonly validate?: (object: KubeObject) => FieldError[];
  /** All that is wrong with an update, in the order in which it is told: `wrong` is what is wrong with the object. */
  readonly validateUpdate?: (
    object: KubeObject,
    old: KubeObject,
    wrong: readonly FieldError[],
    subresource: string,
  ) => FieldError[];
  /** Values that a field selector may ask for besides name and namespace. */
  readonly selectableFields?: (object: KubeObject) => Readonly<Record<string, string>>;
  /** A PUT makes what is not there. */
  readonly createsOnUpdate?: boolean;
  /** kube-apiserver has no watch cache for it: etcd itself says what is too old. */
  readonly uncached?: boolean;
  /** A delete answers with the object instead of a Status. */
  readonly returnsDeleted?: boolean;
}

export type Verb = 'create' | 'delete' | 'deletecollection' | 'get' | 'list' | 'patch' | 'update' | 'watch';

export interface Subresource {
  readonly name: string;
  readonly kind: string;
  readonly verbs: readonly Verb[];
  /** Of the kind, where it is not the resource's own. */
  readonly responseGroupVersion?: { readonly group: string; readonly version: string };
}

/** A column of `kubectl get`. */
export interface Column {
  readonly name: string;
  readonly type?: string;
  readonly format?: string;
  readonly description: string;
  /** Only `-o wide` shows it. */
  readonly wide?: boolean;
  readonly cell: (object: KubeObject, now: number) => unknown;
}

export const allVerbs: readonly Verb[] = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
];

/** `v1`, `rbac.authorization.k8s.io/v1`. */
export function groupVersion({ group, version }: { readonly group: string; readonly version: string }): string {
  return group === '' ? version : `${group}/${version}`;
}
