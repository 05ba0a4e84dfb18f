import { resolvePlain } from './plain-scalar.ts';
import type { PlainValue } from './plain-scalar.ts';

/** A cursor over the lines of a YAML text that are neither blank nor comments. */
export interface Lines {
  readonly text: string;
  /** Spaces before the line in hand; -1 at the end of the document. */
  indent: number;
  /** Where what is unread of the line in hand begins, and where the line ends. */
  start: number;
  end: number;
  /** Whether blank lines or comments stand before the line in hand. */
  apart: boolean;
  /** Whether the line in hand is the mark that begins or ends a document. */
  mark: '---' | '...' | undefined;
}

/** What is thrown when a text is more than `regular-yaml.ts` reads. */
export const irregular = new Error('more than regular YAML');

// Neither controls nor the line breaks and the byte order mark of YAML 1.1.
const letters = '!-~\\u00a0-\\u2027\\u202a-\\ud7ff\\ue000-\\ufefe\\uff00-\\ufffd';
const text = new RegExp(`^[ ${letters}]*$`);
const afterValue = new RegExp(`^ *(?: #[ ${letters}]*)?$`);
// Beginnings that mean nothing in YAML; a dash does when a space follows.
const word = new RegExp(`^(?:[A-Za-z0-9/_.+~=$(]|-[${letters}])[${letters}]*$`);
const words = new RegExp(`^(?:[A-Za-z0-9/_.+~=$(]|-[${letters}])[ ${letters}]*$`);

const keyForm = /^[A-Za-z][\w./-]{0,200}$/;

export function linesOf(yaml: string): Lines {
  const lines: Lines = { text: yaml, indent: -1, start: 0, end: -1, apart: false, mark: undefined };
  nextLine(lines);
  return lines;
}

export function nextLine(lines: Lines): void {
  const yaml = lines.text;
  lines.apart = false;
  for (let from = lines.end + 1; from < yaml.length; from = lines.end + 1) {
    lines.end = endOfLine(yaml, from);
    let start = from;
    while (yaml.charCodeAt(start) === space) start++;
    if (start < lines.end && yaml.charCodeAt(start) !== hash) {
      lines.mark = start === from ? markOf(yaml, start, lines.end) : undefined;
      lines.indent = lines.mark === undefined ? start - from : -1;
      lines.start = start;
      return;
    }
    if (!isText(yaml.slice(start, lines.end))) throw irregular;
    lines.apart = true;
  }
  lines.mark = undefined;
  lines.indent = -1;
}

export function endOfLine(yaml: string, from: number): number {
  const end = yaml.indexOf('\n', from);
  return end === -1 ? yaml.length : end;
}

function markOf(yaml: string, start: number, end: number): Lines['mark'] {
  const mark = (['---', '...'] as const).find((each) => yaml.startsWith(each, start));
  if (mark === undefined) return undefined;
  const rest = yaml.slice(start + 3, end);
  if (isAfterValue(rest)) return mark;
  throw irregular;
}

/** What is unread of the line in hand, without spaces at its end. */
export function restOfLine({ text: yaml, start, end }: Lines): string {
  let last = end;
  while (yaml.charCodeAt(last - 1) === space) last--;
  return yaml.slice(start, last);
}

/** Moves to `at`, and over the spaces there; false if nothing but a comment is left of the line. */
export function moveTo(lines: Lines, at: number): boolean {
  lines.start = at;
  while (lines.text.charCodeAt(lines.start) === space) lines.start++;
  if (lines.start >= lines.end) return false;
  if (lines.text.charCodeAt(lines.start) !== hash) return true;
  if (!isText(restOfLine(lines))) throw irregular;
  return false;
}

export function isListItem({ text: yaml, start, end }: Lines): boolean {
  return yaml.charCodeAt(start) === dash && (start + 1 === end || yaml.charCodeAt(start + 1) === space);
}

/** Where the colon after an unquoted key stands; -1 if what is unread of the line does not begin with one word and it. */
export function colonOfKey({ text: yaml, start, end }: Lines): number {
  const letter = yaml.charCodeAt(start) | 0x20;
  if (letter < letterA || letter > letterZ) return -1;
  const next = yaml.indexOf(' ', start);
  const last = (next === -1 || next > end ? end : next) - 1;
  return yaml.charCodeAt(last) === colon ? last : -1;
}

/** Whether this is a key that means itself: of far less than the 1024 letters that a key may have. */
export function isKey(name: string): boolean {
  return keyForm.test(name) && resolvePlain(name) === name;
}

/** The value of a scalar, if JSON has it. */
export function finite(value: PlainValue): PlainValue {
  if (typeof value === 'number' && !Number.isFinite(value)) throw irregular;
  return value;
}

/** Whether a line, or what follows a key on it, is an unquoted scalar and nothing else. */
export function isPlain(line: string): boolean {
  if (line.endsWith(':')) return false;
  return word.test(line) || (words.test(line) && !line.includes(': ') && !line.includes(' #'));
}

/** Whether what follows a value on its line is nothing, or a comment. */
export function isAfterValue(rest: string): boolean {
  return rest === '' || afterValue.test(rest);
}

/** Whether these are letters and spaces alone. */
export function isText(piece: string): boolean {
  return text.test(piece);
}

const space = 0x20;
const hash = 0x23;
const dash = 0x2d;
const colon = 0x3a;
const letterA = 0x61;
const letterZ = 0x7a;
