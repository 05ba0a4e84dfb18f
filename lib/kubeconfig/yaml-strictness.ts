import { isAlias, isCollection, isMap, isScalar, visit } from 'yaml';
import type { ParsedNode, Scalar } from 'yaml';
import type { Fail } from './document.ts';

/**
 * Refuses what the `yaml` package, which reads YAML 1.2, takes and kubectl, whose go-yaml is a libyaml of YAML 1.1,
 * does not, or takes for something else.
 */
export function refuseWhatKubectlRefuses(text: string, contents: ParsedNode | null, fail: Fail): void {
  const tabsAllowed: [from: number, to: number][] = [];
  visit(contents, {
    Node(_, node, path) {
      const [from, to] = node.range ?? [0, 0];
      const name = isAlias(node) ? node.source : node.anchor;
      if (name !== undefined && !/^[\w-]+$/u.test(name)) fail('a letter that the name of an anchor cannot have', from);
      const inFlow = path.some((above) => isCollection(above) && above.flow === true);
      if (isScalar(node)) checkScalar(node, { text, from, to, inFlow }, fail);
      if (isMap(node) && node.flow === true) checkFlowKeys(node.items, text, fail);
      if (isCollection(node) ? node.flow === true : isScalar(node) && node.type !== 'PLAIN')
        tabsAllowed.push([from, to]);
    },
  });
  checkTabs(text, tabsAllowed, fail);
  checkLineBreaks(text.slice(0, contents?.range[2] ?? text.length), contents, fail);
}

interface Place {
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly inFlow: boolean;
}

function checkScalar({ type }: Scalar, { text, from, to, inFlow }: Place, fail: Fail): void {
  const source = text.slice(from, to);
  if (type === 'PLAIN' && inFlow && source.includes('?')) fail('an unquoted question mark inside of braces', from);
  if (type === 'QUOTE_DOUBLE' && /\\(?:\/|u[dD][89a-fA-F])/u.test(source.replaceAll('\\\\', ''))) {
    fail('an escape that YAML 1.1 does not have', from);
  }
}

/** In braces too, a key and its colon share a line, and behind an unquoted key libyaml wants a space after the colon. */
function checkFlowKeys(pairs: readonly { key: unknown }[], text: string, fail: Fail): void {
  for (const { key } of pairs) {
    if (!isScalar(key)) continue;
    const [from, to] = (key as Scalar.Parsed).range;
    const next = /^\s*:/u.exec(text.slice(to))?.[0] ?? '';
    if (text.slice(from, to + next.length).includes('\n')) fail('a key of several lines', from);
    if (key.type === 'PLAIN' && next === ':' && /[[\]{},]/u.test(text.charAt(to + 1)))
      fail('no space after a colon', to);
  }
}

/** Outside of quotes, braces and block scalars, a tab can neither begin a line nor follow the dash of a list. */
function checkTabs(text: string, allowed: readonly [number, number][], fail: Fail): void {
  for (const { index } of text.matchAll(/(?<=(?:^|\n)[ ]*(?:[-?][ ]*)*)\t/gu)) {
    if (!allowed.some(([from, to]) => from <= index && index < to)) fail('a tab used as indentation', index);
  }
}

/**
 * The line breaks of Unicode, which YAML 1.1 knows and 1.2 does not, are only read in quotes, and where they end a line
 * that ends anyway. `yaml-value.ts` gives them their meaning.
 */
function checkLineBreaks(text: string, contents: ParsedNode | null, fail: Fail): void {
  if (!/[\u0085\u2028\u2029]/u.test(text)) return;
  let rest = text;
  visit(contents, {
    Scalar(where, { range, type }) {
      if (
        range === null ||
        range === undefined ||
        (type !== 'QUOTE_DOUBLE' && type !== 'QUOTE_SINGLE') ||
        where === 'key'
      )
        return;
      const [from, to] = range;
      rest = `${rest.slice(0, from)}${'-'.repeat(to - from)}${rest.slice(to)}`;
    },
  });
  const inside = /[\u0085\u2028\u2029](?![\t \u0085\u2028\u2029]*(?:[\n,\]}]|$))/u.exec(rest);
  if (inside !== null) fail('a line break of Unicode (U+0085, U+2028 or U+2029)', inside.index);
}
