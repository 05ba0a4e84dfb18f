import { SecretText } from '../model/secret-text.ts';
import { readServer } from './server.ts';

/** The parts of a proxy's URL. */
export interface ProxyUrl {
  /** In lower case. */
  readonly scheme: string;
  /** Name or address; an IPv6 address without brackets. */
  readonly host: string;
  /** Undefined where the URL names none. */
  readonly port: number | undefined;
  readonly credentials: ProxyCredentials | undefined;
}

/** What stands before the `@` of a proxy's URL. */
export interface ProxyCredentials {
  readonly username: string;
  readonly password: SecretText;
}

/** Reads `scheme://name:password@host:port`; what follows is nothing to a proxy. Undefined where Go would not read it. */
export function parseProxyUrl(text: string): ProxyUrl | undefined {
  const [, scheme = '', authority = ''] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]+)/iu.exec(text) ?? [];
  const at = authority.lastIndexOf('@');
  // a server's host and port are read by the same rules
  const server = readServer(`http://${authority.slice(at + 1)}`);
  if (!('url' in server)) return undefined;
  const [, host = '', port] = /^http:\/\/(?:\[(?=.*\]))?([^\]]*?)\]?(?::(\d+))?$/u.exec(server.url) ?? [];
  const credentials = at === -1 ? undefined : parseUserInfo(authority.slice(0, at));
  if (at !== -1 && credentials === undefined) return undefined;
  return {
    scheme: scheme.toLowerCase(),
    host: host.toLowerCase(),
    port: port === undefined ? undefined : Number(port),
    credentials,
  };
}

/** A proxy-url that client-go takes (clientcmd: helpers.go, parseProxyURL), or undefined. */
export function readProxyUrl(text: string): ProxyUrl | undefined {
  const url = parseProxyUrl(text);
  return url !== undefined && ['http', 'https', 'socks5'].includes(url.scheme) ? url : undefined;
}

/** The URL without name and password. */
export function showProxyUrl({ host, port, scheme }: Pick<ProxyUrl, 'scheme' | 'host' | 'port'>): string {
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}${port === undefined ? '' : `:${port}`}`;
}

/** Go: net/url, validUserinfo. */
function parseUserInfo(text: string): ProxyCredentials | undefined {
  if (!/^[\w.~!$&'()*+,;=:%@-]*$/u.test(text)) return undefined;
  const colon = text.indexOf(':');
  try {
    const username = decodeURIComponent(colon === -1 ? text : text.slice(0, colon));
    const password = colon === -1 ? '' : decodeURIComponent(text.slice(colon + 1));
    return { username, password: new SecretText(password, 'password') };
  } catch {
    return undefined;
  }
}
