import { parseProxyUrl, type ProxyCredentials, type ProxyUrl, showProxyUrl } from '../kubeconfig/proxy-url.ts';
import type { ClusterEndpoint } from '../model/cluster-access.ts';
import { UsageError } from '../model/errors.ts';
import { escapeLine } from '../model/escape.ts';
import type { Env } from '../system/runtime.ts';
import { isExcepted } from './no-proxy.ts';
import { describeServer } from './server-url.ts';
import type { Trust } from './trust.ts';

/** A proxy by which a server is reached. */
export interface Proxy {
  readonly protocol: 'http' | 'https' | 'socks5';
  /** Name or address; an IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
  readonly credentials: ProxyCredentials | undefined;
  /** `https://proxy.test:3129 (HTTPS_PROXY)`: for messages, without its password. Escaped. */
  readonly description: string;
}

/** A proxy, and against what it is verified if it speaks TLS itself. */
export interface TrustedProxy extends Proxy {
  readonly trust: Trust;
}

/**
 * The proxy by which kubectl would reach a cluster; undefined if it would go directly. `proxy-url` wins; else the
 * environment's, as Go reads it (golang.org/x/net/http/httpproxy): HTTPS_PROXY or HTTP_PROXY by the server's scheme,
 * with the exceptions of NO_PROXY, each in lower case too. ALL_PROXY is not read.
 *
 * @throws {UsageError} It cannot be read; going around it could reach another server. Its value is not shown: it may
 *   hold a password.
 */
export function chooseProxy(cluster: ClusterEndpoint, env: Env): Proxy | undefined {
  const { name, proxyCredentials, proxyUrl } = cluster;
  if (proxyUrl !== undefined) {
    const field = `proxy-url of cluster "${escapeLine(name)}"`;
    const url = parseProxyUrl(proxyUrl);
    return toProxy(url === undefined ? undefined : { ...url, credentials: proxyCredentials }, field, cluster);
  }
  const variable = proxyVariable(cluster.server, env);
  if (variable === undefined) return undefined;
  // Go makes this check for the web server scripts of old, whose requests could set HTTP_PROXY
  if (/^http_proxy$/iu.test(variable) && (env['REQUEST_METHOD'] ?? '') !== '') {
    throw refusal(cluster, `${variable} names a proxy, and REQUEST_METHOD says that this is a CGI script`);
  }
  const value = env[variable] ?? '';
  return toProxy(parseProxyUrl(value.includes('://') ? value : `http://${value}`), variable, cluster);
}

/** The environment variable that names the proxy to a server; undefined if Go's client would go directly. */
export function proxyVariable(server: string, env: Env): string | undefined {
  const [, scheme = '', bracketed, plain = '', port] =
    /^(https?):\/\/(?:\[([^\]]*)\]|([^:/]*))(?::(\d+))?/u.exec(server) ?? [];
  const isTls = scheme === 'https';
  const variable = firstSet(env, isTls ? ['HTTPS_PROXY', 'https_proxy'] : ['HTTP_PROXY', 'http_proxy']);
  if (variable === undefined) return undefined;
  const noProxy = firstSet(env, ['NO_PROXY', 'no_proxy']);
  const address = { host: bracketed ?? plain, port: port === undefined ? (isTls ? 443 : 80) : Number(port) };
  return isExcepted(address, noProxy === undefined ? '' : (env[noProxy] ?? '')) ? undefined : variable;
}

function firstSet(env: Env, names: readonly string[]): string | undefined {
  return names.find((name) => (env[name] ?? '') !== '');
}

const defaultPorts: Readonly<Record<string, number>> = { http: 80, https: 443, socks5: 1080, socks5h: 1080 };

function toProxy(url: ProxyUrl | undefined, from: string, cluster: ClusterEndpoint): Proxy {
  const port = url?.port ?? defaultPorts[url?.scheme ?? ''];
  if (url === undefined || port === undefined) {
    throw refusal(cluster, `${from} is not the URL of a proxy`, 'http://HOST:PORT, https://… or socks5://…');
  }
  const { credentials, host, scheme } = url;
  // Go leaves names to a SOCKS proxy in either spelling, and speaks HTTP to what it does not know
  const protocol = scheme.startsWith('socks5') ? 'socks5' : scheme === 'https' ? 'https' : 'http';
  return {
    protocol,
    host,
    port,
    credentials,
    description: `${escapeLine(showProxyUrl({ scheme, host, port }))} (${from})`,
  };
}

function refusal({ name, server }: ClusterEndpoint, why: string, hint?: string): UsageError {
  return new UsageError(`Cannot connect to ${describeServer(server)} of cluster "${escapeLine(name)}": ${why}`, {
    reason: 'ProxyInvalid',
    hint,
  });
}
