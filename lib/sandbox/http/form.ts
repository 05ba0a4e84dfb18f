import { goQuote } from '../go-quote.ts';
import { groupVersion, type Column, type ResourceType } from '../kinds/resource-type.ts';
import type { KubeObject } from '../object/object.ts';
import { ApiError, badRequest, type Status } from '../status.ts';
import type { ObjectList } from '../verbs/call.ts';
import type { Format } from './negotiate.ts';

export interface FormOptions {
  readonly type: ResourceType;
  readonly now: number;
  /** Whether the client wants the columns' definitions: in a watch only the first Table has them. */
  readonly withColumns?: boolean;
  /** What of an object a row of a Table has (`Metadata`). */
  readonly includeObject: string;
}

/** An object or list as it is written: whole, metadata alone, or a Table. */
export function inForm(
  object: KubeObject | ObjectList | Status,
  { as, version = 'v1' }: Format,
  options: FormOptions,
): Record<string, unknown> {
  if (object.kind === 'Status' && object.apiVersion === 'v1') return { ...object };
  const items = itemsOf(object as KubeObject | ObjectList);
  const apiVersion = `meta.k8s.io/${version}`;
  const partial = ({ metadata }: KubeObject) => ({ kind: 'PartialObjectMetadata', apiVersion, metadata });
  switch (as) {
    case 'Table':
      return {
        kind: as,
        apiVersion,
        ...table(object as KubeObject | ObjectList, items ?? [object as KubeObject], { ...options, partial }),
      };
    case 'PartialObjectMetadata':
      if (items !== undefined) throw mismatch(as, `the requested object is a list (*${options.type.internalType}List)`);
      return partial(object as KubeObject);
    case 'PartialObjectMetadataList':
      if (items === undefined) throw mismatch(as, `the requested object is not a list (*${options.type.internalType})`);
      return { kind: as, apiVersion, metadata: object.metadata, items: items.map(partial) };
    case undefined:
      return items === undefined ? { ...object } : { ...object, items: items.map(withoutKind) };
  }
}

/** @throws {ApiError} 400: no such thing can be in the rows of a Table. */
export function checkIncludeObject(asked: string, { as }: Format): void {
  if (as !== 'Table' || ['Metadata', 'Object', 'None', ''].includes(asked)) return;
  const why = "must be 'Metadata', 'Object', 'None', or empty";
  throw badRequest(`Unable to convert to Table as requested: includeObject: Invalid value: ${goQuote(asked)}: ${why}`);
}

function itemsOf(object: KubeObject | ObjectList): readonly KubeObject[] | undefined {
  return 'items' in object && Array.isArray(object.items) ? (object.items as readonly KubeObject[]) : undefined;
}

function withoutKind({ kind: _, apiVersion: __, ...rest }: KubeObject): Omit<KubeObject, 'kind' | 'apiVersion'> {
  return rest;
}

function table(
  whole: KubeObject | ObjectList,
  objects: readonly KubeObject[],
  { type, now, withColumns = true, includeObject, partial }: FormOptions & { partial(object: KubeObject): object },
): Record<string, unknown> {
  const { resourceVersion, ...pages } = whole.metadata as ObjectList['metadata'];
  const isList = itemsOf(whole) !== undefined;
  return {
    metadata: { ...(resourceVersion === undefined ? {} : { resourceVersion }), ...(isList ? pages : {}) },
    columnDefinitions: withColumns ? type.columns.map(definition) : null,
    rows: objects.map((object) => ({
      // a bookmark has nothing to show
      cells: type.columns.map((column) => column.cell(object, now) ?? ''),
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
