import type { ErrorCode, LineCounter, YAMLParseError } from 'yaml';

/** What another reader finds, and what Go's says of it. */
interface Rule {
  readonly code: ErrorCode;
  readonly message?: RegExp;
  /** What the text is like where it is found. */
  readonly at?: RegExp;
  /** Who finds it in Go's reader, which says how its lines are counted. */
  readonly finder: 'scanner' | 'parser';
  readonly what: string;
}

const noToken = 'found character that cannot start any token';
const noMapping = 'mapping values are not allowed in this context';
const noContent = 'did not find expected node content';
const noKey = 'did not find expected key';
const noName = 'did not find expected alphabetic or numeric character';
const noEntry = 'block sequence entries are not allowed in this context';

const rules: readonly Rule[] = [
  { code: 'TAB_AS_INDENT', finder: 'scanner', what: noToken },
  { code: 'BLOCK_AS_IMPLICIT_KEY', finder: 'scanner', what: noMapping },
  { code: 'MULTILINE_IMPLICIT_KEY', at: /^-/u, finder: 'parser', what: noKey },
  { code: 'MULTILINE_IMPLICIT_KEY', finder: 'scanner', what: noMapping },
  { code: 'MISSING_CHAR', message: /^Flow map/u, finder: 'parser', what: "did not find expected ',' or '}'" },
  { code: 'MISSING_CHAR', message: /^Flow/u, finder: 'parser', what: "did not find expected ',' or ']'" },
  { code: 'BAD_INDENT', message: /^Flow map/u, finder: 'parser', what: "did not find expected ',' or '}'" },
  { code: 'BAD_INDENT', message: /^Flow/u, finder: 'parser', what: "did not find expected ',' or ']'" },
  { code: 'BAD_INDENT', finder: 'parser', what: noKey },
  { code: 'BAD_SCALAR_START', message: /flow indicator/u, finder: 'parser', what: noContent },
  { code: 'BAD_SCALAR_START', finder: 'scanner', what: noToken },
  { code: 'BAD_DQ_ESCAPE', finder: 'scanner', what: 'found unknown escape character' },
  { code: 'BAD_ALIAS', finder: 'scanner', what: noName },
  { code: 'TAG_RESOLVE_FAILED', finder: 'scanner', what: 'did not find expected tag URI' },
  { code: 'MISSING_CHAR', message: /^Missing closing/u, finder: 'scanner', what: 'found unexpected end of stream' },
  { code: 'UNEXPECTED_TOKEN', message: /on same line with key/u, finder: 'scanner', what: noEntry },
  {
    code: 'UNEXPECTED_TOKEN',
    message: /^Block scalar header/u,
    finder: 'scanner',
    what: 'did not find expected comment or line break',
  },
  {
    code: 'UNEXPECTED_TOKEN',
    message: /at node end/u,
    finder: 'parser',
    what: "did not find expected '-' indicator",
  },
  { code: 'UNEXPECTED_TOKEN', finder: 'parser', what: noContent },
];

const anythingElse = { finder: 'scanner', what: "could not find expected ':'" } as const;

/** What is wrong with a YAML text in the words of Go's reader, as far as another one finds the same wrong. */
export function yamlProblem(error: YAMLParseError, text: string, lines: LineCounter): string {
  const [start] = error.pos;
  const { finder, what } =
    rules.find(
      ({ at, code, message }) =>
        code === error.code && message?.test(error.message) !== false && at?.test(text.slice(start)) !== false,
    ) ?? anythingElse;
  // braces that are open are missed at the end, on the line after the last one
  const isOpen = error.message.startsWith('Flow ');
  const line = isOpen ? text.trimEnd().split('\n').length : lines.linePos(placeOf(error, text)).line - 1;
  const isEmpty = isOpen && /[[{,:]\s*$/u.test(text);
  const where = line === 0 ? '' : `line ${finder === 'scanner' ? line + 1 : line}: `;
  return `yaml: ${where}${isEmpty ? noContent : what}`;
}

/** Where a key over several lines is seen to be none. */
function placeOf({ code, pos: [start] }: YAMLParseError, text: string): number {
  return code === 'MULTILINE_IMPLICIT_KEY' && text[start] !== '-' ? text.indexOf(':', start) : start;
}
