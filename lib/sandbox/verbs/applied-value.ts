import { YamlError } from '../formats/yaml-error.ts';
import { groupVersion } from '../kinds/resource-type.ts';
import { decode } from '../object/decode.ts';
import { DecodeError, wrongType } from '../object/decode-error.ts';
import { isRecord, type KubeObject } from '../object/object.ts';
import { typedProblems } from '../object/typed-problems.ts';
import { ApiError, badRequest, internal } from '../status.ts';
import type { Call } from './call.ts';
import { unmarshalErrors } from './decode-body.ts';

/** What is to be applied: what was sent, and what is said of keys that came twice. */
export interface Applied {
  readonly value: Readonly<Record<string, unknown>>;
  readonly oddities: readonly string[];
}

/**
 * Reads what is to be applied (kubernetes: apiserver, handlers/patch.go, applyPatcher; apimachinery, managedfields).
 *
 * @throws {ApiError} 400: no YAML, no object, or one of another kind; 500: fields that the type does not have.
 */
export async function appliedValue(call: Call): Promise<Applied> {
  const { oddities, value } = await parsed(call);
  const { type } = call;
  const { apiVersion, kind, metadata } = value;
  if (apiVersion !== groupVersion(type) || kind !== type.kind) {
    throw badRequest(`invalid object type: ${shownKind(apiVersion, kind)}`);
  }
  if (isRecord(metadata) && (metadata['managedFields'] ?? null) !== null) {
    throw badRequest('metadata.managedFields must be nil');
  }
  const problems = typedProblems(value, type.schema);
  if (problems.length > 0) {
    const list = problems.length === 1 ? problems[0] : ['errors:', ...problems].join('\n  ');
    throw internal(`failed to create typed patch object (${placeOf(value)}; ${kindOf(call)}): ${list}`);
  }
  return { value, oddities };
}

async function parsed({ body }: Call): Promise<Applied> {
  const { parseYaml } = await import('../formats/yaml.ts');
  try {
    const { oddities, value } = await parseYaml(body.bytes);
    const object = value ?? {};
    if (isRecord(object)) return { value: object, oddities };
    const why = wrongType(object, 'map[string]interface {}');
    throw badRequest(`error decoding patch: error unmarshaling JSON: while decoding JSON: ${why}`);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    // what looks like JSON is read one step later
    const step = /^\s*\{/u.test(body.text) ? 'decoding patch: error converting YAML to JSON' : 'encoding patch';
    throw badRequest(`error ${step}: ${error.message}`);
  }
}

/** The object that comes of it. @throws {ApiError} 500: values that its fields do not take. */
export function appliedObject(call: Call, value: Readonly<Record<string, unknown>>): KubeObject {
  try {
    return decode(value, call.type.schema, () => undefined);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const what = `failed to convert new object (${placeOf(value)}; ${kindOf(call)}) to proper version`;
    throw internal(`${what}: unable to convert unstructured object to ${kindOf(call)}: ${error.ofConverter}`);
  }
}

/** Says what was odd, or refuses it, once all else is well. @throws {ApiError} 400 */
export function reportOddities({ query, warn }: Call, oddities: readonly string[]): void {
  const validation = query.get('fieldValidation') ?? 'Warn';
  if (validation === 'Ignore') return;
  const [all] = unmarshalErrors(oddities);
  if (validation === 'Strict' && all !== undefined) {
    throw badRequest(`error strict decoding patch: error converting YAML to JSON: ${all}`);
  }
  for (const text of oddities) warn(text);
}

/** @throws {ApiError} 409: an object is meant that was, and there is none. */
export function requireNoUid({ name, type }: Call, { metadata }: KubeObject): void {
  if (metadata.uid === undefined) return;
  const why = `uid mismatch: the provided object specified uid ${metadata.uid}, and no existing object was found`;
  const resource = type.group === '' ? type.resource : `${type.resource}.${type.group}`;
  throw new ApiError(409, 'Conflict', `Operation cannot be fulfilled on ${resource} "${name}": ${why}`, {
    name,
    ...(type.group === '' ? {} : { group: type.group }),
    kind: type.resource,
  });
}

function shownKind(apiVersion: unknown, kind: unknown): string {
  const version = typeof apiVersion === 'string' ? apiVersion : '';
  const parts = version.split('/');
  if (parts.length > 2) return '/, Kind=';
  return `${parts.length === 2 ? version : `/${version}`}, Kind=${typeof kind === 'string' ? kind : ''}`;
}

function kindOf({ type }: Call): string {
  return `${type.group}/${type.version}, Kind=${type.kind}`;
}

function placeOf({ metadata }: Readonly<Record<string, unknown>>): string {
  const { name, namespace } = isRecord(metadata) ? metadata : {};
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return `${text(namespace)}/${text(name)}`;
}
