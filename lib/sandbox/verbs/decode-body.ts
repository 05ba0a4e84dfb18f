import { groupVersion, type ResourceType } from '../kinds/resource-type.ts';
import { decode, DecodeError } from '../object/decode.ts';
import { duplicateFields } from '../object/duplicate-fields.ts';
import { isRecord, type KubeObject } from '../object/object.ts';
import { decodeProtobuf } from '../protobuf/decode.ts';
import { parseYaml } from '../../system/yaml.ts';
import { ApiError, badRequest } from '../status.ts';
import { isKnownKind } from './known-kinds.ts';
import type { Body } from '../http/body.ts';

/** What a body is to be. */
export type Wanted = Pick<ResourceType, 'group' | 'version' | 'kind' | 'schema' | 'internalType' | 'defaults'>;

interface Validation {
  readonly query: URLSearchParams;
  readonly warn: (text: string) => void;
}

/**
 * The object in a body: of the kind that the path takes, known fields only, defaults filled in.
 *
 * @throws {ApiError} 400 or 415, in the words of the API server's decoder.
 */
export async function decodeBody(body: Body, wanted: Wanted, validation: Validation): Promise<KubeObject> {
  const value = await parseBody(body, wanted);
  const isJson = body.contentType === '' || body.contentType === 'application/json';
  return decodeValue(value, wanted, validation, isJson ? duplicateFields(body.text) : []);
}

/** The same for a value that has been read, or patched. */
export function decodeValue(
  value: Record<string, unknown>,
  wanted: Wanted,
  validation: Validation,
  duplicates: readonly string[] = [],
): KubeObject {
  const { apiVersion = groupVersion(wanted), kind = wanted.kind } = value as { apiVersion?: string; kind?: string };
  const failed = (why: string) =>
    badRequest(`${kind} in version "${apiVersion.split('/').at(-1)}" cannot be handled as a ${wanted.kind}: ${why}`);
  if (!isKnownKind(apiVersion, kind)) {
    throw failed(`no kind "${kind}" is registered for version "${apiVersion}" in scheme "pkg/runtime/scheme.go:111"`);
  }
  if (kind !== wanted.kind || apiVersion !== groupVersion(wanted)) {
    throw failed(
      `converting (${apiVersion.split('/').at(-1)}.${kind}) to (${wanted.internalType}): unknown conversion`,
    );
  }
  const unknown: string[] = [];
  let object: KubeObject;
  try {
    object = decode({ ...value, apiVersion, kind }, wanted.schema, (path) => unknown.push(path));
  } catch (error) {
    if (error instanceof DecodeError) throw failed(error.message);
    throw error;
  }
  const complaints = [
    ...duplicates.map((path) => `duplicate field "${path}"`),
    ...unknown.toSorted().map((path) => `unknown field "${path}"`),
  ];
  report(complaints, validation, failed);
  return wanted.defaults?.(object) ?? object;
}

function report(texts: readonly string[], { query, warn }: Validation, failed: (why: string) => ApiError): void {
  if (texts.length === 0) return;
  switch (query.get('fieldValidation') ?? 'Warn') {
    case 'Strict':
      throw failed(`strict decoding error: ${texts.join(', ')}`);
    case 'Ignore':
      return;
    default:
      for (const text of texts) warn(text);
  }
}

/** @throws {ApiError} 400: no JSON or YAML, or no object; 415: neither is what it claims to be. */
export async function parseBody(
  { bytes, text, contentType }: Body,
  { kind, schema }: Pick<Wanted, 'kind' | 'schema'>,
): Promise<Record<string, unknown>> {
  const unrecognized = (why: string, shown: string) =>
    badRequest(
      `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; ${why} (${shown})`,
    );
  let value: unknown;
  switch (contentType) {
    case '':
    case 'application/json':
      try {
        value = JSON.parse(text);
      } catch {
        throw unrecognized(`json parse error: ${jsonProblem(text)}`, shownText(text));
      }
      break;
    case 'application/vnd.kubernetes.protobuf':
      value = decodeProtobuf(bytes, schema);
      break;
    case 'application/yaml':
      value = await parseYaml(text);
      break;
    default:
      throw new ApiError(
        415,
        'UnsupportedMediaType',
        'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
      );
  }
  if (isRecord(value)) return value;
  if (value === null) return {};
  const found = Array.isArray(value)
    ? 'array'
    : value === null
      ? 'null'
      : typeof value === 'boolean'
        ? 'bool'
        : typeof value;
  const into = String.raw`struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }`;
  throw unrecognized(
    `json parse error: json: cannot unmarshal ${found} into Go value of type ${into}`,
    shownText(text),
  );
}

/** In Go's words where they are plain; the rest differs from JSON reader to JSON reader. */
function jsonProblem(text: string): string {
  if (text.trim() === '') return 'unexpected end of JSON input';
  const [, bad] = /^\s*\{\s*([^"}\s])/u.exec(text) ?? [];
  if (bad !== undefined) return `invalid character '${bad}' looking for beginning of object key string`;
  const [, first] = /^\s*([^[{"\d\-tfn\s])/u.exec(text) ?? [];
  if (first !== undefined) return `invalid character '${first}' looking for beginning of value`;
  return 'unexpected end of JSON input';
}

function shownText(text: string): string {
  if (text === '') return '<empty>';
  return text.startsWith('{') ? text.slice(0, 1024) : Buffer.from(text).toString('hex').slice(0, 2048);
}
