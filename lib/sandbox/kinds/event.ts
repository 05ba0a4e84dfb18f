import { type FieldError, invalid } from '../field-error.ts';
import type { KubeObject } from '../object/object.ts';
import {
  always,
  anything,
  integer,
  objectReference,
  objectSchema,
  optional,
  string,
  struct,
  time,
} from '../object/schema.ts';
import { age, nameColumn, textAt } from './columns.ts';
import { notSubdomain } from './names.ts';
import { allVerbs, type ResourceType } from './resource-type.ts';

const nullableTime = (goType = 'v1.Time') => always({ ...time(), goType });

export const events: ResourceType = {
  group: '',
  version: 'v1',
  resource: 'events',
  singular: 'event',
  kind: 'Event',
  namespaced: true,
  verbs: allVerbs,
  shortNames: ['ev'],
  internalType: 'core.Event',
  uncached: true,
  schema: objectSchema('v1.Event', {
    involvedObject: objectReference,
    reason: string(),
    message: string(),
    source: struct('v1.EventSource', { component: string(), host: string() }),
    firstTimestamp: nullableTime(),
    lastTimestamp: nullableTime(),
    count: integer(),
    type: string(),
    eventTime: nullableTime('v1.MicroTime'),
    series: optional(anything()),
    action: string(),
    related: optional(objectReference),
    reportingComponent: always(string()),
    reportingInstance: always(string()),
  }),
  columns: [
    {
      name: 'Last Seen',
      description: 'Time since it happened last',
      cell: (event, now) => since(event, 'lastTimestamp', now),
    },
    { name: 'Type', description: 'Normal or Warning', cell: (event) => textAt(event, 'type') },
    { name: 'Reason', description: 'Why it happened, in a word', cell: (event) => textAt(event, 'reason') },
    { name: 'Object', description: 'What it happened to', cell: objectOf },
    {
      name: 'Subobject',
      description: 'Which part of that',
      wide: true,
      cell: (event) => textAt(event, 'involvedObject', 'fieldPath'),
    },
    {
      name: 'Source',
      description: 'Who reports it',
      wide: true,
      cell: (event) => textAt(event, 'source', 'component'),
    },
    { name: 'Message', description: 'What happened', cell: (event) => textAt(event, 'message').trim() },
    {
      name: 'First Seen',
      description: 'Time since it happened first',
      wide: true,
      cell: (event, now) => since(event, 'firstTimestamp', now),
    },
    { name: 'Count', description: 'How often it happened', wide: true, cell: (event) => event['count'] ?? 1 },
    { ...nameColumn, wide: true },
  ],
  validateName: notSubdomain,
  validate: invalidPlace,
  selectableFields: (event) => ({
    ...Object.fromEntries(
      ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map((field) => [
        `involvedObject.${field}`,
        textAt(event, 'involvedObject', field),
      ]),
    ),
    reason: textAt(event, 'reason'),
    reportingComponent: textAt(event, 'reportingComponent'),
    source: textAt(event, 'source', 'component'),
    type: textAt(event, 'type'),
  }),
};

/** An Event is where its object is, and in `default` where that is nowhere. */
function invalidPlace(event: KubeObject): FieldError[] {
  const namespace = textAt(event, 'involvedObject', 'namespace');
  if (event.metadata.namespace === (namespace || 'default')) return [];
  return [invalid('involvedObject.namespace', namespace, 'does not match event.namespace')];
}

function since(event: KubeObject, field: string, now: number): string {
  return age(textAt(event, field) || textAt(event, 'eventTime') || event.metadata.creationTimestamp, now);
}

function objectOf(event: KubeObject): string {
  const kind = textAt(event, 'involvedObject', 'kind').toLowerCase();
  const name = textAt(event, 'involvedObject', 'name');
  return name === '' ? kind : `${kind}/${name}`;
}
