import { endOfLine, irregular, isAfterValue, isText, nextLine } from './yaml-lines.ts';
import type { Lines } from './yaml-lines.ts';

/**
 * Reads the text in quotes that begins here in a block indented by `indent`, on one line or folded over several, and
 * goes to the line after it. Throws `irregular` for escapes of double quotes.
 */
export function quotedScalar(lines: Lines, indent: number): string {
  const { text, start } = lines;
  const quote = text.charAt(start);
  let close = text.indexOf(quote, start + 1);
  while (quote === "'" && close !== -1 && text[close + 1] === quote) close = text.indexOf(quote, close + 2);
  if (close === -1) throw irregular;
  const inner = text.slice(start + 1, close);
  lines.end = endOfLine(text, close);
  if ((quote === '"' && inner.includes('\\')) || !isAfterValue(text.slice(close + 1, lines.end))) throw irregular;
  nextLine(lines);
  const content = inner.includes('\n') ? folded(inner.split('\n'), indent) : inner;
  if (lines.indent > indent || !isText(content.replaceAll('\n', ' '))) throw irregular;
  return quote === "'" ? content.replaceAll("''", "'") : content;
}

/** A break is a space, or as many newlines as empty lines follow it; spaces around it do not count. */
function folded([first = '', ...rows]: readonly string[], indent: number): string {
  let text = first.replace(/ +$/u, '');
  let breaks = 0;
  for (const [index, row] of rows.entries()) {
    const start = row.replace(/^ +/u, '');
    const isLast = index === rows.length - 1;
    if (start === '' && !isLast) {
      breaks++;
    } else {
      // libyaml does not ask for it, the `yaml` package does
      if (row.length - start.length <= indent) throw irregular;
      text += (breaks === 0 ? ' ' : '\n'.repeat(breaks)) + (isLast ? start : start.replace(/ +$/u, ''));
      breaks = 0;
    }
  }
  return text;
}
