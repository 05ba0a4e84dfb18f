import type { ResourceType } from '../kinds/resource-type.ts';
import type { KubeObject } from '../object/object.ts';
import { badRequest } from '../status.ts';
import { parseLabelSelector } from './label-selector.ts';

export type Matches = (object: KubeObject) => boolean;

/** What `labelSelector` and `fieldSelector` of a query leave over; undefined where they ask for nothing. */
export function selectorsOf(query: URLSearchParams, type: ResourceType): Matches | undefined {
  const labels = query.get('labelSelector') ?? '';
  const fields = query.get('fieldSelector') ?? '';
  if (labels.trim() === '' && fields === '') return undefined;
  const byLabels = parseLabelSelector(labels);
  const byFields = parseFieldSelector(fields, type);
  return (object) => byLabels(object.metadata.labels ?? {}) && byFields(object);
}

/** @throws {ApiError} 400: a field that this resource cannot be selected by. */
function parseFieldSelector(text: string, type: ResourceType): Matches {
  if (text === '') return () => true;
  const terms = text
    .split(',')
    .filter((term) => term !== '')
    .map(parseTerm);
  for (const { field } of terms) {
    if (supports(type, field)) continue;
    throw badRequest(
      type.selectableFields === undefined
        ? `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`
        : `field label not supported: ${field}`,
    );
  }
  return (object) => {
    const values = fieldsOf(type, object);
    return terms.every(({ field, isEqual, value }) => (values[field] === value) === isEqual);
  };
}

function parseTerm(term: string): { field: string; isEqual: boolean; value: string } {
  const [, field = '', operator = '', value = ''] = /^([^=!]*)(!=|==|=)(.*)$/su.exec(term) ?? [];
  if (operator === '') {
    throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`);
  }
  return { field, isEqual: operator !== '!=', value: value.replaceAll(/\\([\\,=])/gu, '$1') };
}

function supports(type: ResourceType, field: string): boolean {
  const empty = { kind: type.kind, apiVersion: '', metadata: { name: '' } };
  return Object.hasOwn(fieldsOf(type, empty), field);
}

function fieldsOf(type: ResourceType, object: KubeObject): Record<string, string> {
  const { name, namespace = '' } = object.metadata;
  return {
    'metadata.name': name,
    'metadata.namespace': namespace,
    ...type.selectableFields?.(object),
  };
}
