import { forbiddenField, invalidObject } from '../field-error.ts';
import { groupVersion } from '../kinds/resource-type.ts';
import type { KubeObject } from '../object/object.ts';
import { ApiError, badRequest, expired, tooLargeResourceVersion } from '../status.ts';
import { decodeContinue, encodeContinue } from '../store/continue-token.ts';
import { selectorsOf } from '../store/selectors.ts';
import { keyOf } from '../store/store.ts';
import type { Answer, Call, ObjectList } from './call.ts';

const tooOldContinue =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';

/** `GET` of a collection, whole or page by page. */
export function list(call: Call): Answer {
  const { cluster, namespace, query, type } = call;
  const { store } = cluster;
  const limit = parseNumber(query.get('limit'));
  const matches = selectorsOf(query, type);
  const from = query.get('continue') ?? '';
  const page = from === '' ? undefined : decodeContinue(from);
  const revision = page === undefined ? revisionOf(call) : page.revision === -1 ? store.revision : page.revision;
  // A page's keys are below its own collection
  const prefix = namespace === undefined ? '' : `/${namespace}`;
  const all =
    revision === store.revision
      ? store.list(type.resource, namespace)
      : store.listAt(type.resource, revision, namespace);
  if (all === undefined) {
    if (page === undefined) throw expired('The provided resource version is too old.');
    throw expired(tooOldContinue, { continue: encodeContinue({ revision: -1, start: page.start }) });
  }
  const rest = page === undefined ? all : all.filter((object) => keyOf(object.metadata) >= `${prefix}${page.start}`);
  const wanted = matches === undefined ? rest : rest.filter(matches);
  const shown = limit > 0 ? wanted.slice(0, limit) : wanted;
  const last = shown.at(-1);
  const next =
    last === undefined || shown.length === wanted.length ? undefined : `${keyOf(last.metadata).slice(prefix.length)}\0`;
  const metadata = {
    resourceVersion: String(revision),
    ...(next === undefined ? {} : { continue: encodeContinue({ revision, start: next }) }),
    ...(next === undefined || matches !== undefined ? {} : { remainingItemCount: wanted.length - shown.length }),
  };
  return { code: 200, object: listOf(call, metadata, shown) };
}

function listOf({ type }: Call, metadata: ObjectList['metadata'], items: readonly KubeObject[]): ObjectList {
  return { kind: `${type.kind}List`, apiVersion: groupVersion(type), metadata, items };
}

/**
 * The revision that a list is of: the present one, unless exactly an earlier one is asked for.
 *
 * @throws {ApiError} 422, 500 or 504: parameters that do not go together, no revision, or one that is yet to come.
 */
function revisionOf({ cluster, query }: Call): number {
  const asked = query.get('resourceVersion') ?? '';
  const match = query.get('resourceVersionMatch') ?? '';
  const errors = [];
  if (match !== '' && asked === '') {
    errors.push(
      forbiddenField('resourceVersionMatch', 'resourceVersionMatch is forbidden unless resourceVersion is provided'),
    );
  }
  if (match === 'Exact' && asked === '0') {
    errors.push(
      forbiddenField('resourceVersionMatch', 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'),
    );
  }
  if (query.has('sendInitialEvents')) {
    errors.push(forbiddenField('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
  }
  if (errors.length > 0) throw invalidObject({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', errors);
  const revision = parseRevision(asked);
  if (revision > cluster.store.revision) throw tooLargeResourceVersion(asked, cluster.store.revision);
  return match === 'Exact' ? revision : cluster.store.revision;
}

/** @throws {ApiError} 500: the API server calls it invalid, and says so without a reason. */
export function parseRevision(text: string): number {
  if (text === '') return 0;
  if (/^\d+$/u.test(text)) return Number(text);
  const why = `strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;
  throw new ApiError(500, undefined, `resourceVersion: Invalid value: ${JSON.stringify(text)}: ${why}`);
}

/** @throws {ApiError} 400 */
export function parseNumber(text: string | null): number {
  if (text === null || text === '') return 0;
  if (/^-?\d+$/u.test(text)) return Number(text);
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
}
