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
  for (const lexeme of lexer.lex(text)) yield* parser.next(lexeme);
  yield* parser.end();
}

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
