import { groupVersion, type Column, type ResourceType } from '../kinds/resource-type.ts';
import type { KubeObject } from '../object/object.ts';
import { ApiError, badRequest, type Status } from '../status.ts';
import type { ObjectList } from '../verbs/call.ts';
import type { Format } from './negotiate.ts';

const metaVersion = 'meta.k8s.io/v1';

export interface FormOptions {
  readonly type: ResourceType;
  readonly now: number;
  /** Whether the client wants the columns' definitions: in a watch only the first Table has them. */
  readonly withColumns?: boolean;
  readonly includeObject?: string | null;
}

/** An object or list as it is written: whole, metadata alone, or a Table. */
export function inForm(
  object: KubeObject | ObjectList | Status,
  { as }: Format,
  options: FormOptions,
): Record<string, unknown> {
  if (object.kind === 'Status' && object.apiVersion === 'v1') return { ...object };
  const items = itemsOf(object as KubeObject | ObjectList);
  switch (as) {
    case 'Table':
      return table(object as KubeObject | ObjectList, items ?? [object as KubeObject], options);
    case 'PartialObjectMetadata':
      if (items !== undefined) throw mismatch(as, `the requested object is a list (*${options.type.internalType}List)`);
      return partial(object as KubeObject);
    case 'PartialObjectMetadataList':
      if (items === undefined) throw mismatch(as, `the requested object is not a list (*${options.type.internalType})`);
      return { kind: as, apiVersion: metaVersion, metadata: object.metadata, items: items.map(partial) };
    case undefined:
      return items === undefined ? { ...object } : { ...object, items: items.map(withoutKind) };
  }
}

function itemsOf(object: KubeObject | ObjectList): readonly KubeObject[] | undefined {
  return 'items' in object && Array.isArray(object.items) ? (object.items as readonly KubeObject[]) : undefined;
}

function withoutKind({ kind: _, apiVersion: __, ...rest }: KubeObject): Omit<KubeObject, 'kind' | 'apiVersion'> {
  return rest;
}

function partial({ metadata }: KubeObject) {
  return { kind: 'PartialObjectMetadata', apiVersion: metaVersion, metadata };
}

function table(
  whole: KubeObject | ObjectList,
  objects: readonly KubeObject[],
  { type, now, withColumns = true, includeObject }: FormOptions,
): Record<string, unknown> {
  if (!['Metadata', 'Object', 'None', ''].includes(includeObject ?? '')) {
    const why = "must be 'Metadata', 'Object', 'None', or empty";
    throw badRequest(
      `Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(includeObject)}: ${why}`,
    );
  }
  const { resourceVersion, ...pages } = whole.metadata as ObjectList['metadata'];
  const isList = itemsOf(whole) !== undefined;
  return {
    kind: 'Table',
    apiVersion: metaVersion,
    metadata: { ...(resourceVersion === undefined ? {} : { resourceVersion }), ...(isList ? pages : {}) },
    columnDefinitions: withColumns ? type.columns.map(definition) : null,
    rows: objects.map((object) => ({
      cells: type.columns.map(({ cell }) => cell(object, now)),
      ...conditionsOf(object, type),
      object: includeObject === 'None' ? null : includeObject === 'Object' ? withKind(object, type) : partial(object),
    })),
  };
}

function conditionsOf(object: KubeObject, { rowConditions }: ResourceType): { conditions?: object[] } {
  const conditions = rowConditions?.(object);
  return conditions === undefined ? {} : { conditions };
}

function withKind(object: KubeObject, type: ResourceType): KubeObject {
  return { ...object, kind: type.kind, apiVersion: groupVersion(type) };
}

function definition({ name, type = 'string', format = '', description, wide = false }: Column) {
  return { name, type, format, description, priority: wide ? 1 : 0 };
}

function mismatch(as: string, why: string): ApiError {
  return new ApiError(406, 'NotAcceptable', `you requested ${as}, but ${why}`);
}
