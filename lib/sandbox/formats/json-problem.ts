import { goQuote } from '../go-quote.ts';

/** What is wrong with a JSON text, in the words of Go's scanner (encoding/json); undefined where nothing is. */
export function jsonProblem(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    return new Scanner(text).problem();
  }
}

const ended = 'unexpected end of JSON input';

class Problem extends Error {
  override readonly name = 'Problem';
}

/** Goes through a text as far as it is JSON. */
class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  problem(): string {
    try {
      this.#value('looking for beginning of value');
      this.#space();
      if (this.#at < this.#text.length) throw this.#unexpected('after top-level value');
      return ended;
    } catch (error) {
      if (error instanceof Problem) return error.message;
      throw error;
    }
  }

  #value(context: string): void {
    this.#space();
    const first = this.#text.charAt(this.#at);
    if (first === '{') return this.#object();
    if (first === '[') return this.#list();
    if (first === '"') return this.#string();
    if (/[-\d]/u.test(first)) return this.#number();
    const literal = ['true', 'false', 'null'].find((one) => one.startsWith(first) && first !== '');
    if (literal === undefined) throw this.#unexpected(context);
    for (const letter of literal) this.#take(letter, `in literal ${literal} (expecting '${letter}')`);
  }

  #object(): void {
    this.#at += 1;
    this.#space();
    if (this.#accept('}')) return;
    do {
      this.#space();
      if (this.#text.charAt(this.#at) !== '"') throw this.#unexpected('looking for beginning of object key string');
      this.#string();
      this.#space();
      this.#take(':', 'after object key');
      this.#value('looking for beginning of value');
      this.#space();
    } while (this.#accept(','));
    this.#take('}', 'after object key:value pair');
  }

  #list(): void {
    this.#at += 1;
    this.#space();
    if (this.#accept(']')) return;
    do {
      this.#value('looking for beginning of value');
      this.#space();
    } while (this.#accept(','));
    this.#take(']', 'after array element');
  }

  #string(): void {
    this.#at += 1;
    while (!this.#accept('"')) {
      const character = this.#text.charAt(this.#at);
      if (character === '' || character < ' ') throw this.#unexpected('in string literal');
      this.#at += 1;
      if (character === '\\') this.#escape();
    }
  }

  #escape(): void {
    if (!/["\\/bfnrtu]/u.test(this.#text.charAt(this.#at))) throw this.#unexpected('in string escape code');
    this.#at += 1;
    if (this.#text.charAt(this.#at - 1) !== 'u') return;
    for (let digit = 0; digit < 4; digit += 1) this.#digit(/[\da-f]/iu, String.raw`in \u hexadecimal character escape`);
  }

  #number(): void {
    if (this.#accept('-') && !/\d/u.test(this.#text.charAt(this.#at))) throw this.#unexpected('in numeric literal');
    if (!this.#accept('0')) this.#digits();
    if (this.#accept('.')) {
      this.#digit(/\d/u, 'after decimal point in numeric literal');
      this.#digits();
    }
    if (!this.#accept('e') && !this.#accept('E')) return;
    if (!this.#accept('+')) this.#accept('-');
    this.#digit(/\d/u, 'in exponent of numeric literal');
    this.#digits();
  }

  #digits(): void {
    while (/\d/u.test(this.#text.charAt(this.#at))) this.#at += 1;
  }

  #digit(wanted: RegExp, context: string): void {
    if (!wanted.test(this.#text.charAt(this.#at))) throw this.#unexpected(context);
    this.#at += 1;
  }

  #space(): void {
    while (/[ \t\r\n]/u.test(this.#text.charAt(this.#at))) this.#at += 1;
  }

  #accept(character: string): boolean {
    if (this.#text.charAt(this.#at) !== character) return false;
    this.#at += 1;
    return true;
  }

  #take(character: string, context: string): void {
    if (!this.#accept(character)) throw this.#unexpected(context);
  }

  #unexpected(context: string): Problem {
    // at the end Go looks whether a space could follow
    const found = this.#text.slice(this.#at, this.#at + 2) || ' ';
    const isInside = /^(?:in (?!string literal)|after decimal)/u.test(context);
    if (this.#at >= this.#text.length && !isInside) return new Problem(ended);
    // Go looks at bytes
    const byte = String.fromCharCode(Buffer.from(found).at(0) ?? 0);
    const shown = byte === "'" ? String.raw`\'` : byte === '"' ? '"' : goQuote(byte).slice(1, -1);
    return new Problem(`invalid character '${shown}' ${context}`);
  }
}
