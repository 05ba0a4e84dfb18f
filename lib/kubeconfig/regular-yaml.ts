import { resolvePlain } from './plain-scalar.ts';
import {
  colonOfKey,
  irregular,
  isListItem,
  isPlain,
  linesOf,
  moveTo,
  nextLine,
  quoted,
  restOfLine,
} from './yaml-lines.ts';
import type { Lines } from './yaml-lines.ts';

/**
 * Reads the YAML that kubectl and most tools write: block mappings and lists, scalars on one line or folded unquoted
 * ones, no anchors, tags, escapes or tabs. It gives the value that kubectl gives, or undefined as soon as it sees
 * anything else; then `any-yaml.ts` decides.
 *
 * It exists for speed: the `yaml` package takes 15 to 20 ms to load, at each start of each command, and fifteen times
 * as long over a large file.
 */
export function readRegularYaml(text: string): { value: unknown } | undefined {
  try {
    const lines = linesOf(text);
    if (lines.indent === 0 && restOfLine(lines) === '---') nextLine(lines);
    const value = lines.indent === -1 ? null : block(lines, 0);
    if (lines.indent !== -1) return undefined;
    return { value };
  } catch (error) {
    if (error === irregular) return undefined;
    throw error;
  }
}

// Far below the 1024 letters that a key may have, and deeper than any kubeconfig goes.
const keyForm = /^[A-Za-z][\w./-]{0,200}$/;
const maxDepth = 32;

function block(lines: Lines, depth: number): unknown {
  if (depth > maxDepth) throw irregular;
  return isListItem(lines) ? list(lines, depth) : mapping(lines, depth);
}

function list(lines: Lines, depth: number): unknown[] {
  const { indent } = lines;
  const items: unknown[] = [];
  while (lines.indent === indent && isListItem(lines)) {
    const dash = lines.start;
    if (!moveTo(lines, dash + 1) || isListItem(lines)) throw irregular;
    if (colonOfKey(lines) === -1) {
      items.push(scalar(lines, indent));
    } else {
      // A mapping begins behind the dash: its further keys are below its first one.
      lines.indent = indent + lines.start - dash;
      items.push(mapping(lines, depth + 1));
    }
  }
  if (lines.indent > indent) throw irregular;
  return items;
}

function mapping(lines: Lines, depth: number): Record<string, unknown> {
  const { indent } = lines;
  const entries: Record<string, unknown> = {};
  while (lines.indent === indent) {
    const colon = colonOfKey(lines);
    if (colon === -1) {
      if (isListItem(lines)) break;
      throw irregular;
    }
    const key = lines.text.slice(lines.start, colon);
    if (!keyForm.test(key) || resolvePlain(key) !== key) throw irregular;
    entries[key] = moveTo(lines, colon + 1) ? scalar(lines, indent) : below(lines, indent, depth);
  }
  if (lines.indent > indent) throw irregular;
  return entries;
}

/** The value of a key with nothing on its line: what is indented below it, a list at its own indent, or null. */
function below(lines: Lines, indent: number, depth: number): unknown {
  nextLine(lines);
  if (lines.indent > indent || (lines.indent === indent && isListItem(lines))) return block(lines, depth + 1);
  return null;
}

/** The scalar that begins here in a block indented by `indent`. Goes to the line after it. */
function scalar(lines: Lines, indent: number): unknown {
  const first = restOfLine(lines);
  nextLine(lines);
  if (isPlain(first)) {
    const value = resolvePlain(folded(first, lines, indent));
    if (typeof value === 'number' && !Number.isFinite(value)) throw irregular;
    return value;
  }
  if (lines.indent > indent) throw irregular;
  if (first === '{}') return {};
  if (first === '[]') return [];
  const text = quoted(first);
  if (text === undefined) throw irregular;
  return text;
}

/** An unquoted scalar goes on over the lines that are indented deeper than its block. */
function folded(first: string, lines: Lines, indent: number): string {
  let text = first;
  for (; lines.indent > indent; nextLine(lines)) {
    const line = restOfLine(lines);
    if (lines.apart || !isPlain(line)) throw irregular;
    text += ` ${line}`;
  }
  return text;
}
