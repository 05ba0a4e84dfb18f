import { UsageError } from '../model/errors.ts';

/**
 * Refuses two flags that would both read stdin.
 *
 * @param given What each flag (or argument) was given: `{ '--token-file': flags.tokenFile, '--data': flags.data }`.
 * @throws {UsageError}
 */
export function refuseTwoStdin(given: Readonly<Record<string, string | undefined>>): void {
  const readers = Object.keys(given).filter((name) => given[name] === '-');
  if (readers.length < 2) return;
  throw new UsageError(`Cannot read stdin twice: ${readers.join(' and ')} both name it ("-")`, {
    reason: 'StdinTwice',
    hint: 'Give one of them a file',
  });
}
