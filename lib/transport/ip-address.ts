import { isIPv4, isIPv6 } from 'node:net';

/**
 * An address in its one spelling; one that stands for an IPv4 address (`::ffff:10.0.0.1`) as that one. Undefined for what
 * is none, and with a zone, as in Go (net.ParseIP).
 */
export function plainAddress(text: string): string | undefined {
  // Node 22 takes 4 ms for its first look at whether something is IPv6.
  if (!text.includes(':')) return isIPv4(text) ? text : undefined;
  if (text.includes('%') || !isIPv6(text)) return undefined;
  const address = new URL(`http://[${text}]`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/u.exec(address) ?? [];
  if (high === undefined || low === undefined) return address;
  const bytes = [high, low].map((part) => Number.parseInt(part, 16)).flatMap((part) => [part >> 8, part & 255]);
  return bytes.join('.');
}

/** An address that may stand in brackets, as in a URL. */
export function withoutBrackets(host: string): string {
  return host.replace(/^\[(.+)\]$/su, '$1');
}
