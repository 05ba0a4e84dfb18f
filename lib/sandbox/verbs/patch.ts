import { jsonPatch, PatchError } from '../patch/json-patch.ts';
import { mergePatch } from '../patch/merge-patch.ts';
import { strategicPatch } from '../patch/strategic-patch.ts';
import { isRecord, type KubeObject } from '../object/object.ts';
import { forbiddenField, invalid, invalidObject } from '../field-error.ts';
import { ApiError, badRequest } from '../status.ts';
import { type Answer, type Call, existing } from './call.ts';
import { isDryRun } from './options.ts';
import { decodeValue } from './decode-body.ts';
import { checkName, checkNamespace, replace } from './update.ts';

/** `PATCH`: changes an object by one of four kinds of patch. */
export async function patch(call: Call): Promise<Answer> {
  const { body, query } = call;
  const dryRun = isDryRun(query, 'PatchOptions');
  if (body.contentType === 'application/apply-patch+yaml') {
    const { apply } = await import('./apply.ts');
    return apply(call, dryRun);
  }
  if (query.has('force')) {
    const errors = [forbiddenField('force', 'may not be specified for non-apply patch')];
    throw invalidObject({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', errors);
  }
  const change = patchOf(call);
  const old = existing(call);
  const patched = decodePatched(call, patchedValue(change, old));
  checkName(call, patched.metadata.name);
  checkNamespace(call, patched.metadata.namespace);
  return { code: 200, object: replace(call, patched, dryRun) };
}

/** @throws {ApiError} 422: what comes of it is no object of this type. */
function decodePatched(call: Call, value: Record<string, unknown>): KubeObject {
  try {
    return decodeValue(value, call.type, call);
  } catch (error) {
    const [, why] = error instanceof ApiError ? (/ cannot be handled as a \w+: (.*)$/su.exec(error.message) ?? []) : [];
    if (why === undefined) throw error;
    const isStrategic = call.body.contentType === 'application/strategic-merge-patch+json';
    const shown = isStrategic ? goMap(JSON.parse(call.body.text)) : JSON.stringify(inOrder(value));
    throw invalidObject({ group: '', kind: '' }, '', [invalid('patch', shown, isStrategic ? restored(why) : why)]);
  }
}

function inOrder(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** A strategic merge patch is read by another of Go's decoders. */
function restored(why: string): string {
  const [, found = '', wanted] = /^json: cannot unmarshal (\w+) into .* of type (map|\[\])/su.exec(why) ?? [];
  if (wanted === undefined) return why;
  return `cannot restore ${wanted === 'map' ? 'map' : 'slice'} from ${found}`;
}

function noMap(value: unknown): string {
  return notOfType(value, 'map[string]interface {}');
}

/** In the words of Go's decoder. */
function notOfType(value: unknown, goType: string): string {
  const found = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  return `json: cannot unmarshal ${found} into Go value of type ${goType}`;
}

/** As Go prints a map: `map[a:1 b:map[c:x]]`. */
function goMap(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goMap).join(' ')}]`;
  if (!isRecord(value)) return value === null ? '<nil>' : typeof value === 'string' ? value : JSON.stringify(value);
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `map[${entries.map(([key, item]) => `${key}:${goMap(item)}`).join(' ')}]`;
}

/** @throws {ApiError} 415 or 400: another media type, or no JSON. */
function patchOf({ body, type }: Call): (object: KubeObject) => unknown {
  const { contentType, text } = body;
  const value = (): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      throw badRequest('invalid JSON patch');
    }
  };
  switch (contentType) {
    case 'application/json-patch+json': {
      const operations = value();
      if (!Array.isArray(operations))
        throw badRequest(`error decoding patch: ${notOfType(operations, '[]handlers.jsonPatchOp')}`);
      return (object) => jsonPatch(object, operations);
    }
    case 'application/merge-patch+json': {
      const change = value();
      if (!isRecord(change)) throw badRequest(`error decoding patch: ${noMap(change)}`);
      return (object) => mergePatch(object, change);
    }
    case 'application/strategic-merge-patch+json': {
      const change = value();
      if (!isRecord(change)) throw badRequest(noMap(change));
      return (object) => strategicPatch(object, change, type.schema);
    }
    default:
      throw new ApiError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
  }
}

function patchedValue(change: (object: KubeObject) => unknown, old: KubeObject): Record<string, unknown> {
  try {
    const value = change(old);
    if (isRecord(value)) return value;
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
  }
  throw new ApiError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
}
