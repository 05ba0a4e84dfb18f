import { groupVersion } from '../kinds/resource-type.ts';
import { type KubeObject, withMetadata } from '../object/object.ts';
import { badRequest, expired, type Status } from '../status.ts';
import { onlyValue } from '../store/field-selector.ts';
import { type Matches, matcherOf } from '../store/selectors.ts';
import type { Change } from '../store/store.ts';
import type { Call } from './call.ts';
import { type ListOptions, listOptions } from './list-options.ts';
import { parseRevision } from './revision.ts';

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: KubeObject | Status;
}

/** A watch that is to be written: `start` begins it and returns what ends it. */
export interface Watch {
  start(listener: { event(event: WatchEvent): void; end(): void }): () => void;
}

const bookmarkEveryMs = 60_000;
/** Seconds before its end when a watch is told for the last time how far it is. */
const lastBookmarkBefore = 2;
/** Milliseconds after which no timer goes off. */
const longestMs = 2 ** 31 - 1;
/** Seconds after which the API server ends a watch that asked for no time of its own: from this to twice it. */
const minTimeoutSeconds = 1800;

/** `GET` with `watch`: what changes from a revision on, or all there is and then what changes. */
export function watch(call: Call): Watch {
  const { cluster, name, namespace, query, type } = call;
  const { store } = cluster;
  const options = listOptions(query);
  const { bookmarks } = options;
  checkName(name, options);
  const matches = matcherOf(options, type);
  const isOfAnyTime = ['', '0'].includes(options.resourceVersion);
  const initialEvents = options.initialEvents ?? isOfAnyTime;
  const revision = isOfAnyTime ? store.revision : parseRevision(options.resourceVersion);
  const [random = 0] = cluster.random(1);
  const seconds = options.timeoutSeconds || minTimeoutSeconds * (1 + random / 256);
  const isOurs = ({ resource, object }: Change) =>
    resource === type.resource &&
    (namespace === undefined || object.metadata.namespace === namespace) &&
    (name === '' || object.metadata.name === name);
  return {
    start({ event, end }) {
      if (seconds < 0) {
        end();
        return () => undefined;
      }
      const bookmark = (annotations?: Record<string, string>) =>
        event({ type: 'BOOKMARK', object: bookmarkOf(call, annotations) });
      if (initialEvents) {
        for (const object of store.list(type.resource, namespace)) {
          if (name !== '' && object.metadata.name !== name) continue;
          if (matches?.(object) ?? true) event({ type: 'ADDED', object });
        }
        if (bookmarks && options.initialEvents === true) bookmark({ 'k8s.io/initial-events-end': 'true' });
      } else {
        const missed = store.changesAfter(type.resource, revision);
        if (missed === undefined) {
          event({ type: 'ERROR', object: tooOld(call, revision) });
          end();
          return () => undefined;
        }
        for (const change of missed) if (isOurs(change)) tell(change, matches, event);
      }
      const unsubscribe = store.subscribe((change) => {
        if (isOurs(change)) tell(change, matches, event);
      });
      const ticking = bookmarks ? setInterval(bookmark, bookmarkEveryMs) : undefined;
      const ending = after(seconds, end);
      // one that has been told that the initial events are over is seldom told more before a minute has gone
      const isLastToCome =
        bookmarks && seconds > lastBookmarkBefore + (options.initialEvents === true ? bookmarkEveryMs / 1000 : 0);
      const last = isLastToCome ? after(seconds - lastBookmarkBefore, bookmark) : undefined;
      return () => {
        unsubscribe();
        clearInterval(ticking);
        clearTimeout(ending);
        clearTimeout(last);
      };
    },
  };
}

function after(seconds: number, run: () => void): NodeJS.Timeout {
  return setTimeout(run, Math.min(seconds * 1000, longestMs));
}

/** @throws {ApiError} 400: the path names one object, and the selector others. */
function checkName(name: string, { fields }: ListOptions): void {
  if (name === '' || fields.length === 0 || onlyValue(fields, 'metadata.name') === name) return;
  throw badRequest("fieldSelector metadata.name doesn't match requested name");
}

/** What a watcher sees of a change: an object that begins or ceases to match appears or vanishes for it. */
function tell(
  { type, object, previous }: Change,
  matches: Matches | undefined,
  event: (event: WatchEvent) => void,
): void {
  if (matches === undefined) return event({ type, object });
  const before = previous !== undefined && matches(previous);
  const now = type !== 'DELETED' && matches(object);
  if (now) return event({ type: before ? 'MODIFIED' : 'ADDED', object });
  if (!before || previous === undefined) return undefined;
  const { resourceVersion } = object.metadata;
  return event({
    type: 'DELETED',
    object: withMetadata(previous, resourceVersion === undefined ? {} : { resourceVersion }),
  });
}

function tooOld({ cluster, type }: Call, revision: number): Status {
  const cached = `too old resource version: ${revision} (${cluster.store.oldest})`;
  return expired(type.uncached === true ? 'The resourceVersion for the provided watch is too old.' : cached).status;
}

function bookmarkOf({ cluster, type }: Call, annotations?: Record<string, string>): KubeObject {
  const metadata = {
    resourceVersion: String(cluster.store.revision),
    ...(annotations === undefined ? {} : { annotations }),
  };
  return { kind: type.kind, apiVersion: groupVersion(type), metadata: metadata as unknown as KubeObject['metadata'] };
}
