import { BlockList, isIP } from 'node:net';
import type { ClusterEndpoint } from '../model/cluster-access.ts';
import { UsageError } from '../model/errors.ts';
import { escapeLine } from '../model/escape.ts';
import type { Env } from '../system/runtime.ts';
import { describeServer, parseServerUrl, type ServerUrl } from './server-url.ts';

/**
 * Refuses a cluster that kubectl would reach through a proxy: this version does not, and going around it could reach
 * another server.
 *
 * @throws {UsageError} Names the field or the variable, never its value, which may hold a password.
 */
export function refuseProxy({ name, proxyUrl, server }: ClusterEndpoint, env: Env): void {
  const from =
    proxyUrl === undefined ? proxyVariable(parseServerUrl(server), env) : `proxy-url of cluster "${escapeLine(name)}"`;
  if (from === undefined) return;
  throw new UsageError(
    `Cannot connect to ${describeServer(server)} of cluster "${escapeLine(name)}": ${from} names a proxy, and this version cannot go through one`,
    {
      reason: 'ProxyNotSupported',
      hint: proxyUrl === undefined ? 'If the server can be reached directly, name its host in NO_PROXY' : undefined,
    },
  );
}

/**
 * The environment variable by which Go's HTTP client would go through a proxy to this server
 * (golang.org/x/net/http/httpproxy); undefined if it would go directly. This host itself is never reached by proxy.
 */
export function proxyVariable(server: ServerUrl, env: Env): string | undefined {
  const names = server.tls ? ['HTTPS_PROXY', 'https_proxy'] : ['HTTP_PROXY', 'http_proxy'];
  const variable = names.find((name) => (env[name] ?? '') !== '');
  if (variable === undefined || isLoopback(server.host)) return undefined;
  const exceptions = env['NO_PROXY'] || env['no_proxy'] || '';
  return exceptions.split(',').some((entry) => matches(entry.trim().toLowerCase(), server)) ? undefined : variable;
}

function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  if (isIP(host) === 0) return false;
  return inSubnet(host, '127.0.0.0', 8) || host === '::1';
}

/** `*`, an address, a range, `example.com` (and what is below it), `.example.com` (only what is below), each with `:port`. */
function matches(entry: string, { host: asWritten, port }: ServerUrl): boolean {
  const host = asWritten.toLowerCase().replace(/\.$/u, '');
  if (entry === '*') return true;
  if (entry === '') return false;
  const [, network = '', bits = ''] = /^([\d.a-f:]+)\/(\d+)$/u.exec(entry) ?? [];
  if (isIP(network) !== 0) return isIP(host) !== 0 && inSubnet(host, network, Number(bits));
  const { name, port: entryPort } = splitPort(entry);
  if (entryPort !== undefined && entryPort !== port) return false;
  if (isIP(name) !== 0 || isIP(host) !== 0)
    return isIP(name) !== 0 && isIP(host) !== 0 && inSubnet(host, name, isIP(name) === 4 ? 32 : 128);
  const domain = name.replace(/^\*?\./u, '.');
  return domain.startsWith('.') ? host.endsWith(domain) : host === domain || host.endsWith(`.${domain}`);
}

function splitPort(entry: string): { name: string; port: number | undefined } {
  if (isIP(entry) !== 0) return { name: entry, port: undefined };
  const [, bracketed, plain, port] = /^(?:\[(.+)\]|([^:]*))(?::(\d+))?$/u.exec(entry) ?? [];
  return { name: bracketed ?? plain ?? entry, port: port === undefined ? undefined : Number(port) };
}

function inSubnet(address: string, network: string, bits: number): boolean {
  const family = isIP(network) === 4 ? 'ipv4' : 'ipv6';
  if (bits > (family === 'ipv4' ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(network, bits, family);
  return list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
}
