import { createHash } from 'node:crypto';

/**
 * A text that must not be shown: it prints as `[redacted …]` by every road (template, JSON, console, inspect).
 * Only `reveal()` gives the text, and test/house.test.ts lists the files that may call it.
 */
export class SecretText {
  readonly #text: string;
  readonly #what: string;

  constructor(text: string, what = 'secret') {
    this.#text = text;
    this.#what = what;
  }

  reveal(): string {
    return this.#text;
  }

  /** Hex SHA-256 of the text, for comparing two secrets without showing either. */
  sha256(): string {
    return createHash('sha256').update(this.#text).digest('hex');
  }

  toString(): string {
    return `[redacted ${this.#what}]`;
  }

  toJSON(): string {
    return this.toString();
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** A ServiceAccount token (or a user's bearer token) on its way from a Secret to where it was asked for. */
export class BearerToken extends SecretText {
  constructor(text: string) {
    super(text, 'token');
  }
}
