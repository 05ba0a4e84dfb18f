import { blockScalar } from './block-scalar.ts';
import { flowValue } from './flow-value.ts';
import { resolvePlain } from './plain-scalar.ts';
import { quotedScalar } from './quoted-scalar.ts';
import {
  colonOfKey,
  finite,
  irregular,
  isAfterValue,
  isKey,
  isListItem,
  isPlain,
  linesOf,
  moveTo,
  nextLine,
  restOfLine,
} from './yaml-lines.ts';
import type { Lines } from './yaml-lines.ts';

/** An item of a list that is left to the `yaml` package. */
export interface LeftItem {
  readonly list: unknown[];
  readonly index: number;
  /** Its lines, with their indentation: a document that is a list of this one item. */
  readonly text: string;
}

/**
 * Reads the YAML that kubectl and most tools and people write: block mappings and lists, braces and brackets on one
 * line, unquoted, quoted and block scalars, comments. It gives the value that kubectl gives, less the items of lists
 * that have more in them, and undefined as soon as it sees anything else elsewhere; then `any-yaml.ts` decides.
 *
 * It exists for speed: the `yaml` package takes 15 to 20 ms to load, at each start of each command, and fifteen times
 * as long over a large file.
 */
export function readRegularYaml(text: string): { value: unknown; left: readonly LeftItem[] } | undefined {
  try {
    const lines = linesOf(text);
    const left: LeftItem[] = [];
    if (lines.mark === '---') nextLine(lines);
    if (lines.mark !== undefined) return undefined;
    const value = lines.indent === -1 ? null : block({ lines, left }, 0);
    return lines.indent === -1 ? { value, left } : undefined;
  } catch (error) {
    if (error === irregular) return undefined;
    throw error;
  }
}

interface Reader {
  readonly lines: Lines;
  readonly left: LeftItem[];
}

// Deeper than any kubeconfig goes.
const maxDepth = 32;

function block(reader: Reader, depth: number): unknown {
  if (depth > maxDepth) throw irregular;
  return isListItem(reader.lines) ? list(reader, depth) : mapping(reader, depth);
}

function list(reader: Reader, depth: number): unknown[] {
  const { lines, left } = reader;
  const { indent } = lines;
  const items: unknown[] = [];
  while (lines.indent === indent && isListItem(lines)) {
    const at = { ...lines };
    const leftBefore = left.length;
    try {
      items.push(item(reader, depth));
    } catch (error) {
      if (error !== irregular) throw error;
      left.length = leftBefore;
      left.push({ list: items, index: items.length, text: linesOfItem(Object.assign(lines, at)) });
      items.push(undefined);
    }
  }
  if (lines.indent > indent) throw irregular;
  return items;
}

function item(reader: Reader, depth: number): unknown {
  const { lines } = reader;
  const { indent, start: dash } = lines;
  if (!moveTo(lines, dash + 1) || isListItem(lines)) throw irregular;
  if (colonOfKey(lines) === -1) return scalar(lines, indent);
  // A mapping begins behind the dash: its further keys are below its first one.
  lines.indent = indent + lines.start - dash;
  return mapping(reader, depth + 1);
}

/** Goes to the line after the item that begins in the line in hand. */
function linesOfItem(lines: Lines): string {
  const { text, indent, start } = lines;
  do nextLine(lines);
  while (lines.indent > indent);
  const end = lines.indent === -1 && lines.mark === undefined ? text.length : lines.start - Math.max(lines.indent, 0);
  const whole = text.slice(start - indent, end);
  // an alias may mean something outside of the item, and a line break of Unicode may end it
  if (/[*\u0085\u2028\u2029]/u.test(whole)) throw irregular;
  return whole;
}

function mapping(reader: Reader, depth: number): Record<string, unknown> {
  const { lines } = reader;
  const { indent } = lines;
  const entries: Record<string, unknown> = {};
  while (lines.indent === indent) {
    const colon = colonOfKey(lines);
    if (colon === -1) {
      if (isListItem(lines)) break;
      throw irregular;
    }
    const key = lines.text.slice(lines.start, colon);
    if (!isKey(key)) throw irregular;
    entries[key] = moveTo(lines, colon + 1) ? scalar(lines, indent) : below(reader, indent, depth);
  }
  if (lines.indent > indent) throw irregular;
  return entries;
}

/** The value of a key with nothing on its line: what is indented below it, a list at its own indent, or null. */
function below(reader: Reader, indent: number, depth: number): unknown {
  const { lines } = reader;
  nextLine(lines);
  if (lines.indent > indent || (lines.indent === indent && isListItem(lines))) return block(reader, depth + 1);
  return null;
}

/** What begins here, not a block, in a block indented by `indent`. Goes to the line after it. */
function scalar(lines: Lines, indent: number): unknown {
  const first = lines.text.charAt(lines.start);
  if (first === '"' || first === "'") return quotedScalar(lines, indent);
  if (first === '|' || first === '>') return blockScalar(lines, indent);
  if (first !== '{' && first !== '[') return finite(resolvePlain(plainScalar(lines, indent)));
  const value = flowValue(restOfLine(lines));
  nextLine(lines);
  if (lines.indent > indent) throw irregular;
  return value;
}

/** An unquoted scalar goes on over the lines that are indented deeper than its block, up to a comment. */
function plainScalar(lines: Lines, indent: number): string {
  let text = '';
  for (let isFirst = true; isFirst || lines.indent > indent; isFirst = false) {
    const line = restOfLine(lines);
    const comment = line.indexOf(' #');
    const words = comment === -1 ? line : line.slice(0, comment).replace(/ +$/u, '');
    if (lines.apart && !isFirst) throw irregular;
    if (!isPlain(words) || (comment !== -1 && !isAfterValue(line.slice(comment)))) throw irregular;
    text = isFirst ? words : `${text} ${words}`;
    nextLine(lines);
    if (comment !== -1 && lines.indent > indent) throw irregular;
  }
  return text;
}
