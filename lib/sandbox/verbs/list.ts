import { groupVersion } from '../kinds/resource-type.ts';
import type { KubeObject } from '../object/object.ts';
import { badRequest, expired, internal } from '../status.ts';
import { type ContinueToken, decodeContinue, encodeContinue } from '../store/continue-token.ts';
import { onlyValue } from '../store/field-selector.ts';
import { matcherOf } from '../store/selectors.ts';
import { keyOf } from '../store/store.ts';
import type { Answer, Call, ObjectList } from './call.ts';
import { type ListOptions, listOptions } from './list-options.ts';
import { listRevision, requireReached } from './revision.ts';

const tooOldContinue =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';

/** `GET` of a collection, whole or page by page. */
export function list(call: Call): Answer {
  const { cluster, query, type } = call;
  const { store } = cluster;
  const options = listOptions(query);
  const { name, namespace } = scopeOf(call, options);
  if (namespace === '.' || namespace === '..') throw internal(`invalid key: "/${type.resource}/${namespace}"`);
  const matches = matcherOf(options, type);
  const page = pageOf(options);
  const revision = page === undefined ? revisionOf(call, options) : page.revision < 0 ? store.revision : page.revision;
  // what may be of any time comes from a cache, and that as a whole; and of one object there is nothing to go on with
  const limit = options.resourceVersion === '0' || name !== undefined ? 0 : options.limit;
  // A page's keys are below its own collection
  const prefix = namespace === undefined ? '' : `/${namespace}`;
  const all =
    revision === store.revision
      ? store.list(type.resource, namespace)
      : store.listAt(type.resource, revision, namespace);
  if (all === undefined) {
    if (page === undefined) throw expired('The resourceVersion for the provided list is too old.');
    throw expired(tooOldContinue, { continue: encodeContinue({ revision: -1, start: page.start }) });
  }
  const rest = page === undefined ? all : all.filter((object) => keyOf(object.metadata) >= `${prefix}${page.start}`);
  const wanted = matches === undefined ? rest : rest.filter(matches);
  const shown = limit > 0 ? wanted.slice(0, limit) : wanted;
  const last = shown.at(-1);
  const next =
    last === undefined || shown.length < limit || last === rest.at(-1) || limit <= 0
      ? undefined
      : `${keyOf(last.metadata).slice(prefix.length)}\0`;
  const metadata = {
    resourceVersion: String(revision),
    ...(next === undefined ? {} : { continue: encodeContinue({ revision, start: next }) }),
    ...(next === undefined || matches !== undefined ? {} : { remainingItemCount: wanted.length - shown.length }),
  };
  return { code: 200, object: listOf(call, metadata, shown) };
}

interface Scope {
  readonly namespace: string | undefined;
  readonly name: string | undefined;
}

/** A list that begins looks only where its fields can be (apiserver: generic/registry/store.go, ListPredicate). */
function scopeOf({ namespace, type }: Call, { fields, from }: ListOptions): Scope {
  if (from !== '') return { namespace, name: undefined };
  const within = namespace ?? (type.namespaced ? onlyValue(fields, 'metadata.namespace') : undefined);
  return {
    namespace: within,
    name: within === undefined && type.namespaced ? undefined : onlyValue(fields, 'metadata.name'),
  };
}

function listOf({ type }: Call, metadata: ObjectList['metadata'], items: readonly KubeObject[]): ObjectList {
  return { kind: `${type.kind}List`, apiVersion: groupVersion(type), metadata, items };
}

/** Where a list goes on; undefined at its beginning. @throws {ApiError} 400 */
function pageOf({ from, resourceVersion }: ListOptions): ContinueToken | undefined {
  if (from === '') return undefined;
  const page = decodeContinue(from);
  if (!['', '0'].includes(resourceVersion)) {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
  return page;
}

/**
 * The revision that a list is of: the present one, unless exactly an earlier one is asked for.
 *
 * @throws {ApiError} 504: one that is yet to come.
 */
function revisionOf({ cluster }: Call, { limit, resourceVersion, resourceVersionMatch: match }: ListOptions): number {
  const revision = listRevision(resourceVersion);
  requireReached(cluster, resourceVersion);
  // a limit alone asks for exactly that revision, too: so it was before there was a match to name
  const isExact = match === 'Exact' || (match === '' && revision !== 0 && limit > 0);
  return isExact ? revision : cluster.store.revision;
}
