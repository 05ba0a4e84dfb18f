import { ServerError } from '../model/errors.ts';
import { senseless } from './answer.ts';
import { callContext } from './attempt.ts';
import type { ApiRequest, Connection } from './connection.ts';
import type { Wire } from './wire.ts';

/** One page of a list, as it came. */
export interface Page<T = unknown> {
  readonly kind?: string;
  readonly apiVersion?: string;
  readonly metadata?: {
    readonly resourceVersion?: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
  readonly items: readonly Wire<T>[];
}

export interface PagesRequest {
  /** Of the collection; may carry a query. */
  readonly path: string;
  readonly query?: ApiRequest['query'];
  readonly headers?: ApiRequest['headers'];
  readonly accept?: string | undefined;
  readonly onRefusal?: ApiRequest['onRefusal'];
  readonly doing: string;
  readonly signal?: AbortSignal | undefined;
}

/** Items asked for at once, as kubectl's --chunk-size. */
const defaultLimit = 500;

/**
 * Reads a list page by page, so that no more than one is in memory.
 *
 * @throws {ServerError} Reason `Expired`: the server no longer has the state that the list began with. What has been
 *   read then is not all, and is no state that ever was.
 */
export async function* pages<T = unknown>(
  connection: Connection,
  request: PagesRequest,
): AsyncGenerator<Page<T>, void, void> {
  const { doing, query } = request;
  const limit = /[?&]limit=/u.test(request.path) ? {} : { limit: defaultLimit };
  let token: string | undefined;
  do {
    const answer = await nextPage(connection, { ...request, query: { ...limit, ...query, continue: token } }, token);
    const page = answer.json<Partial<Page<T>> | null>();
    const context = callContext(connection, doing);
    if (!Array.isArray(page?.items))
      throw senseless(`${answer.status} with what is no list`, 'UnexpectedKind', answer.status, context);
    yield page as Page<T>;
    const next = page.metadata?.continue ?? '';
    if (next !== '' && next === token)
      throw senseless('the same page again and again', 'EndlessList', answer.status, context);
    token = next === '' ? undefined : next;
  } while (token !== undefined);
}

async function nextPage(connection: Connection, request: PagesRequest, token: string | undefined) {
  try {
    return await connection.send({ ...request, method: 'GET' });
  } catch (error) {
    if (token === undefined || !(error instanceof ServerError && error.reason === 'Expired')) throw error;
    throw new ServerError(
      `Cannot ${request.doing} to its end: it took so long that the server has forgotten the state it began with`,
      {
        reason: 'Expired',
        status: 410,
        hint: 'Begin again; larger pages need fewer calls',
      },
    );
  }
}
