import { escapeLine } from '../model/escape.ts';
import { UsageError } from '../model/errors.ts';
import type { InputStream, OutputStream, Runtime } from '../system/runtime.ts';

/** Questions to the person at the terminal, on stderr. */
export interface Prompter {
  /** Whether somebody can be asked: where not, the caller throws a UsageError that names the flag. */
  readonly canAsk: boolean;
  /** One of the choices, by number or by name; undefined if none was chosen after three tries, or the input ended. */
  select(question: string, choices: readonly string[]): Promise<string | undefined>;
  /** `y/N`: anything but yes is no. */
  confirm(question: string): Promise<boolean>;
  /** For what cannot be taken back: true if exactly `expected` is typed. */
  confirmByTyping(question: string, expected: string): Promise<boolean>;
}

/** Asks only where stdin and stderr are a terminal, and never with `noInput`. */
export function createPrompter({
  stdin,
  stderr,
  noInput = false,
  signal,
}: {
  stdin: InputStream;
  stderr: OutputStream;
  noInput?: boolean;
  /** Ends a question: rejects with its reason. */
  signal?: AbortSignal;
}): Prompter {
  const ask = async (text: string) => {
    await stderr.write(text);
    return (await stdin.readLine(signal))?.trim();
  };
  return {
    canAsk: stdin.isTTY && stderr.isTTY && !noInput,
    async select(question, choices) {
      const list = choices.map((choice, index) => `  ${index + 1}) ${escapeLine(choice)}\n`).join('');
      await stderr.write(`${escapeLine(question)}\n${list}`);
      for (let tries = 0; tries < 3; tries++) {
        const answer = await ask(`Number or name [1-${choices.length}]: `);
        if (answer === undefined) return undefined;
        const chosen = choices.includes(answer)
          ? answer
          : /^\d+$/u.test(answer)
            ? choices[Number(answer) - 1]
            : undefined;
        if (chosen !== undefined) return chosen;
      }
      return undefined;
    },
    confirm: async (question) => /^y(?:es)?$/iu.test((await ask(`${escapeLine(question)} [y/N] `)) ?? ''),
    confirmByTyping: async (question, expected) =>
      (await ask(`${escapeLine(question)} Type ${escapeLine(expected)} to go on: `)) === expected,
  };
}

/**
 * Asks which of several things is meant.
 *
 * @param why Why there is a choice: `three contexts use cluster "dev"`.
 * @throws {UsageError} Nobody can be asked, or nobody has chosen; it lists the candidates and names the flag.
 */
export async function promptForChoice(
  { stdin, stderr, interruption }: Pick<Runtime, 'stdin' | 'stderr' | 'interruption'>,
  {
    flags,
    candidates,
    why,
    flag = '--context',
  }: { flags: { noInput: boolean }; candidates: readonly string[]; why: string; flag?: string },
): Promise<string> {
  const prompter = createPrompter({ stdin, stderr, noInput: flags.noInput, signal: interruption.signal });
  const chosen = prompter.canAsk ? await prompter.select(`Which one? ${why}`, candidates) : undefined;
  if (chosen !== undefined) return chosen;
  const listed = candidates.slice(0, 20).map((candidate) => `"${candidate}"`);
  const more = candidates.length - listed.length;
  throw new UsageError(`Cannot choose: ${why}: ${listed.join(', ')}${more > 0 ? ` and ${more} more` : ''}`, {
    reason: 'Ambiguous',
    hint: `${flag} NAME chooses one`,
  });
}
