import { Lexer, Parser } from 'yaml';
import type { CST } from 'yaml';

/**
 * The tokens of a YAML text, in which lines inside of quotes and braces need no indentation: libyaml asks for none.
 *
 * The lexer of the `yaml` package does, as YAML 1.2 has it, and no option keeps it from that. How much it asks for it
 * holds in its own `indentNext`, which is set aside here; a test shows if another release no longer has it.
 */
export function* tokensOf(text: string): Generator<CST.Token, void> {
  const parser = new Parser();
  const lexer = new Lexer();
  withoutIndentation(lexer as unknown as LexerInside);
  for (const lexeme of withColonsAtEnd(lexer.lex(text))) yield* parser.next(lexeme);
  yield* parser.end();
}

/** In braces, a colon right before a comma or the closing one belongs to an unquoted text: `[a:, b]` are `a:` and `b`. */
function* withColonsAtEnd(lexemes: Iterable<string>): Generator<string, void> {
  let held: string[] = []; // an unquoted text, and what may belong to it
  for (const lexeme of lexemes) {
    if (!mayGoOn(held, lexeme)) {
      const hasColon = held.length > 2 && [':', ''].includes(held.at(-1) ?? ' ') && ',]}'.includes(lexeme);
      yield* hasColon ? [plainText, held.filter((part) => part !== plainText).join('')] : held;
      held = [];
      if (lexeme !== plainText) yield lexeme;
    }
    if (held.length > 0 || lexeme === plainText) held.push(lexeme);
  }
  yield* held;
}

/** The text itself, white space, a colon, and the empty value that the lexer sees behind that. */
function mayGoOn(held: readonly string[], lexeme: string): boolean {
  const last = held.at(-1);
  if (last === undefined || last === '') return false;
  if (last === plainText) return held.length === 1 ? lexeme !== '' : lexeme === '';
  if (last === ':' && held.length > 2) return lexeme === plainText;
  return lexeme === ':' || /^[ \t\n]+$/u.test(lexeme);
}

/** What the lexer says before an unquoted text. */
const plainText = '\u001F';

interface LexerInside {
  indentNext: number;
  parseQuotedScalar(): Generator<string, unknown>;
  parseFlowCollection(): Generator<string, unknown>;
}

function withoutIndentation(lexer: LexerInside): void {
  for (const step of ['parseQuotedScalar', 'parseFlowCollection'] as const) {
    const parse = lexer[step].bind(lexer);
    lexer[step] = function* parseAnywhere() {
      const { indentNext } = lexer;
      lexer.indentNext = 0;
      const next = yield* parse();
      lexer.indentNext = indentNext;
      return next;
    };
  }
}
