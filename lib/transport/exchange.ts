import type { IncomingMessage } from 'node:http';
import type { ConnectionPool } from './agent.ts';
import type { ServerUrl } from './server-url.ts';
import { TransportError } from './transport-error.ts';

export interface RawRequest {
  readonly method: string;
  /** From `/`, with its query; the server's own path is put before it. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Uint8Array | undefined;
  /** It may be sent a second time, if an idle connection turns out to be closed. */
  readonly replayable: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface RawResponse {
  readonly status: number;
  /** Names in lower case; several values joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
  /** Can be read once. @throws {TransportError} It broke off. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Closes the connection, for a body that is not wanted. */
  discard(): void;
}

/**
 * Sends one request and gives its answer as soon as the head is there. Redirects are answers like any other.
 *
 * @throws {TransportError} No answer. What was aborted by `signal` throws that signal's reason.
 */
export function exchange(server: ServerUrl, pool: ConnectionPool, request: RawRequest): Promise<RawResponse> {
  const { body, headers, method, path, signal } = request;
  const { authority, host, port, prefix } = server;
  return new Promise((resolve, reject) => {
    const options = {
      agent: pool.agent,
      host,
      port,
      method,
      path: `${pool.forwarding === undefined ? '' : `http://${authority}`}${prefix}${path}`,
      headers: {
        host: authority,
        ...pool.forwarding?.headers,
        ...headers,
        ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
      },
      ...(signal === undefined ? {} : { signal }),
    };
    const client = pool.request(options, (message) => resolve(rawResponse(message, signal)));
    let connected = false;
    client.once('socket', () => (connected = true));
    client.on('error', (error) => {
      if (signal?.aborted === true) return reject(signal.reason);
      const stage = connected ? 'request' : 'connect';
      reject(new TransportError(error, { stage, reused: client.reusedSocket }));
    });
    client.end(body);
  });
}

function rawResponse(message: IncomingMessage, signal: AbortSignal | undefined): RawResponse {
  message.on('error', () => undefined); // it reaches whoever reads the body
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return {
    status: message.statusCode ?? 0,
    headers,
    body: readBody(message, signal),
    discard: () => message.destroy(),
  };
}

async function* readBody(message: IncomingMessage, signal: AbortSignal | undefined): AsyncIterable<Uint8Array> {
  try {
    for await (const chunk of message) yield chunk as Uint8Array;
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason;
    throw new TransportError(error as Error, { stage: 'body' });
  }
}
