import { afterEach } from 'vitest';
import { KubeSaTokenError } from '../../lib/model/errors.ts';
import { refuseToken, textOfError } from './no-token.ts';

const made = Symbol.for('kube-sa-token: errors made by tests');

/** The errors that were constructed since the last look, whether they were thrown, caught, or made the cause of others. */
export function errorsMade(): Error[] {
  const holder = KubeSaTokenError.prototype as { [made]?: Error[] };
  return holder[made] ?? watchErrors(holder);
}

/** Each error of ours assigns its `name` to itself, which comes by here. `test/support/no-token.test.ts` proves it. */
function watchErrors(holder: { [made]?: Error[] }): Error[] {
  const errors: Error[] = [];
  Object.defineProperty(holder, made, { value: errors });
  Object.defineProperty(holder, 'name', {
    configurable: true,
    set(this: Error, value: string) {
      if (this !== holder) errors.push(this);
      Object.defineProperty(this, 'name', { value, writable: true, configurable: true, enumerable: true });
    },
  });
  return errors;
}

/** @throws {Error} One of the errors made since the last look has a token in it. */
export function requireErrorsWithoutToken(): void {
  for (const error of errorsMade().splice(0)) refuseToken(textOfError(error), `an error object (${error.name})`);
}

/** For a test in which the user himself puts a token where a name belongs: what the errors so far hold is his. */
export function forgetErrorsOfUser(): void {
  errorsMade().splice(0);
}

errorsMade();
// No test may make the program put a token into an error, whatever the test is about.
afterEach(requireErrorsWithoutToken);
