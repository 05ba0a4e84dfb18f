import { posix } from 'node:path';

/** The server of a cluster as client-go would use it, or what is wrong with it. */
export type Server = { readonly url: string } | { readonly problem: string };

/**
 * Reads the `server` of a kubeconfig as client-go does (clientcmd: client_config.go; rest: url_utils.go):
 * - without a scheme it is `http://`, whatever CA stands beside it, and then may have no path;
 * - the path is kept, cleaned (`//`, `..`, a slash at the end) and encoded anew; the query is dropped; a fragment is
 *   dropped too, unless there is a path, of which Go makes it a part;
 * - the scheme is lower-cased.
 *
 * Refused beyond that: other schemes, a user name or password in it, and hosts that URL parsers read differently.
 */
export function readServer(text: string): Server {
  if (text === '') return { problem: 'it has no server' };
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  if (/[\u0000-\u001f\u007f]/u.test(text)) return { problem: 'its server has a control character' };
  const absolute = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]+)(.*)$/isu.exec(text);
  const [, scheme = '', authority = '', rest = ''] = absolute ?? /^()([^/?#]*)(.*)$/su.exec(text) ?? [];
  const path = rest.startsWith('/') ? (rest.split('?', 1)[0] ?? '') : '';
  if (absolute === null && path.split('#', 1)[0]?.replace('/', '') !== '') {
    return { problem: 'its server is neither a URL nor a host with a port' };
  }
  return compose((scheme || 'http').toLowerCase(), authority, absolute === null ? '' : path);
}

/** A server for people's eyes, whatever is wrong with it: a user name and password in it are not shown. */
export function showServer(text: string): string {
  const server = readServer(text);
  return 'url' in server ? server.url : text.replace(/^([^/?#]*\/\/)?[^/?#]*@/u, '$1***@');
}

/** Whether a server is the way through Rancher to a cluster of its. */
export function isRancherProxy(server: string): boolean {
  return /^[a-z]+:\/\/[^/]+(?:\/[^?#]*)?\/k8s\/clusters\/[^/?#]+/iu.test(server);
}

function compose(scheme: string, authority: string, path: string): Server {
  if (scheme !== 'http' && scheme !== 'https') return { problem: 'its server is neither http nor https' };
  if (authority.includes('@')) return { problem: 'its server has a user name or password in the URL' };
  const host = /^(\[[0-9a-f:.]+\]|[\p{L}\p{M}\p{N}._-]+)(?::([0-9]*))?$/iu.exec(authority);
  const prefix = cleanPath(path);
  const [, name = '', port = ''] = host ?? [];
  const url = parseUrl(`${scheme}://${name}${port === '' ? '' : `:${port}`}`);
  if (host === null || url === undefined || prefix === undefined) return { problem: 'its server is not a URL' };
  // `https://010.0.0.1` is 8.0.0.1 to some and no address to Go; only one spelling means the same to all.
  const isAscii = /^[\w.-]+$/u.test(name);
  if (isAscii && url.hostname !== name.toLowerCase()) {
    return { problem: 'its server has an address that can be read in two ways' };
  }
  return { url: `${scheme}://${isAscii ? name : url.hostname}${port === '' ? '' : `:${Number(port)}`}${prefix}` };
}

/** Undefined for a path that cannot be decoded. */
function cleanPath(path: string): string | undefined {
  try {
    const clean = posix.normalize(`/${decodeURIComponent(path)}`);
    return clean === '/' ? '' : clean.replace(/\/$/u, '').split('/').map(encodeSegment).join('/');
  } catch {
    return undefined;
  }
}

/** Go: net/url, shouldEscape for a path. */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment)
    .replaceAll(/[!'()*]/gu, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll(/%(?:24|26|2B|2C|3A|3B|3D|40)/gu, decodeURIComponent);
}

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
