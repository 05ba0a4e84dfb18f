import type { Agent, request } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { whenReady } from './ready.ts';
import { createSpare } from './spare.ts';
import { connectTimeoutCode } from './transport-error.ts';
import type { ProxyRoute, TunnelTarget } from './tunnel.ts';

/** Connections to one server, kept open between requests. */
export interface ConnectionPool {
  readonly agent: Agent;
  /** Sends over them. */
  readonly request: typeof request;
  /** For a proxy that sends requests on by itself: they name the whole URL, and carry these headers. */
  readonly forwarding: { readonly headers: Readonly<Record<string, string>> } | undefined;
  /** Opens a connection for a request that is to come. */
  prepare(): void;
  /** Closes connections that no request is using. */
  closeIdle(): void;
  /** Lets requests that run end, and keeps no connection after them. */
  retire(): void;
  /** Closes all connections, those that are still being made too. */
  close(): void;
}

/** Idle connections are closed by us before a server or load balancer does it unseen (60 s is common). */
const idleMs = 30_000;
/** Lets the system notice a peer that is gone, under a silent watch too. */
const keepAliveProbeMs = 15_000;

/**
 * @param tls Undefined for plain http.
 * @param connectTimeoutMs For TCP, proxy and TLS together, each time a connection is made.
 */
export async function createPool({
  tls,
  connectTimeoutMs,
  route,
  target,
}: {
  tls: ConnectionOptions | undefined;
  connectTimeoutMs: number;
  /** Undefined for the direct way. */
  route: ProxyRoute | undefined;
  target: TunnelTarget;
}): Promise<ConnectionPool> {
  const options = {
    keepAlive: true,
    timeout: idleMs,
    // Node would give each of several addresses a quarter of a second: too little for a far one.
    autoSelectFamilyAttemptTimeout: 1000,
  };
  // Loading node:http takes Node 22 and later 17 ms (it brings WebSocket along): only where it is needed.
  const http = tls === undefined ? await import('node:http') : undefined;
  const agent = http === undefined ? new HttpsAgent({ ...options, ...tls }) : new http.Agent(options);
  const proxied = route === undefined ? undefined : await proxiedWay(route, target, tls !== undefined);
  const pending = new Set<AbortController>();
  const connect = agent.createConnection.bind(agent);
  const openSocket: typeof agent.createConnection = (connectOptions, done) => {
    const opening = new AbortController();
    const { signal } = opening;
    pending.add(opening);
    const timer = setTimeout(
      () => opening.abort(failure('connecting took too long', connectTimeoutCode)),
      connectTimeoutMs,
    );
    const settle = (error: Error | null, socket?: Socket) => {
      clearTimeout(timer);
      pending.delete(opening);
      if (error === null) socket?.setKeepAlive(true, keepAliveProbeMs);
      done?.(error, socket as Socket);
    };
    const connectOver = (tunnel?: Socket) => {
      const over = { ...connectOptions, ...(tunnel === undefined ? {} : { socket: tunnel }) };
      const socket = connect(over) as Socket;
      const event = tls === undefined ? 'connect' : 'secureConnect';
      whenReady(socket, { event, signal }, (error) => settle(error, socket));
    };
    if (proxied === undefined) connectOver();
    else
      proxied
        .open(signal)
        .then(tls === undefined ? (socket) => settle(null, socket) : connectOver)
        .catch(settle);
    return undefined;
  };
  const spare = createSpare(() => {
    const address = { ...options, ...tls, host: target.host, port: target.port };
    return new Promise((resolve, reject) => {
      openSocket(address, (error, socket) => (error === null ? resolve(socket as Socket) : reject(error)));
    });
  });
  // A request gets its connection only once that is ready: what fails before has surely sent nothing of it.
  agent.createConnection = (connectOptions, done) => {
    const give = (socket: Socket | undefined) =>
      socket === undefined ? openSocket(connectOptions, done) : done?.(null, socket);
    void spare.take().then(give);
    return undefined;
  };
  const closeIdle = () => {
    for (const socket of Object.values(agent.freeSockets).flat()) socket?.destroy();
    spare.drop();
  };
  return {
    agent,
    prepare: () => spare.prepare(),
    request: http?.request ?? httpsRequest,
    forwarding: proxied?.forwarding,
    closeIdle,
    retire() {
      agent.maxFreeSockets = 0;
      closeIdle();
    },
    close() {
      for (const opening of pending) opening.abort(failure('closed while connecting', 'ECONNRESET'));
      agent.destroy();
      spare.drop();
    },
  };
}

interface ProxiedWay {
  readonly forwarding: ConnectionPool['forwarding'];
  open(signal: AbortSignal): Promise<Socket>;
}

/** TLS and SOCKS go through a tunnel; an HTTP proxy takes plain http in its own hands. */
async function proxiedWay(route: ProxyRoute, target: TunnelTarget, isTls: boolean): Promise<ProxiedWay> {
  const { connectToProxy, forwardedHeaders, openTunnel } = await import('./tunnel.ts');
  return isTls || route.proxy.protocol === 'socks5'
    ? { forwarding: undefined, open: (signal) => openTunnel(route, target, signal) }
    : { forwarding: { headers: forwardedHeaders(route) }, open: (signal) => connectToProxy(route, signal) };
}

function failure(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}
