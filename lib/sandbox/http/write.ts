import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { renderYaml } from '../../system/yaml.ts';
import { warningHeaders } from './warnings.ts';

/** How an answer is written. */
export interface WriteOptions {
  readonly code: number;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly warnings?: readonly string[];
}

/** Headers that every answer of an API server has. */
function commonHeaders(warnings: readonly string[] = [], code = 200): Record<string, string | string[]> {
  const said = warningHeaders(warnings);
  return {
    'Audit-Id': randomUUID(),
    'Cache-Control': 'no-cache, private',
    ...(said.length === 0 ? {} : { Warning: said }),
    // Which flow schema and priority level took the request: the sandbox has one of each, and a 401 comes before them
    ...(code === 401
      ? {}
      : { 'X-Kubernetes-Pf-Flowschema-Uid': flowUid, 'X-Kubernetes-Pf-Prioritylevel-Uid': flowUid }),
  };
}

const flowUid = '00000000-0000-4000-8000-000000000000';

export function writeText(
  response: ServerResponse,
  text: string | Buffer,
  { code, headers, warnings }: WriteOptions,
): void {
  const body = Buffer.from(text);
  response.writeHead(code, { ...commonHeaders(warnings, code), 'Content-Length': body.length, ...headers });
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
export function beginStream(response: ServerResponse, { code, headers, warnings }: WriteOptions): void {
  response.writeHead(code, { ...commonHeaders(warnings), ...headers });
  response.flushHeaders();
}

/** YAML of Kubernetes has its keys in the order of the alphabet. */
function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sortedKeys(item)]));
}
