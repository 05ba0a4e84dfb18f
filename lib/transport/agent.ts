import type { Agent, request } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { connectTimeoutCode } from './transport-error.ts';

/** Connections to one server, kept open between requests. */
export interface ConnectionPool {
  readonly agent: Agent;
  /** Sends over them. */
  readonly request: typeof request;
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
 * @param connectTimeoutMs For TCP and TLS together, each time a connection is made.
 */
export async function createPool({
  tls,
  connectTimeoutMs,
}: {
  tls: ConnectionOptions | undefined;
  connectTimeoutMs: number;
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
  const pending = new Set<Socket>();
  const connect = agent.createConnection.bind(agent);
  // A request gets its connection only once that is ready: what fails before has surely sent nothing of it.
  agent.createConnection = (connectOptions, done) => {
    const socket = connect(connectOptions) as Socket;
    pending.add(socket);
    const timer = setTimeout(() => {
      socket.destroy(Object.assign(new Error('connecting took too long'), { code: connectTimeoutCode }));
    }, connectTimeoutMs);
    const ready = tls === undefined ? 'connect' : 'secureConnect';
    const settle = () => {
      clearTimeout(timer);
      pending.delete(socket);
      socket.off(ready, onReady).off('error', onFailed).off('close', onClose);
    };
    const onReady = () => {
      settle();
      socket.setKeepAlive(true, keepAliveProbeMs);
      done?.(null, socket);
    };
    const onFailed = (error: Error) => {
      settle();
      socket.on('error', () => undefined);
      done?.(error, socket);
    };
    const onClose = () => onFailed(Object.assign(new Error('closed while connecting'), { code: 'ECONNRESET' }));
    socket.once(ready, onReady).once('error', onFailed).once('close', onClose);
    return undefined;
  };
  const closeIdle = () => {
    for (const socket of Object.values(agent.freeSockets).flat()) socket?.destroy();
  };
  return {
    agent,
    request: http?.request ?? httpsRequest,
    closeIdle,
    retire() {
      agent.maxFreeSockets = 0;
      closeIdle();
    },
    close() {
      for (const socket of pending) socket.destroy();
      agent.destroy();
    },
  };
}
