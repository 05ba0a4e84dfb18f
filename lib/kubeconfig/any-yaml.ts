import { Composer, isCollection, isMap } from 'yaml';
import type { Document, ParsedNode, ParseOptions, YAMLParseError } from 'yaml';
import type { Fail } from './fail.ts';
import { hasSeparators, linesOfSeparators } from './unicode-breaks.ts';
import { refuseWhatKubectlRefuses } from './yaml-strictness.ts';
import { tokensOf } from './yaml-tokens.ts';
import { valueOf } from './yaml-value.ts';

/**
 * The value of the first document of any YAML text, as `readDocument()` in document.ts has it, by way of the `yaml`
 * package. Of that only the syntax is used: what a node means is go-yaml's in `yaml-value.ts`.
 */
export function readAnyYaml(source: string, fail: Fail): unknown {
  const text = linesOfSeparators(source);
  if (endWithoutStart.test(text)) return fail('an end without a document');
  const document = firstDocument(text, fail, { keepSourceTokens: hasSeparators(source) });
  if (document === undefined) return null;
  const ending = emptyKey(document.contents);
  const contents = ending ?? document.contents;
  const end = isCollection(contents) && contents.flow === true ? contents.range[1] : Infinity;
  const errors = document.errors.filter(
    ({ pos }) => !isInLaterDocument(pos[0], contents, text) && (ending === undefined || pos[0] < end),
  );
  const error = errors.find((each) => !isHarmless(each, end, text));
  if (error !== undefined) return fail(wordsFor(error, document, text), error.pos[0]);
  if (errors.some(({ code }) => code === 'UNEXPECTED_TOKEN')) refuseRubbish(text, end, fail);
  const directive = document.warnings.find(({ code }) => code === 'BAD_DIRECTIVE');
  if (directive !== undefined) return fail('an unknown directive', directive.pos[0]);
  const { explicit, version } = document.directives.yaml;
  if (explicit === true && version !== '1.1') return fail('a %YAML directive other than 1.1');
  refuseWhatKubectlRefuses(text.slice(0, ending === undefined ? endOf(document, text) : end), contents, fail);
  return valueOf(contents, source, fail);
}

/**
 * Empty braces or brackets that are the first key of a document: to go-yaml they are all of it, for it loses the key when
 * they are closed with nothing in them (scannerc.go, yaml_parser_decrease_flow_level).
 */
function emptyKey(contents: ParsedNode | null): ParsedNode | undefined {
  if (!isMap(contents) || contents.flow === true) return undefined;
  const key = contents.items[0]?.key;
  const isEmpty = isCollection(key) && key.flow === true && key.items.length === 0;
  const isPlain = isEmpty && key.anchor === undefined && key.tag === undefined;
  return isPlain && key.range[0] === contents.range[0] ? key : undefined;
}

/** With the blank lines behind it: kubectl looks for what comes next, unless `...` tells it. */
function endOf({ range: [, , end] }: Document.Parsed, text: string): number {
  if (/(?:^|\n)\.\.\.[^\n]*\n?$/u.test(text.slice(0, end))) return end;
  return end + (/^[ \t\n]*/u.exec(text.slice(end))?.[0].length ?? 0);
}

const endWithoutStart = /^(?:[ ]*(?:#.*)?\n)*\.\.\.(?:\s|$)/u;

function firstDocument(text: string, fail: Fail, options: ParseOptions = {}): Document.Parsed | undefined {
  const composer = new Composer({
    version: '1.1',
    schema: 'failsafe',
    resolveKnownTags: false,
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    ...options,
  });
  try {
    for (const document of composer.compose(tokensOf(text))) return document;
  } catch (error) {
    if (error instanceof RangeError) return fail('nested too deeply');
    throw error;
  }
  if (!/^(?:[ ]*(?:#.*)?(?:\n|$))*$/u.test(text)) return fail('a directive or an end without a document');
  return undefined;
}

/** The package finds some errors at the beginning of the second document while it still reads the first. */
function isInLaterDocument(at: number, contents: ParsedNode | null, text: string): boolean {
  return contents !== null && /^(?:---|\.\.\.)\s/mu.test(text.slice(contents.range[1], at));
}

/**
 * kubectl takes `[]#text` for a value and a comment, knows the escape `\'`, and does not look at what follows the braces
 * of a document.
 */
function isHarmless({ code, message, pos }: YAMLParseError, end: number, text: string): boolean {
  if (code === 'BAD_DQ_ESCAPE') return text.startsWith("\\'", pos[0]);
  if (code === 'UNEXPECTED_TOKEN') return pos[0] >= end;
  return code === 'MISSING_CHAR' && message.startsWith('Comments must be separated');
}

/** kubectl looks a few words ahead, and so may stumble over what follows. */
function refuseRubbish(text: string, end: number, fail: Fail): void {
  const rest = firstDocument(text.slice(end), () => fail(rubbish, end));
  if (rest !== undefined && rest.errors.length > 0) fail(rubbish, end);
}

export const rubbish = 'something behind the last brace that is not YAML';

/** One of them kubectl does not see: it ends the document there. */
function wordsFor({ code, pos: [at] }: YAMLParseError, { contents }: Document.Parsed, text: string): string {
  if (code === 'UNEXPECTED_TOKEN' && isCollection(contents) && at >= contents.range[1] && isIndented(contents, text)) {
    return lessIndented;
  }
  // the braces of a document are a key, to the package, if anything follows them
  const isWhole = isCollection(contents) && contents.range[0] === at && '{['.includes(text.charAt(at));
  return code === 'MULTILINE_IMPLICIT_KEY' && isWhole ? rubbish : (words[code] ?? 'not YAML');
}

export const lessIndented = 'a line that is indented less than the first one';

function isIndented({ range: [start] }: { range: readonly [number, number, number] }, text: string): boolean {
  return text.charAt(start - 1) === ' ';
}

// What an error of the `yaml` package is in words: its own message would show a piece of the text.
const words: Readonly<Partial<Record<YAMLParseError['code'], string>>> = {
  ALIAS_PROPS: 'an alias with an anchor or a tag',
  BAD_ALIAS: 'an alias without a name, or of an unknown anchor',
  BAD_COLLECTION_TYPE: 'a tag that does not fit its value',
  BAD_DIRECTIVE: 'a directive that makes no sense',
  BAD_DQ_ESCAPE: 'an unknown escape in double quotes',
  BAD_INDENT: 'wrong indentation',
  BAD_PROP_ORDER: 'an anchor or a tag in the wrong place',
  BAD_SCALAR_START: 'a text that begins with a letter reserved by YAML and needs quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a mapping inside of a line that is a value already',
  BLOCK_IN_FLOW: 'a block inside of brackets or braces',
  KEY_OVER_1024_CHARS: 'a key of more than 1024 letters',
  MISSING_CHAR: 'a missing quote, bracket, comma, colon or space',
  MULTILINE_IMPLICIT_KEY: 'a key without a colon, or one of several lines',
  MULTIPLE_ANCHORS: 'several anchors for one value',
  MULTIPLE_TAGS: 'several tags for one value',
  RESOURCE_EXHAUSTION: 'nested too deeply',
  TAB_AS_INDENT: 'a tab used as indentation',
  TAG_RESOLVE_FAILED: 'an unknown tag',
  UNEXPECTED_TOKEN: 'something that does not belong here',
};
