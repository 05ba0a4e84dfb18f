/** A cursor over the lines of a YAML text that are neither blank nor comments. */
export interface Lines {
  readonly text: string;
  /** Spaces before the line in hand; -1 at the end of the text. */
  indent: number;
  /** Where what is unread of the line in hand begins, and where the line ends. */
  start: number;
  end: number;
  /** Whether blank lines or comments stand before the line in hand. */
  apart: boolean;
}

/** What `regular-yaml.ts` throws when a text is more than it reads. */
export const irregular = new Error('more than regular YAML');

// Neither controls nor the line breaks and the byte order mark of YAML 1.1.
const letters = '!-~\\u00a0-\\u2027\\u202a-\\ud7ff\\ue000-\\ufefe\\uff00-\\ufffd';
const text = new RegExp(`^[ ${letters}]*$`);
// Beginnings that mean nothing in YAML; a dash does when a space follows.
const word = new RegExp(`^(?:[A-Za-z0-9/_.+~=$(]|-[${letters}])[${letters}]*$`);
const words = new RegExp(`^(?:[A-Za-z0-9/_.+~=$(]|-[${letters}])[ ${letters}]*$`);

export function linesOf(yaml: string): Lines {
  const lines: Lines = { text: yaml, indent: -1, start: 0, end: -1, apart: false };
  nextLine(lines);
  return lines;
}

export function nextLine(lines: Lines): void {
  const yaml = lines.text;
  lines.apart = false;
  for (let from = lines.end + 1; from < yaml.length; from = lines.end + 1) {
    const end = yaml.indexOf('\n', from);
    lines.end = end === -1 ? yaml.length : end;
    let start = from;
    while (yaml.charCodeAt(start) === space) start++;
    if (start < lines.end && yaml.charCodeAt(start) !== hash) {
      lines.indent = start - from;
      lines.start = start;
      return;
    }
    if (!text.test(yaml.slice(start, lines.end))) throw irregular;
    lines.apart = true;
  }
  lines.indent = -1;
}

/** What is unread of the line in hand, without spaces at its end. */
export function restOfLine({ text: yaml, start, end }: Lines): string {
  let last = end;
  while (yaml.charCodeAt(last - 1) === space) last--;
  return yaml.slice(start, last);
}

/** Moves to `at`, and over the spaces there; false if nothing is left of the line. */
export function moveTo(lines: Lines, at: number): boolean {
  lines.start = at;
  while (lines.text.charCodeAt(lines.start) === space) lines.start++;
  return lines.start < lines.end;
}

export function isListItem({ text: yaml, start, end }: Lines): boolean {
  return yaml.charCodeAt(start) === dash && (start + 1 === end || yaml.charCodeAt(start + 1) === space);
}

/** Where the colon after an unquoted key stands; -1 if what is unread of the line does not begin with one. */
export function colonOfKey({ text: yaml, start, end }: Lines): number {
  if (yaml.charCodeAt(start) === doubleQuote || yaml.charCodeAt(start) === singleQuote) return -1;
  for (let colon = yaml.indexOf(':', start); colon !== -1 && colon < end; colon = yaml.indexOf(':', colon + 1)) {
    if (colon + 1 === end || yaml.charCodeAt(colon + 1) === space) return colon;
  }
  return -1;
}

/** Whether a line, or what follows a key on it, is an unquoted scalar and nothing else. */
export function isPlain(line: string): boolean {
  if (line.endsWith(':')) return false;
  return word.test(line) || (words.test(line) && !line.includes(': ') && !line.includes(' #'));
}

/** The text of a quoted scalar without escapes, or undefined. */
export function quoted(line: string): string | undefined {
  const quote = line.charAt(0);
  if (line.length < 2 || (quote !== '"' && quote !== "'") || !line.endsWith(quote)) return undefined;
  const inner = line.slice(1, -1);
  if (inner.includes(quote) || (quote === '"' && inner.includes('\\')) || !text.test(inner)) return undefined;
  return inner;
}

const space = 0x20;
const hash = 0x23;
const dash = 0x2d;
const doubleQuote = 0x22;
const singleQuote = 0x27;
