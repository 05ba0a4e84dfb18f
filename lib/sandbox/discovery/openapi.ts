import { createHash } from 'node:crypto';
import { storedTypes } from '../kinds/table.ts';
import { described } from './discovery.ts';
import { versionInfo } from './version.ts';

/** A type of the API as OpenAPI v3 describes it, without prose. */
export type OpenApiSchema = Readonly<Record<string, unknown>>;
export type OpenApiSchemas = Readonly<Record<string, OpenApiSchema>>;

const nameOf = ({ group, version }: { readonly group: string; readonly version: string }) =>
  group === '' ? `api/${version}` : `apis/${group}/${version}`;
const info = { title: 'Kubernetes', version: `${versionInfo.major}.${versionInfo.minor}` };

/** One for each group and version: `api/v1`, `apis/rbac.authorization.k8s.io/v1`. */
export const documentNames: readonly string[] = [...new Set(described.map(nameOf))];

/**
 * Of a server's schemas those of the kinds that a document is about, their lists, and what they are made of. Prose is
 * left out: it is kubernetes' own, and ten times as long.
 */
export function schemasFor(name: string, all: OpenApiSchemas): OpenApiSchemas {
  const kinds = new Set(described.filter((type) => nameOf(type) === name).map(({ kind }) => kind));
  const isAsked = ({ 'x-kubernetes-group-version-kind': ids }: OpenApiSchema) =>
    ((ids ?? []) as { group: string; version: string; kind: string }[]).some(
      (id) => nameOf(id) === name && kinds.has(id.kind.replace(/List$/u, '')),
    );
  const waiting = Object.keys(all).filter((id) => isAsked(all[id] ?? {}));
  const found = new Map<string, OpenApiSchema>();
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const schema = withoutProse(all[id]) as OpenApiSchema;
    found.set(id, schema);
    const names = [...JSON.stringify(schema).matchAll(/"#\/components\/schemas\/([^"]+)"/gu)];
    waiting.push(...names.flatMap(([, other = '']) => (found.has(other) ? [] : [other])));
  }
  return Object.fromEntries([...found].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** All of a group and version that kubectl asks: its types, and that a PATCH takes `fieldValidation`. */
export async function openApiDocument(name: string) {
  if (!documentNames.includes(name)) return undefined;
  return { openapi: '3.0.0', info, paths: pathsOf(name), components: { schemas: schemasFor(name, await schemas()) } };
}

/** Where the documents are. What they hold is part of their address, so that clients may keep them. */
export async function openApiPaths() {
  const entries = documentNames.map(async (name) => {
    const hash = hashOf(await openApiDocument(name));
    return [name, { serverRelativeURL: `/openapi/v3/${name}?hash=${hash}` }] as const;
  });
  return { paths: Object.fromEntries(await Promise.all(entries)) };
}

export interface SwaggerDocument {
  readonly swagger: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: object;
  readonly definitions: OpenApiSchemas;
}

/** The types in version 2, for older clients. */
export async function swaggerDocument(): Promise<SwaggerDocument> {
  return { swagger: '2.0', info, paths: {}, definitions: eachInVersion2(await schemas()) };
}

export function hashOf(document: unknown): string {
  return createHash('sha512').update(JSON.stringify(document)).digest('hex').toUpperCase();
}

/** Read only when somebody asks: it is longer than all else that the sandbox needs to begin. */
async function schemas(): Promise<OpenApiSchemas> {
  return (await import('./openapi-schemas.json', { with: { type: 'json' } })).default;
}

function pathsOf(document: string): Record<string, object> {
  const entries = storedTypes
    .filter((type) => nameOf(type) === document)
    .map(({ group, kind, namespaced, resource, version }) => {
      const path = `/${document}/${namespaced ? 'namespaces/{namespace}/' : ''}${resource}/{name}`;
      const parameters = ['dryRun', 'fieldManager', 'fieldValidation', 'force'].map((one) => ({
        name: one,
        in: 'query',
        schema: { type: one === 'force' ? 'boolean' : 'string', uniqueItems: true },
      }));
      const operation = {
        parameters,
        'x-kubernetes-action': 'patch',
        'x-kubernetes-group-version-kind': { group, kind, version },
      };
      return [path, { patch: { ...operation, responses: {} } }];
    });
  return Object.fromEntries(entries) as Record<string, object>;
}

/** A description is prose where it is text; a field may be called so, too. */
function withoutProse(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutProse);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key, item]) => key !== 'description' || typeof item !== 'string');
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutProse(item)]));
}

/** Version 2 has no defaults beside a reference, and one type where version 3 has a choice. */
function inVersion2({ allOf, default: _, oneOf, ...rest }: OpenApiSchema): OpenApiSchema {
  const [only] = (allOf ?? []) as OpenApiSchema[];
  if (only !== undefined) return inVersion2(only);
  const shown = Object.entries(oneOf === undefined ? rest : { ...rest, type: 'string' });
  return Object.fromEntries(
    shown.map(([key, item]) => {
      if (key === '$ref') return [key, String(item).replace('#/components/schemas/', '#/definitions/')];
      if (key === 'properties') return [key, eachInVersion2(item as OpenApiSchemas)];
      if (key === 'items' || key === 'additionalProperties') return [key, inVersion2(item as OpenApiSchema)];
      return [key, item];
    }),
  );
}

function eachInVersion2(all: OpenApiSchemas): OpenApiSchemas {
  return Object.fromEntries(Object.entries(all).map(([id, schema]) => [id, inVersion2(schema)]));
}
