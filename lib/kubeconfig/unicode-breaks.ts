import { isCollection, isPair, visit } from 'yaml';
import type { ParsedNode, Scalar } from 'yaml';
import type { Fail } from './fail.ts';

// Beside those of ASCII, YAML 1.1 has three line breaks of Unicode: U+0085, which counts as a newline, and U+2028 and
// U+2029, which fold to themselves. To YAML 1.2, hence to the `yaml` package, they are letters.

export const unicodeBreak = 'a line break of Unicode (U+0085, U+2028 or U+2029)';

export function hasUnicodeBreak(text: string): boolean {
  return /[\u0085\u2028\u2029]/u.test(text);
}

/**
 * Refuses these line breaks, but in quotes, in unquoted values inside of braces, and where they end a line that ends
 * anyway: there `foldedBreaks()` gives them their meaning.
 */
export function refuseUnicodeBreaks(text: string, contents: ParsedNode | null, fail: Fail): void {
  if (!hasUnicodeBreak(text)) return;
  let rest = text;
  visit(contents, {
    Scalar(where, { range, type }, path) {
      if (range === null || range === undefined || where === 'key') return;
      const [from, to] = range;
      const inFlow = path.some((above) => isCollection(above) && above.flow === true);
      const foldable = isPair(path.at(-1)) ? foldableValue : foldableItem;
      const isFoldable = type === 'PLAIN' && inFlow && foldable.test(text.slice(from, to));
      if (!isFoldable && type !== 'QUOTE_DOUBLE' && type !== 'QUOTE_SINGLE') return;
      rest = `${rest.slice(0, from)}${'-'.repeat(to - from)}${rest.slice(to)}`;
    },
  });
  const inside = /[\u0085\u2028\u2029](?![\t \u0085\u2028\u2029]*(?:\n|$))/u.exec(rest);
  if (inside !== null) fail(unicodeBreak, inside.index);
}

// In braces a break is a space: unless it follows a colon, comes before a comment or a text, or is all of an item.
const foldableItem = /^(?![\u0085\u2028\u2029])(?!.*(?::[\t\u0085\u2028\u2029]|[\t\u0085\u2028\u2029] *#))/su;
const foldableValue = new RegExp(`${foldableItem.source}|^[\\t \u0085\u2028\u2029]*$`, 'su');

/**
 * Folds these line breaks in the content of a scalar, as libyaml does.
 *
 * @param raw The scalar as it is written, with quotes and escapes.
 */
export function foldedBreaks(content: string, raw: string, type: Scalar['type'], refuse: () => never): string {
  const isPlain = type === 'PLAIN';
  if (!isPlain && type !== 'QUOTE_DOUBLE' && type !== 'QUOTE_SINGLE') return refuse();
  if (type === 'QUOTE_DOUBLE' && /\\(?:[NLP]|x85|u0085|u202[89]|U0000(?:0085|202[89]))/iu.test(raw)) return refuse();
  if (/[\u0085\u2028\u2029][\t ]*\n|\n[\t ]*[\u0085\u2028\u2029]/u.test(raw)) return refuse();
  const text = isPlain ? content.replaceAll(/^[\t \u0085\u2028\u2029]+|[\t \u0085\u2028\u2029]+$/gu, '') : content;
  if (isPlain && text.endsWith(':')) return refuse();
  return text.replaceAll(
    /[\t ]*([\u0085\u2028\u2029])([\t \u0085\u2028\u2029]*)/gu,
    (_, first: string, more: string) => {
      const rest = more.replaceAll(/[\t ]/gu, '').replaceAll('\u0085', '\n');
      if (first !== '\u0085') return first + rest;
      return rest === '' ? ' ' : rest;
    },
  );
}
