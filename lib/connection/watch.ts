import { requireSuccess, senseless } from './answer.ts';
import { callContext } from './attempt.ts';
import type { ApiRequest, Connection } from './connection.ts';
import { lines } from './lines.ts';
import { isStatus } from './server-words.ts';
import { statusObjectError } from './status-error.ts';
import type { Wire } from './wire.ts';

export interface WatchEvent<T> {
  /** A BOOKMARK's object has nothing but a resourceVersion. */
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: Wire<T>;
}

export interface WatchRequest {
  /** Of the collection. */
  readonly path: string;
  /** `fieldSelector`, `resourceVersion`, `allowWatchBookmarks`, …; `watch` is added. */
  readonly query?: ApiRequest['query'];
  readonly doing: string;
  readonly signal: AbortSignal;
}

/**
 * Watches a collection, from the first `next()` on. Ends when the server ends it, which it does after half an hour or
 * an hour; no request timeout cuts it, only `signal`, whose reason it then throws.
 *
 * @throws {ServerError} Reason `Expired`: the resourceVersion is too old. Others: what came is no watch.
 * @throws {UnreachableError} It broke off, also in the middle of an event.
 */
export async function* watch<T>(
  connection: Connection,
  request: WatchRequest,
): AsyncGenerator<WatchEvent<T>, void, void> {
  const { doing, path, signal } = request;
  const query = { ...request.query, watch: true };
  const stream = await connection.open({ method: 'GET', path, query, doing, signal, stream: true });
  await requireSuccess(connection, stream, doing);
  const context = callContext(connection, doing);
  for await (const { cutOff, text } of lines(stream.body)) {
    if (text.trim() === '') continue;
    const event = parseEvent(text);
    if (event === undefined) {
      // The text is not shown: it may be a part of a Secret.
      const what = cutOff ? 'events, the last of which is cut off' : 'what are no watch events';
      throw senseless(`${stream.status} with ${what}`, cutOff ? 'TruncatedAnswer' : 'NotJson', stream.status, context);
    }
    if (event.type !== 'ERROR') yield event as WatchEvent<T>;
    else if (isStatus(event.object)) {
      throw statusObjectError(event.object, await connection.identity.headers(), context);
    } else throw senseless('an error event that does not say why', 'WatchError', stream.status, context);
  }
}

/** The watch event that a line holds; undefined for anything else. */
export function parseEvent(line: string): { type: string; object: object } | undefined {
  try {
    const { object, type } = JSON.parse(line) as { type?: unknown; object?: unknown };
    return typeof type === 'string' && typeof object === 'object' && object !== null ? { type, object } : undefined;
  } catch {
    return undefined;
  }
}
