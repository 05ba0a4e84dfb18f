import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { renderYaml } from '../../system/yaml.ts';
import { warningHeaders } from './warnings.ts';

/** How an answer is written. */
export interface WriteOptions {
  readonly code: number;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly warnings?: readonly string[];
  /** It is refused before it is known whose it is, and so before a flow schema and a priority level take it. */
  readonly early?: boolean;
}

/** Headers that every answer of an API server has. */
function commonHeaders({ code, early = code === 401, warnings = [] }: WriteOptions): Record<string, string | string[]> {
  const said = warningHeaders(warnings);
  return {
    'Audit-Id': randomUUID(),
    'Cache-Control': 'no-cache, private',
    ...(said.length === 0 ? {} : { Warning: said }),
    // of flow schemas and priority levels it has one each
    ...(early ? {} : { 'X-Kubernetes-Pf-Flowschema-Uid': flowUid, 'X-Kubernetes-Pf-Prioritylevel-Uid': flowUid }),
  };
}

const flowUid = '00000000-0000-4000-8000-000000000000';

export function writeText(response: ServerResponse, text: string | Buffer, options: WriteOptions): void {
  const body = Buffer.from(text);
  const { code, headers } = options;
  response.writeHead(code, { ...commonHeaders(options), 'Content-Length': body.length, ...headers });
  response.end(body);
}

/** For a path that leads nowhere. */
export function writePageNotFound(response: ServerResponse, warnings: readonly string[]): void {
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' };
  writeText(response, '404 page not found\n', { code: 404, headers, warnings });
}

/** JSON as Go writes it. */
export function json(value: unknown, { pretty = false } = {}): string {
  const text = JSON.stringify(value, null, pretty ? 2 : 0);
  return text.replaceAll(
    /[<>&\u2028\u2029]/gu,
    (character) => String.raw`\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

export async function writeObject(
  response: ServerResponse,
  value: unknown,
  { type, pretty, ...options }: WriteOptions & { readonly type: 'json' | 'yaml'; readonly pretty: boolean },
): Promise<void> {
  const text = type === 'yaml' ? await renderYaml(sortedKeys(value)) : json(value, { pretty });
  const end = pretty || type === 'yaml' ? '' : '\n';
  writeText(response, `${text}${end}`, {
    ...options,
    headers: { 'Content-Type': `application/${type}`, ...options.headers },
  });
}

/** Begins a stream whose headers the client sees at once. */
export function beginStream(response: ServerResponse, options: WriteOptions): void {
  response.writeHead(options.code, { ...commonHeaders(options), ...options.headers });
  response.flushHeaders();
}

/** YAML of Kubernetes has its keys in the order of the alphabet. */
function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sortedKeys(item)]));
}
