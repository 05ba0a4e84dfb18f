import { CST } from 'yaml';
import type { Scalar } from 'yaml';

// YAML 1.1 has more line breaks than those of ASCII: U+0085, which is a newline and nothing else (source-text.ts makes
// it one), and the separators U+2028 and U+2029, which end a line as it does, and stay where lines are joined. To YAML
// 1.2, hence to the `yaml` package, they are letters; so it is shown newlines, and the content is made of the text.

export function hasSeparators(text: string): boolean {
  return /[\u2028\u2029]/u.test(text);
}

/** A text of the same length and structure with newlines for separators. */
export function linesOfSeparators(text: string): string {
  return hasSeparators(text) ? text.replaceAll(/[\u2028\u2029]/gu, '\n') : text;
}

/** Whether the `yaml` package would give another content than libyaml. */
export function isJoinedOtherwise({ type }: Scalar, raw: string): boolean {
  return hasSeparators(raw) || (type === 'QUOTE_DOUBLE' && /\\['\n]/u.test(raw));
}

/**
 * The content of a scalar as libyaml joins its lines (scannerc.go, the scan functions of scalars).
 *
 * @param node As read from `linesOfSeparators()`, with its source token.
 * @param raw The scalar as it is written, with quotes and escapes.
 */
export function joinedContent({ source = '', type, srcToken }: Scalar, raw: string): string {
  if (type === 'QUOTE_DOUBLE') return joinedInDoubleQuotes(raw);
  if (type === 'QUOTE_SINGLE') return joined(raw.slice(1, -1)).replaceAll("''", "'");
  if (type === 'BLOCK_LITERAL') return withSeparators(source, raw);
  if (type === 'BLOCK_FOLDED') return foldedBlock(withSeparators(literally(srcToken), raw));
  return joined(raw);
}

function joined(text: string): string {
  return text.replaceAll(/[\t ]*([\n\u2028\u2029])([\t \n\u2028\u2029]*)/gu, (_, first: string, more: string) => {
    const rest = more.replaceAll(/[\t ]/gu, '');
    return first === '\n' ? rest || ' ' : first + rest;
  });
}

const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\u2028': '\\L', '\u2029': '\\P' };

/**
 * Written without line breaks and `\'`, it is to the `yaml` package what it is to libyaml: of a line break behind a
 * backslash and those that follow it, only the first is none.
 */
function joinedInDoubleQuotes(raw: string): string {
  const source = raw.replaceAll(
    /\\(?:[\n\u2028\u2029]([\t \n\u2028\u2029]*)|.)|[\t ]*[\n\u2028\u2029][\t \n\u2028\u2029]*/gu,
    (found, afterEscaped: string | undefined) => {
      if (found.startsWith('\\') && afterEscaped === undefined) return found === "\\'" ? "'" : found;
      const text = afterEscaped === undefined ? joined(found) : afterEscaped.replaceAll(/[\t ]/gu, '');
      return text.replaceAll(/[\n\u2028\u2029]/gu, (letter) => escapes[letter] ?? '');
    },
  );
  return CST.resolveAsScalar({ type: 'double-quoted-scalar', offset: 0, indent: 0, source }).value;
}

/** The lines of a folded block, not folded. */
function literally(token: Scalar['srcToken']): string {
  if (token?.type !== 'block-scalar') return '';
  const [header, ...rest] = token.props;
  if (header?.type !== 'block-scalar-header') return '';
  const literal = { ...token, props: [{ ...header, source: header.source.replace('>', '|') }, ...rest] };
  return CST.resolveAsScalar(literal, false, () => undefined).value;
}

/** Each line of a literal block ends with what it ends with in the file. */
function withSeparators(content: string, raw: string): string {
  const ends = raw.match(/[\n\u2028\u2029]/gu)?.slice(1) ?? [];
  return content.replaceAll('\n', () => ends.shift() ?? '');
}

/** A newline between two lines that are not indented more becomes a space, or goes where empty lines follow. */
function foldedBlock(lines: string): string {
  return lines.replaceAll(
    /([^\n\u2028\u2029]+)\n([\n\u2028\u2029]*)(?=[^\t \n\u2028\u2029])/gu,
    (whole, line: string, rest: string) => (/^[\t ]/u.test(line) ? whole : line + (rest || ' ')),
  );
}
