import { type ConnectionPool, createPool } from './agent.ts';
import { exchange, type RawRequest, type RawResponse } from './exchange.ts';
import type { TrustedProxy } from './proxy.ts';
import { parseServerUrl } from './server-url.ts';
import { type ClientCertificate, tlsOptions } from './tls.ts';
import { TransportError } from './transport-error.ts';
import type { Trust } from './trust.ts';

/** Requests to one server, over connections that are kept. Knows neither who asks nor what an API is. */
export interface Transport {
  exchange(request: RawRequest): Promise<RawResponse>;
  /** Opens a connection for an exchange that is to come. */
  prepare(): void;
  /** Lets exchanges that run end; for when another transport takes its place. */
  retire(): void;
  close(): void;
}

export interface TransportOptions {
  /** http or https URL. */
  readonly server: string;
  readonly trust: Trust;
  readonly tlsServerName?: string | undefined;
  readonly clientCertificate?: ClientCertificate | undefined;
  /** If unset, the server is reached directly. */
  readonly proxy?: TrustedProxy | undefined;
  /** Milliseconds for TCP, proxy and TLS together. If unset, 10 s. */
  readonly connectTimeoutMs?: number | undefined;
}

export const defaultConnectTimeoutMs = 10_000;

/** Nothing is connected before the first request. */
export async function createTransport(options: TransportOptions): Promise<Transport> {
  const server = parseServerUrl(options.server);
  const { proxy } = options;
  const pool = await createPool({
    tls: server.tls ? tlsOptions({ ...options, host: server.host }) : undefined,
    connectTimeoutMs: options.connectTimeoutMs ?? defaultConnectTimeoutMs,
    route: proxy && { ...(server.tls ? options : {}), proxy },
    target: server,
  });
  return {
    async exchange(request) {
      try {
        return await exchange(server, pool, request);
      } catch (error) {
        if (!request.replayable || !isStale(error)) throw error;
        return await exchangeAfresh(pool, () => exchange(server, pool, request));
      }
    },
    prepare: () => pool.prepare(),
    retire: () => pool.retire(),
    close: () => pool.close(),
  };
}

/** The server had closed an idle connection, and we wrote on it before we knew. */
function isStale(error: unknown): boolean {
  return error instanceof TransportError && error.reused && ['ECONNRESET', 'EPIPE'].includes(error.code);
}

/** One idle connection was closed by the server: the others are as old, and are not tried. */
function exchangeAfresh(pool: ConnectionPool, send: () => Promise<RawResponse>): Promise<RawResponse> {
  pool.closeIdle();
  return send();
}
