import { BlockList, isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { plainAddress } from './ip-address.ts';

/**
 * Whether Go's HTTP client reaches a server without the proxy that the environment names
 * (golang.org/x/net/http/httpproxy, useProxy): this host itself, and what NO_PROXY lists: `*`, an address, a range,
 * `example.com` (and what is below it), `.example.com` (only what is below it); all but ranges with or without `:port`.
 *
 * @param host As the URL spells it, an IPv6 address without brackets.
 */
export function isExcepted({ host, port }: { host: string; port: number }, noProxy: string): boolean {
  const server: Server = { host: host.toLowerCase().trim(), address: plainAddress(host), port: String(port) };
  if (host === 'localhost' || isLoopback(server.address)) return true;
  const entries = noProxy.split(',').map((entry) => entry.trim().toLowerCase());
  return entries.includes('*') || entries.some((entry) => entry !== '' && matches(entry, server));
}

interface Server {
  readonly host: string;
  /** Undefined for a name. */
  readonly address: string | undefined;
  readonly port: string;
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && (address === '::1' || inRange(address, '127.0.0.0', 8));
}

function matches(entry: string, { address, host, port }: Server): boolean {
  const range = readRange(entry);
  if (range !== undefined) return address !== undefined && inRange(address, range.network, range.bits);
  const { name, port: entryPort } = splitPort(entry);
  if (entryPort !== '' && entryPort !== port) return false;
  const entryAddress = plainAddress(name);
  if (entryAddress !== undefined || address !== undefined) return entryAddress === address;
  if (name === '') return false;
  const domain = toAscii(name.replace(/^\*\./u, '.'));
  return domain.startsWith('.') ? host.endsWith(domain) : host === domain || host.endsWith(`.${domain}`);
}

/** Go: net.SplitHostPort. Without a port, brackets stay, and the name then is that of no server. */
function splitPort(entry: string): { name: string; port: string } {
  const [, bracketed, plain, port] = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:[\]]*)$/u.exec(entry) ?? [];
  return port === undefined ? { name: entry, port: '' } : { name: bracketed ?? plain ?? '', port };
}

function readRange(entry: string): { network: string; bits: number } | undefined {
  const [, text = '', digits = ''] = /^([^/]+)\/(\d+)$/u.exec(entry) ?? [];
  const network = plainAddress(text);
  if (network === undefined) return undefined;
  const isMapped = isIP(text) !== isIP(network);
  const bits = Number(digits);
  if (bits > (isIP(text) === 4 ? 32 : 128)) return undefined;
  // one that is wider than the IPv4 addresses among those of IPv6 holds no address that is compared as IPv4
  return isMapped && bits < 96 ? { network: text, bits } : { network, bits: isMapped ? bits - 96 : bits };
}

function inRange(address: string, network: string, bits: number): boolean {
  const family = isIP(network) === 4 ? 'ipv4' : 'ipv6';
  if (isIP(address) !== isIP(network)) return false;
  const list = new BlockList();
  list.addSubnet(network, bits, family);
  return list.check(address, family);
}

/** Punycode; what cannot be a name stays as it is. */
function toAscii(name: string): string {
  if (/^[\w.-]*$/u.test(name) || !/^[\p{L}\p{M}\p{N}._-]+$/u.test(name)) return name;
  const dot = name.startsWith('.') ? '.' : '';
  return `${dot}${domainToASCII(name.slice(dot.length))}` || name;
}
