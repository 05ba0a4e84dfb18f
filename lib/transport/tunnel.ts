import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Proxy, TrustedProxy } from './proxy.ts';
import { proxyHeaders, socksLogin, withoutLogin } from './proxy-auth.ts';
import { httpRefusal, socksRefusal } from './proxy-refusal.ts';
import { whenReady } from './ready.ts';
import { type ClientCertificate, tlsOptions } from './tls.ts';

export interface ProxyRoute {
  readonly proxy: TrustedProxy;
  readonly tlsServerName?: string | undefined;
  readonly clientCertificate?: ClientCertificate | undefined;
}

/** Where a tunnel leads; names are left to the proxy. */
export interface TunnelTarget {
  readonly host: string;
  readonly port: number;
}

/**
 * A socket to a proxy. One that speaks TLS itself is verified as kubectl does it, by the same rules as the server
 * behind it: the cluster's CA, its `tls-server-name`, its client certificate (Go: net/http, Transport.TLSClientConfig).
 *
 * @throws What failed, marked as the proxy's. The reason of `signal`.
 */
export async function connectToProxy(route: ProxyRoute, signal: AbortSignal): Promise<Socket> {
  const { proxy } = route;
  const address = { host: proxy.host, port: proxy.port, autoSelectFamilyAttemptTimeout: 1000 };
  const isTls = proxy.protocol === 'https';
  const socket = isTls ? connectTls({ ...address, ...tlsOptions({ ...route, ...proxy }) }) : connectTcp(address);
  const event = isTls ? 'secureConnect' : 'connect';
  await new Promise<void>((resolve, reject) => {
    whenReady(socket, { event, signal }, (error) => (error === null ? resolve() : reject(ofProxy(error))));
  });
  return socket;
}

/**
 * A socket through a proxy to a server, as if it were there: TLS comes on top of it.
 *
 * @throws What failed, marked as the proxy's. The reason of `signal`.
 */
export async function openTunnel(route: ProxyRoute, target: TunnelTarget, signal: AbortSignal): Promise<Socket> {
  const socket = await connectToProxy(route, signal);
  const onAbort = () => socket.destroy(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const ask = route.proxy.protocol === 'socks5' ? askSocks : askHttp;
    await ask(socket, route.proxy, target);
    signal.throwIfAborted();
    return socket;
  } catch (error) {
    socket.destroy();
    throw ofProxy(signal.aborted ? (signal.reason as Error) : (error as Error));
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** What a proxy wants to see in each request that it sends on itself. */
export function forwardedHeaders({ proxy }: ProxyRoute): Readonly<Record<string, string>> {
  return proxyHeaders(proxy);
}

/** Marks a failure as one of the way to the server, not of the server. */
function ofProxy(error: Error): Error {
  return Object.assign(error, { atProxy: true });
}

/** HTTP CONNECT. As to Go, any status but 200 is a refusal. */
async function askHttp(socket: Socket, proxy: Proxy, { host, port }: TunnelTarget): Promise<void> {
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const { request } = await import('node:http');
  await new Promise<void>((resolve, reject) => {
    const asking = request({
      method: 'CONNECT',
      path: authority,
      headers: { host: authority, ...proxyHeaders(proxy) },
      createConnection: () => socket,
    });
    asking.removeHeader('connection'); // Node would ask to close it
    asking.once('connect', ({ statusCode, statusMessage = '' }) => {
      if (statusCode === 200) return resolve();
      reject(httpRefusal(statusCode ?? 0, withoutLogin(statusMessage, proxy)));
    });
    asking.on('error', reject);
    asking.end();
  });
}

/** What `socks` throws holds the password: only its words are kept. */
async function askSocks(socket: Socket, proxy: Proxy, destination: TunnelTarget): Promise<void> {
  const { default: socks } = await import('socks'); // CommonJS: the bundle has no other name of it
  try {
    await socks.SocksClient.createConnection({
      command: 'connect',
      proxy: { type: 5, host: proxy.host, port: proxy.port, ...socksLogin(proxy) },
      destination,
      existing_socket: socket,
    });
  } catch (error) {
    if (!(error instanceof socks.SocksClientError)) throw error;
    throw socksRefusal(error.message);
  }
}
