import type { Cluster } from '../cluster.ts';
import { type FieldError, forbiddenField, invalidObject, notSupported } from '../field-error.ts';
import { ApiError, badRequest, tooLargeResourceVersion } from '../status.ts';

/** @throws {ApiError} 422: parameters that do not go together. */
export function checkListOptions(query: URLSearchParams, verb: 'list' | 'watch'): void {
  const revision = query.get('resourceVersion') ?? '';
  const match = query.get('resourceVersionMatch') ?? '';
  const errors: FieldError[] = [];
  const refuse = (field: string, why: string) => errors.push(forbiddenField(field, why));
  const initial = query.has('sendInitialEvents');
  if (initial && verb === 'list') refuse('sendInitialEvents', 'sendInitialEvents is forbidden for list');
  if (initial && verb === 'watch' && match !== 'NotOlderThan') {
    refuse('resourceVersionMatch', 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
    if (match !== '') errors.push(notSupported('resourceVersionMatch', match, ['NotOlderThan']));
  }
  if (match !== '' && verb === 'watch' && !initial) {
    refuse('resourceVersionMatch', 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided');
  }
  if (match !== '' && verb === 'list') {
    if (revision === '')
      refuse('resourceVersionMatch', 'resourceVersionMatch is forbidden unless resourceVersion is provided');
    if (match !== 'Exact' && match !== 'NotOlderThan') {
      errors.push(notSupported('resourceVersionMatch', match, ['Exact', 'NotOlderThan', '']));
    }
    if (match === 'Exact' && revision === '0') {
      refuse('resourceVersionMatch', 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
    }
  }
  if (errors.length > 0) throw invalidObject({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', errors);
}

/** @throws {ApiError} 504: a revision that is yet to come. */
export function requireReached({ store }: Cluster, asked: string): void {
  if (parseRevision(asked) > store.revision) throw tooLargeResourceVersion(asked, store.revision);
}

/** @throws {ApiError} 500: the API server calls it invalid, and says so without a reason. */
export function parseRevision(text: string): number {
  if (text === '') return 0;
  if (/^\d+$/u.test(text)) return Number(text);
  const why = `strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;
  throw new ApiError(500, undefined, `resourceVersion: Invalid value: ${JSON.stringify(text)}: ${why}`);
}

/** @throws {ApiError} 400: a list, other than a watch, is told so. */
export function listRevision(text: string): number {
  try {
    return parseRevision(text);
  } catch (error) {
    throw error instanceof ApiError ? badRequest(`invalid resource version: ${error.message}`) : error;
  }
}

/** @throws {ApiError} 400 */
export function parseNumber(text: string | null): number {
  if (text === null || text === '') return 0;
  if (/^-?\d+$/u.test(text)) return Number(text);
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
}
