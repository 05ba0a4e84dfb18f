import { parseJson } from '../formats/json.ts';
import { jsonPatch, PatchError } from '../patch/json-patch.ts';
import { readOperations } from '../patch/json-patch-operations.ts';
import { mergePatch } from '../patch/merge-patch.ts';
import { strategicPatch } from '../patch/strategic-patch.ts';
import { check } from '../object/decode.ts';
import { DecodeError, wrongType } from '../object/decode-error.ts';
import { goText } from '../object/go-text.ts';
import { goQuote } from '../go-quote.ts';
import { isRecord, type KubeObject, type ObjectMeta } from '../object/object.ts';
import { string, type Struct } from '../object/schema.ts';
import { groupVersion } from '../kinds/resource-type.ts';
import { forbiddenField, invalid, invalidObject } from '../field-error.ts';
import { ApiError, badRequest } from '../status.ts';
import { type Answer, type Call, existing } from './call.ts';
import { isDryRun } from './options.ts';
import { decodeValue, type Wanted } from './decode-body.ts';
import { kindProblem } from './parse-body.ts';
import { withEachOwnerOnce } from './owner-references.ts';
import { checkName, checkNamespace, replace } from './update.ts';

/** `PATCH`: changes an object by one of four kinds of patch. */
export async function patch(call: Call): Promise<Answer> {
  const { body, query } = call;
  if (!mediaTypes.has(body.contentType)) {
    throw new ApiError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
  }
  const dryRun = isDryRun(query, 'PatchOptions');
  if (body.contentType === 'application/apply-patch+yaml') {
    const { apply } = await import('./apply.ts');
    return apply(call, dryRun);
  }
  if (query.has('force')) {
    const errors = [forbiddenField('force', 'may not be specified for non-apply patch')];
    throw invalidObject({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', errors);
  }
  if (!isJson(body.text)) throw badRequest('invalid JSON patch');
  const patched = decodePatched(call, changed(call, existing(call)));
  checkNamespace(call, patched.metadata.namespace);
  checkName(call, patched.metadata.name);
  const object = withEachOwnerOnce(patched, call.warn, ' after mutating admission happens');
  return { code: 200, object: replace(call, object, dryRun) };
}

const strategic = 'application/strategic-merge-patch+json';
const mediaTypes = new Set([
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  strategic,
]);

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** What a patch makes of an object, and what is odd about the patch. */
interface Changed {
  readonly value: unknown;
  readonly complaints: readonly string[];
}

/** @throws {ApiError} 400: no patch of this kind; 422: one that cannot be carried out. */
function changed({ body, query, type }: Call, old: KubeObject): Changed {
  const { contentType, text } = body;
  const isLenient = query.get('fieldValidation') === 'Ignore';
  if (contentType === 'application/json-patch+json') {
    const { complaints, operations } = readOperations(text, isLenient);
    return { value: carriedOut(() => jsonPatch(old, operations)), complaints };
  }
  const { duplicates, value: change } = parseJson(text);
  const complaints = isLenient ? [] : duplicates.map((path) => `duplicate field ${goQuote(path)}`);
  if (contentType === strategic) {
    if (!isRecord(change ?? {})) throw badRequest(wrongType(change, goMap));
    return { value: strategicPatch(old, (change ?? {}) as Record<string, unknown>, type.schema), complaints };
  }
  if (change === null) throw badRequest('Invalid JSON Patch');
  if (!isRecord(change)) throw badRequest(`error decoding patch: ${wrongType(change, goMap)}`);
  return { value: mergePatch(old, change), complaints };
}

const goMap = 'map[string]interface {}';

function carriedOut(change: () => unknown): unknown {
  try {
    return change();
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    throw new ApiError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
  }
}

/** @throws {ApiError} 422: what comes of it is no object of this type. */
function decodePatched(call: Call, { complaints, value }: Changed): KubeObject {
  const isStrategic = call.body.contentType === strategic;
  const refused = (why: string) => {
    const shown = isStrategic ? goText(JSON.parse(call.body.text)) : JSON.stringify(value);
    return invalidObject({ group: '', kind: '' }, '', [invalid('patch', shown, why)]);
  };
  const problem = isStrategic ? undefined : kindProblem(value);
  if (problem !== undefined || !isRecord(value)) throw refused(problem ?? '');
  try {
    if (!isStrategic) return decodeValue(value, readableAs(call, value), call, { oddities: complaints });
    return decodeValue(ofType(call, value), call.type, call, { oddities: complaints, isConverted: true });
  } catch (error) {
    if (error instanceof DecodeError) throw refused(error.ofConverter);
    const [, why] = error instanceof ApiError ? (/ cannot be handled as a \w+: (.*)$/su.exec(error.message) ?? []) : [];
    throw why === undefined ? error : refused(why);
  }
}

/**
 * The decoder of values knows what it is to make, whatever a strategic merge patch says.
 *
 * @throws {DecodeError} What it says is no text.
 */
function ofType({ type }: Call, value: Record<string, unknown>): Record<string, unknown> {
  for (const field of ['apiVersion', 'kind']) check(value[field], string(), () => undefined);
  return { ...value, apiVersion: groupVersion(type), kind: type.kind };
}

/** Without an apiVersion it is read as what the server keeps inside: none of the fields is called so there. */
function readableAs({ type }: Call, { apiVersion }: Record<string, unknown>): Wanted {
  if ((apiVersion ?? '') !== '') return type;
  const { apiVersion: version, kind } = type.schema.fields;
  const fields = { kind, apiVersion: version } as Struct['fields'];
  const defaults = (object: KubeObject) => ({ ...object, metadata: {} as ObjectMeta });
  return { ...type, schema: { ...type.schema, fields }, defaults };
}
