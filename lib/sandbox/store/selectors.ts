import { goQuote } from '../go-quote.ts';
import type { ResourceType } from '../kinds/resource-type.ts';
import type { KubeObject } from '../object/object.ts';
import { badRequest } from '../status.ts';
import { type FieldTerm, parseFieldSelector } from './field-selector.ts';
import { parseLabelSelector } from './label-selector.ts';

export type Matches = (object: KubeObject) => boolean;

/** What a query asks for, before it is known of which resource. */
export interface Selectors {
  readonly labels: (labels: Readonly<Record<string, string>>) => boolean;
  readonly fields: readonly FieldTerm[];
  /** Nothing is asked for. */
  readonly isEmpty: boolean;
}

/** @throws {ApiError} 400: `labelSelector` or `fieldSelector` cannot be read. */
export function readSelectors(query: URLSearchParams): Selectors {
  const text = query.get('labelSelector') ?? '';
  const labels = parseLabelSelector(text);
  const fields = parseFieldSelector(query.get('fieldSelector') ?? '');
  return { labels, fields, isEmpty: text.trim() === '' && fields.length === 0 };
}

/** What they leave over; undefined where they ask for nothing. @throws {ApiError} 400: no such field of this resource. */
export function matcherOf({ fields, isEmpty, labels }: Selectors, type: ResourceType): Matches | undefined {
  for (const { field } of fields) requireField(field, type);
  if (isEmpty) return undefined;
  return (object) => {
    if (!labels(object.metadata.labels ?? {})) return false;
    const values = fieldsOf(type, object);
    return fields.every(({ field, isEqual, value }) => (values[field] === value) === isEqual);
  };
}

function requireField(field: string, type: ResourceType): void {
  const empty = { kind: type.kind, apiVersion: '', metadata: { name: '' } };
  if (Object.hasOwn(fieldsOf(type, empty), field)) return;
  throw badRequest(
    type.selectableFields === undefined
      ? `${goQuote(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`
      : `field label not supported: ${field}`,
  );
}

function fieldsOf(type: ResourceType, object: KubeObject): Record<string, string> {
  const { name, namespace = '' } = object.metadata;
  return {
    'metadata.name': name,
    'metadata.namespace': namespace,
    ...type.selectableFields?.(object),
  };
}
