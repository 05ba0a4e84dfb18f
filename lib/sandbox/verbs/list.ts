import { groupVersion } from '../kinds/resource-type.ts';
import type { KubeObject } from '../object/object.ts';
import { expired } from '../status.ts';
import { decodeContinue, encodeContinue } from '../store/continue-token.ts';
import { selectorsOf } from '../store/selectors.ts';
import { keyOf } from '../store/store.ts';
import type { Answer, Call, ObjectList } from './call.ts';
import { checkListOptions, listRevision, parseNumber, requireReached } from './list-options.ts';

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

function listOf({ type }: Call, metadata: ObjectList['metadata'], items: readonly KubeObject[]): ObjectList {
  return { kind: `${type.kind}List`, apiVersion: groupVersion(type), metadata, items };
}

/**
 * The revision that a list is of: the present one, unless exactly an earlier one is asked for.
 *
 * @throws {ApiError} 504: one that is yet to come.
 */
function revisionOf({ cluster, query }: Call): number {
  const asked = query.get('resourceVersion') ?? '';
  checkListOptions(query, 'list');
  const revision = listRevision(asked);
  requireReached(cluster, asked);
  const match = query.get('resourceVersionMatch') ?? '';
  // a limit alone asks for exactly that revision, too: so it was before there was a match to name
  const isExact = match === 'Exact' || (match === '' && revision !== 0 && parseNumber(query.get('limit')) > 0);
  return isExact ? revision : cluster.store.revision;
}
