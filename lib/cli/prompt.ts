import { escapeLine } from '../model/escape.ts';
import type { InputStream, OutputStream } from '../system/runtime.ts';

/** Questions to the person at the terminal, on stderr. */
export interface Prompter {
  /** Whether somebody can be asked: where not, the caller throws a UsageError that names the flag. */
  readonly canAsk: boolean;
  /** One of the choices, by number or by name; undefined if none was chosen after three tries, or the input ended. */
  select(question: string, choices: readonly string[]): Promise<string | undefined>;
  /** Waits for Enter; false once the input has ended, so that nobody will press it again. */
  pause(text: string): Promise<boolean>;
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
    pause: async (text) => (await ask(`${escapeLine(text)} `)) !== undefined,
  };
}
