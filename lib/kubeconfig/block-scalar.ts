import { endOfLine, irregular, isText, nextLine, restOfLine } from './yaml-lines.ts';
import type { Lines } from './yaml-lines.ts';

/**
 * Reads the block scalar (`|`, `>`) that begins here in a block indented by `indent`, and goes to the line after it
 * (libyaml: yaml_parser_scan_block_scalar). Throws `irregular` for an empty one, for spaces alone that are text, and
 * for one that the end of the file cuts off in its line.
 */
export function blockScalar(lines: Lines, indent: number): string {
  const header = headerForm.exec(restOfLine(lines));
  if (header === null) throw irregular;
  const [, style, before = '', digit = '', after = '', comment = ''] = header;
  const chomp = before + after;
  if (chomp.length > 1 || !isText(comment)) throw irregular;
  const rows = rowsBelow(lines, indent, digit === '' ? undefined : indent + Number(digit));
  const last = rows.findLastIndex((row) => row !== '');
  if (last === -1) throw irregular;
  const content = rows.slice(0, last + 1);
  const text = style === '|' ? content.join('\n') : folded(content);
  return chomp === '-' ? text : `${text}\n${chomp === '+' ? '\n'.repeat(rows.length - 1 - last) : ''}`;
}

const headerForm = /^([|>])([-+]?)([1-9]?)([-+]?)(?: +#(.*))?$/u;

/** The lines of the scalar without their indentation: `width`, or else that of the first of them. */
function rowsBelow(lines: Lines, indent: number, width: number | undefined): string[] {
  const { text } = lines;
  const rows: string[] = [];
  let deepest = 0;
  for (let from = lines.end + 1; from < text.length; from = lines.end + 1) {
    const end = endOfLine(text, from);
    let start = from;
    while (text[start] === ' ') start++;
    const spaces = start - from;
    if (start === end) {
      deepest = Math.max(deepest, spaces);
      rows.push('');
    } else {
      width ??= spaces;
      if (spaces < width) break;
      rows.push(text.slice(from + width, end));
      if (!isText(rows.at(-1) ?? '')) throw irregular;
    }
    if (end === text.length) throw irregular;
    lines.end = end;
  }
  if (width === undefined || width <= indent || deepest > width) throw irregular;
  nextLine(lines);
  return rows;
}

/** A break is a space, unless it is beside a line that is indented deeper. */
function folded(rows: readonly string[]): string {
  let text = '';
  let breaks = 0;
  let before: string | undefined;
  for (const row of rows) {
    if (row === '') {
      breaks++;
    } else {
      if (before !== undefined) {
        const isFolded = !before.startsWith(' ') && !row.startsWith(' ');
        if (!isFolded) text += '\n';
        else if (breaks === 0) text += ' ';
      }
      text += '\n'.repeat(breaks) + row;
      breaks = 0;
      before = row;
    }
  }
  return text;
}
