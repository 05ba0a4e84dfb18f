import { JsonError, parseJson } from '../formats/json.ts';
import { YamlError } from '../formats/yaml-error.ts';
import type { Body } from '../http/body.ts';
import { wrongType } from '../object/decode-error.ts';
import { goQuoted } from '../object/go-text.ts';
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

/** @throws {ApiError} 400: no JSON or YAML, or no object; 415: neither is what it claims to be. */
export async function parseBody(body: Body, { kind, schema }: Asked): Promise<Parsed> {
  const unrecognized = (why: string) =>
    badRequest(`the object provided is unrecognized (must be of type ${kind}): ${why} (${shownBytes(body.bytes)})`);
  try {
    const { oddities, value } = await parsed(body, schema);
    const problem = kindProblem(value);
    if (problem !== undefined) throw unrecognized(problem);
    return { value: (value ?? {}) as Record<string, unknown>, oddities };
  } catch (error) {
    if (error instanceof JsonError) throw unrecognized(`couldn't get version/kind; json parse error: ${error.message}`);
    if (error instanceof YamlError) throw unrecognized(error.message);
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
      return { value, oddities: duplicates.map((path) => `duplicate field ${goQuoted(path)}`) };
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

/** Why the decoder cannot say of which kind a value is. */
export function kindProblem(value: unknown): string | undefined {
  const unreadable = (why: string) => `couldn't get version/kind; json parse error: ${why}`;
  if (value === null) return undefined;
  if (!isRecord(value)) return unreadable(wrongType(value, typeMeta));
  for (const field of ['apiVersion', 'kind']) {
    const given = value[field] ?? '';
    if (typeof given !== 'string') return unreadable(wrongType(given, 'string', `.${field}`));
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
