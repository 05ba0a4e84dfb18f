import { storedTypes } from '../kinds/table.ts';
import { groupVersion, type ResourceType } from '../kinds/resource-type.ts';
import { decode } from '../object/decode.ts';
import { DecodeError } from '../object/decode-error.ts';

import { goQuote } from '../go-quote.ts';
import type { KubeObject } from '../object/object.ts';
import type { Struct } from '../object/schema.ts';
import { type ApiError, badRequest } from '../status.ts';
import { isKnownKind } from './known-kinds.ts';
import { parseBody } from './parse-body.ts';
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
  const { oddities, value } = await parseBody(body, wanted);
  const isTogether = body.contentType === 'application/yaml' && validation.query.get('fieldValidation') === 'Strict';
  return decodeValue(value, wanted, validation, { oddities: isTogether ? unmarshalErrors(oddities) : oddities });
}

/** As one error, in which Go's reader of YAML says what was odd. */
export function unmarshalErrors(oddities: readonly string[]): string[] {
  return oddities.length === 0 ? [] : [['yaml: unmarshal errors:', ...oddities].join('\n  ')];
}

interface DecodeOptions {
  /** What was odd already, before the fields were looked at. */
  readonly oddities?: readonly string[];
  /** Not Go's decoder of JSON reads it, but Kubernetes' own of values, which has words and an order of its own. */
  readonly isConverted?: boolean;
}

/** The same for a value that has been read, or patched. */
export function decodeValue(
  value: Record<string, unknown>,
  wanted: Wanted,
  validation: Validation,
  { oddities = [], isConverted = false }: DecodeOptions = {},
): KubeObject {
  const given = value as { readonly apiVersion?: string | null; readonly kind?: string | null };
  const apiVersion = given.apiVersion?.replace(/^\//u, '') || groupVersion(wanted);
  const kind = given.kind || wanted.kind;
  const failed = (why: string) =>
    badRequest(`${kind} in version "${apiVersion.split('/').at(-1)}" cannot be handled as a ${wanted.kind}: ${why}`);
  const unknown: string[] = [];
  const decodeAs = (from: object, schema: Struct) => {
    try {
      return decode(from, schema, (path) => unknown.push(path));
    } catch (error) {
      if (error instanceof DecodeError) throw failed(isConverted ? error.ofConverter : error.message);
      throw error;
    }
  };
  if (!isKnownKind(apiVersion, kind)) {
    throw failed(`no kind "${kind}" is registered for version "${apiVersion}" in scheme "pkg/runtime/scheme.go:111"`);
  }
  if (kind !== wanted.kind || apiVersion !== groupVersion(wanted)) {
    // it is read as what it says that it is, before it is made what is wanted
    const own = storedTypes.find((type) => type.kind === kind && groupVersion(type) === apiVersion);
    if (own !== undefined) decodeAs(value, own.schema);
    throw failed(
      `converting (${apiVersion.split('/').at(-1)}.${kind}) to (${wanted.internalType}): unknown conversion`,
    );
  }
  const object = decodeAs({ ...value, apiVersion, kind }, wanted.schema);
  const fields = isConverted ? unknown.toSorted() : unknown;
  const complaints = fields.map((path) => `unknown field ${isConverted ? `"${path}"` : goQuote(path)}`);
  report([...oddities, ...complaints], validation, failed);
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
