import { resolvePlain } from './plain-scalar.ts';
import { finite, irregular, isAfterValue, isKey, isText } from './yaml-lines.ts';

/**
 * The value of the braces or brackets that `line` begins with and that nothing but a comment follows. Throws
 * `irregular` for all but unquoted keys, unquoted texts of ASCII, and quotes without escapes.
 */
export function flowValue(line: string): unknown {
  const tokens: Tokens = { matches: line.matchAll(tokenForm), end: 0 };
  const value = valueOf(next(tokens), tokens, 0);
  if (!isAfterValue(line.slice(tokens.end))) throw irregular;
  return value;
}

// What means nothing inside of braces; a colon, if no space follows.
const letter = String.raw`[\w./~$()@=+%;^-]`;
const plainForm = String.raw`(?:[A-Za-z0-9/_.~$(]|-(?=${letter}))(?:${letter}|:(?=${letter})| +(?=${letter}))*`;
const tokenForm = new RegExp(
  String.raw` *(?:([[\]{},])|([A-Za-z][\w./-]*): +(?![\]},]|$)|(${plainForm})|'([^']*)'|"([^"\\]*)")`,
  'gy',
);

const maxDepth = 16;

interface Tokens {
  readonly matches: Iterator<RegExpExecArray, undefined>;
  /** Where the one that was read last ends. */
  end: number;
}

interface Token {
  readonly mark: string | undefined;
  readonly key: string | undefined;
  readonly plain: string | undefined;
  readonly quoted: string | undefined;
}

function next(tokens: Tokens): Token {
  const result = tokens.matches.next();
  if (result.done === true) throw irregular;
  const match = result.value;
  tokens.end = match.index + match[0].length;
  const [, mark, key, plain, single, double] = match;
  return { mark, key, plain, quoted: single ?? double };
}

function valueOf({ mark, plain, quoted }: Token, tokens: Tokens, depth: number): unknown {
  if (plain !== undefined) return finite(resolvePlain(plain));
  if (quoted !== undefined && isText(quoted)) return quoted;
  if (depth > maxDepth) throw irregular;
  if (mark === '{') return mapping(tokens, depth);
  if (mark === '[') return list(tokens, depth);
  throw irregular;
}

function mapping(tokens: Tokens, depth: number): Record<string, unknown> {
  const entries: Record<string, unknown> = {};
  let token = next(tokens);
  while (token.mark !== '}') {
    if (token.key === undefined || !isKey(token.key)) throw irregular;
    entries[token.key] = valueOf(next(tokens), tokens, depth + 1);
    token = afterItem(tokens, '}');
  }
  return entries;
}

function list(tokens: Tokens, depth: number): unknown[] {
  const items: unknown[] = [];
  let token = next(tokens);
  while (token.mark !== ']') {
    items.push(valueOf(token, tokens, depth + 1));
    token = afterItem(tokens, ']');
  }
  return items;
}

/** What follows an item: the bracket that closes, or what begins the next item behind the comma. */
function afterItem(tokens: Tokens, close: string): Token {
  const token = next(tokens);
  if (token.mark === close) return token;
  if (token.mark !== ',') throw irregular;
  const item = next(tokens);
  if (item.mark === close) throw irregular;
  return item;
}
