import type { Identity } from '../auth/identity.ts';
import type { ClusterAccess } from '../model/cluster-access.ts';
import type { TrustedProxy } from '../transport/proxy.ts';
import type { Trust } from '../transport/trust.ts';

/** One API server, as one identity, over connections that are kept. `connect()` makes one. */
export interface Connection {
  readonly access: ClusterAccess;
  /** As it is now: the file of a CA may be replaced. */
  readonly trust: Trust;
  /** By which the server is reached; undefined for the direct way. */
  readonly proxy: TrustedProxy | undefined;
  /** Who the calls go out as; without a credential over plain http, whatever was asked for. */
  readonly identity: Identity;
  /**
   * Sends a request and reads its answer to the end.
   *
   * @throws {DeniedError} 401, 403.
   * @throws {NotFoundError} 404.
   * @throws {UnreachableError} No connection, no trust, no answer; 429 or 5xx after the retries.
   * @throws {ServerError} Another status from 300 on, or an answer that makes no sense: HTML, cut off, of another kind.
   */
  send(request: ApiRequest): Promise<ApiResponse>;
  /**
   * Sends a request and gives its answer as soon as the head is there, whatever its status; only 429 and 5xx are
   * retried first.
   *
   * @throws {UnreachableError} No connection, no trust, no answer.
   */
  open(request: ApiRequest): Promise<ApiStream>;
  /** Opens TCP and TLS for a request that is to come. Nothing is sent, and nobody is told if it fails. */
  prepare(): void;
  /** Another connection to the same server, with this identity only. It has to be closed too. */
  withIdentity(identity: Identity, trust?: Trust): Connection;
  /** Ends what is still running. */
  close(): void;
}

export interface ApiRequest {
  readonly method: string;
  /** From `/`, below the server's own path; may carry a query. */
  readonly path: string;
  /** Added to the query of `path`. */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>> | undefined;
  /** Never a credential: that is the identity's. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | Uint8Array | undefined;
  readonly contentType?: string | undefined;
  /** If unset, JSON; `send()` then refuses an answer that is none. */
  readonly accept?: string | undefined;
  /** Kinds that make sense as an answer to `send()`; if unset, any. */
  readonly kinds?: readonly string[] | undefined;
  /** Completes "Cannot …" in errors: `create a Secret in namespace "ci"`. */
  readonly doing: string;
  /**
   * `idempotent`: repeated after 429, 5xx and broken connections. `never`: not repeated. If unset, GET and HEAD are
   * idempotent; others are repeated only where they surely were not executed: 429, and no connection.
   */
  readonly retry?: 'idempotent' | 'never' | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for this request, retries and body included; beside `requestTimeoutMs`, the smaller one counts. */
  readonly timeoutMs?: number | undefined;
  /** Told of an answer from 300 on to `send()`, with its body as it came and the error that it is about to throw. */
  readonly onRefusal?: ((refusal: Refusal) => void) | undefined;
  /** A watch, or a log that is followed: only `signal` ends it. */
  readonly stream?: boolean | undefined;
}

export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly error: Error;
}

export interface ApiResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Texts of the `Warning` headers, escaped. */
  readonly warnings: readonly string[];
  readonly text: string;
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- here what came gets its type
  json<T>(): T;
}

export interface ApiStream {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Texts of the `Warning` headers, escaped. */
  readonly warnings: readonly string[];
  /** Can be read once. @throws {UnreachableError} It broke off. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Closes the connection, for a body that is not read. */
  discard(): void;
}
