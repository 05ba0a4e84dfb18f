/** What a request asks for, as Go's server reads it: nothing is cleaned, neither dots nor slashes. */
export interface RequestTarget {
  /** Decoded, so that an escaped slash is one. */
  readonly path: string;
  readonly query: URLSearchParams;
}

/**
 * Takes the target of a request line apart (Go: net/url, ParseRequestURI and ParseQuery).
 *
 * @returns Undefined where Go answers 400 before any handler: no path, or a `%` that escapes nothing.
 */
export function parseTarget(text: string): RequestTarget | undefined {
  if (text === '*') return { path: '*', query: new URLSearchParams() };
  const [, scheme = '', rest = ''] = /^([a-z][a-z\d+.-]*:)?(.*)$/isu.exec(text) ?? [];
  const mark = rest.indexOf('?');
  const query = parseQuery(mark === -1 ? '' : rest.slice(mark + 1));
  const before = mark === -1 ? rest : rest.slice(0, mark);
  if (!before.startsWith('/')) return undefined;
  const path = unescape(scheme === '' ? before : before.replace(/^\/\/[^/]*/u, ''));
  return path === undefined ? undefined : { path, query };
}

/** Pairs that cannot be read are left out: those with a semicolon, and those with a `%` that escapes nothing. */
function parseQuery(text: string): URLSearchParams {
  const query = new URLSearchParams();
  for (const pair of text.split('&')) {
    if (pair === '' || pair.includes(';')) continue;
    const at = pair.includes('=') ? pair.indexOf('=') : pair.length;
    const [key, value] = [pair.slice(0, at), pair.slice(at + 1)].map((part) => unescape(part.replaceAll('+', ' ')));
    if (key !== undefined && value !== undefined) query.append(key, value);
  }
  return query;
}

function unescape(text: string): string | undefined {
  if (/%(?![\da-f]{2})/iu.test(text)) return undefined;
  if (!text.includes('%')) return text;
  const bytes = text.replaceAll(/%([\da-f]{2})/giu, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
