import { JsonError, parseJson } from '../formats/json.ts';
import { YamlError } from '../formats/yaml-error.ts';
import type { Body } from '../http/body.ts';
import { wrongType } from '../object/decode-error.ts';

import { goQuote } from '../go-quote.ts';
import { isRecord } from '../object/object.ts';
import type { Struct } from '../object/schema.ts';
import { decodeProtobuf } from '../protobuf/decode.ts';
import { ApiError, badRequest } from '../status.ts';

interface Asked {
  readonly kind: string;
  readonly schema: Struct;
}

interface Parsed {
  readonly value: Record<string, unknown>;
  /** Fields that come twice. */
  readonly oddities: readonly string[];
}

/** A body that says no object; why, in the words of Go's readers. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/** @throws {ApiError} 400: no JSON or YAML, or no object; 415: neither is what it claims to be. */
export async function parseBody(body: Body, { kind, schema }: Asked): Promise<Parsed> {
  try {
    return await readBody(body, schema);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const what = `the object provided is unrecognized (must be of type ${kind})`;
    throw badRequest(`${what}: ${error.message} (${shownBytes(body.bytes)})`);
  }
}

/**
 * The same, where nothing is said of what it should have been.
 *
 * @throws {Unreadable} No JSON or YAML, or no object. {ApiError} 415.
 */
export async function readBody(body: Body, schema: Struct): Promise<Parsed> {
  try {
    const { oddities, value } = await parsed(body, schema);
    const problem = kindProblem(value);
    if (problem !== undefined) throw new Unreadable(problem);
    return { value: (value ?? {}) as Record<string, unknown>, oddities };
  } catch (error) {
    if (error instanceof JsonError) throw new Unreadable(unreadableKind(error.message));
    if (error instanceof YamlError) throw new Unreadable(error.message);
    throw error;
  }
}

async function parsed(
  { bytes, contentType, text }: Body,
  schema: Struct,
): Promise<{ readonly value: unknown; readonly oddities: readonly string[] }> {
  switch (contentType) {
    case '':
    case 'application/json': {
      const { duplicates, value } = parseJson(text, { mergesTwins: true });
      return { value, oddities: duplicates.map((path) => `duplicate field ${goQuote(path)}`) };
    }
    case 'application/vnd.kubernetes.protobuf':
      return { value: decodeProtobuf(bytes, schema), oddities: [] };
    case 'application/yaml': {
      const { parseYaml } = await import('../formats/yaml.ts');
      return parseYaml(bytes);
    }
    default:
      throw new ApiError(
        415,
        'UnsupportedMediaType',
        'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
      );
  }
}

const typeMeta = String.raw`struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }`;

function unreadableKind(why: string): string {
  return `couldn't get version/kind; json parse error: ${why}`;
}

/** Why the decoder cannot say of which kind a value is. */
export function kindProblem(value: unknown): string | undefined {
  if (value === null) return undefined;
  if (!isRecord(value)) return unreadableKind(wrongType(value, typeMeta));
  for (const field of ['apiVersion', 'kind']) {
    const given = value[field] ?? '';
    if (typeof given !== 'string') return unreadableKind(wrongType(given, 'string', `.${field}`));
  }
  const { apiVersion } = value as { readonly apiVersion?: string | null };
  const isVersion = (apiVersion ?? '').split('/').length <= 2;
  return isVersion ? undefined : `unexpected GroupVersion string: ${apiVersion}`;
}

const maxShown = 30;

/** The beginning of what could not be read: as text where it may be JSON. */
function shownBytes(bytes: Buffer): string {
  if (bytes.length === 0) return '<empty>';
  const shown = bytes.subarray(0, maxShown).toString(bytes[0] === 0x7b ? 'utf8' : 'hex');
  return bytes.length > maxShown ? `${shown} ...` : shown;
}
