import { isAlias, isCollection, isMap, isScalar, visit } from 'yaml';
import type { ParsedNode, Scalar } from 'yaml';
import type { Fail } from './fail.ts';

/**
 * Refuses what the `yaml` package, which reads YAML 1.2, takes and kubectl, whose go-yaml is a libyaml of YAML 1.1,
 * does not, or takes for something else.
 *
 * @param text The document, to its end.
 */
export function refuseWhatKubectlRefuses(text: string, contents: ParsedNode | null, fail: Fail): void {
  const tabsAllowed: [from: number, to: number][] = [];
  visit(contents, {
    Node(_, node, path) {
      const [from, to] = node.range ?? [0, 0];
      const name = isAlias(node) ? node.source : node.anchor;
      if (name !== undefined && !/^[\w-]+$/u.test(name)) fail('a letter that the name of an anchor cannot have', from);
      if (
        isTagged(node) &&
        tagBefore.test(text.slice(Math.max(0, from - 200), from)) &&
        !/^\s?$/u.test(text.charAt(from))
      )
        fail(noSpaceAfterTag, from);
      const inFlow = path.some((above) => isCollection(above) && above.flow === true);
      if (isScalar(node)) checkScalar(node, { text, from, to, inFlow }, fail);
      if (isMap(node) && node.flow === true) checkFlowKeys(node.items, text, fail);
      if (isScalar(node) && node.type === 'PLAIN') tabsAllowed.push(...tabsBehind({ text, from, to }, path, fail));
      else if (isScalar(node) || (isCollection(node) && node.flow === true)) tabsAllowed.push([from, to]);
    },
  });
  checkTabs(text, tabsAllowed, fail);
}

// a comma or a bracket belongs to the tag, a brace or a quote may not follow it
export const noSpaceAfterTag = 'no space after a tag';
const tagBefore = /![^\s,[\]{}]*$/u;

function isTagged(node: object): boolean {
  return 'tag' in node && node.tag !== undefined;
}

export const questionMark = 'an unquoted question mark inside of braces';

interface Place {
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly inFlow: boolean;
}

function checkScalar({ type }: Scalar, { text, from, to, inFlow }: Place, fail: Fail): void {
  const source = text.slice(from, to);
  if (type === 'PLAIN' && inFlow && source.includes('?')) fail(questionMark, from);
  if (type === 'PLAIN' && inFlow && source.startsWith(':')) fail('a colon without a key inside of braces', from);
  // a line `---` cuts quotes, and then the last quote may be an escaped one
  const isOpen =
    (type === 'QUOTE_DOUBLE' && /[^\\](?:\\\\)*\\"$/u.test(source)) ||
    (type === 'QUOTE_SINGLE' && /(?:^|[^'])(?:'')+$/u.test(source.slice(1)));
  if (isOpen) fail('a missing quote', from);
  if (type === 'QUOTE_DOUBLE' && /\\(?:\/|u[dD][89a-fA-F])/u.test(source.replaceAll('\\\\', ''))) {
    fail('an escape that YAML 1.1 does not have', from);
  }
}

/** In braces too, a key and its colon share a line, and behind an unquoted key libyaml wants a space after the colon. */
function checkFlowKeys(pairs: readonly { key: unknown }[], text: string, fail: Fail): void {
  for (const { key } of pairs) {
    if (!isScalar(key)) continue;
    const [from, to] = (key as Scalar.Parsed).range;
    const next = /^\s*:/u.exec(text.slice(to))?.[0];
    if (next === undefined) continue;
    // the key begins with its tag or anchor
    const before = /[!&][^\s,[\]{}]*\s*$/u.exec(text.slice(Math.max(0, from - 200), from))?.[0] ?? '';
    if (before.concat(text.slice(from, to + next.length)).includes('\n')) fail('a key of several lines', from);
    if (key.type === 'PLAIN' && next === ':' && /[[\]{},]/u.test(text.charAt(to + 1)))
      fail('no space after a colon', to);
  }
}

/**
 * To libyaml the blank lines behind an unquoted text are part of it, so that a tab may be there; but not, and not in braces
 * either, before the column where the text could go on.
 */
function tabsBehind({ text, from, to }: Omit<Place, 'inFlow'>, path: readonly unknown[], fail: Fail) {
  const block = path.findLast((above) => isCollection(above) && above.flow !== true);
  const start = isCollection(block) ? (block.range?.[0] ?? 0) : undefined;
  const indent = start === undefined ? 0 : start - text.lastIndexOf('\n', start - 1);
  if (from === to) return [];
  const blank = /^[ \t\n]*/u.exec(text.slice(to))?.[0] ?? '';
  const tabs = text.slice(from, to + blank.length).matchAll(/(?<=\n(?<spaces> *))\t/gu);
  return Array.from(tabs, ({ groups, index }): [from: number, to: number] => {
    const tab = from + index;
    if ((groups?.['spaces'] ?? '').length < indent) fail(tabAsIndentation, tab);
    return [tab, tab + 1];
  });
}

const tabAsIndentation = 'a tab used as indentation';

/** Outside of quotes, braces and block scalars, a tab can neither begin a line nor follow the dash of a list. */
function checkTabs(text: string, allowed: readonly [number, number][], fail: Fail): void {
  for (const { index } of text.matchAll(/(?<=(?:^|\n)[ ]*(?:[-?][ ]+)*[-?]?)\t/gu)) {
    if (!allowed.some(([from, to]) => from <= index && index < to)) fail(tabAsIndentation, index);
  }
}
