import { expect, test } from 'vitest';
import { DeniedError, KubeSaTokenError, UsageError } from '../../lib/model/errors.ts';
import { BearerToken } from '../../lib/model/secret-text.ts';
import { requireErrorsWithoutToken } from './errors-hold-no-token.ts';
import { refuseToken } from './no-token.ts';
import { legacyClaims, unsignedToken } from './token.ts';

const token = unsignedToken(legacyClaims());
const base64 = Buffer.from(token).toString('base64');
const details = { reason: 'Test' };

class WithBody extends KubeSaTokenError {
  readonly body = { data: { token: base64 } };
}

test.each<[where: string, make: () => unknown]>([
  ['message', () => new UsageError(`Cannot use ${token}`, details)],
  ['hint', () => new UsageError('Cannot', { ...details, hint: `use ${token}` })],
  ['cause', () => new UsageError('Cannot', { ...details, cause: new Error('deeper', { cause: new Error(token) }) })],
  ['field', () => new DeniedError('Cannot', { ...details, status: 403, said: token })],
  ['field of a field, in base64', () => new WithBody('Cannot', details)],
])('a token in the %s of an error of ours is found, though nobody threw or caught it', (_, make) => {
  make();
  expect(requireErrorsWithoutToken).toThrow('A token was written to an error object');
  expect(requireErrorsWithoutToken).not.toThrow();
});

test('errors of ours that hold a token as SecretText, or none, are found to hold none', () => {
  expect(new UsageError('Cannot', { ...details, cause: new BearerToken(token) }).name).toBe('UsageError');
  expect(requireErrorsWithoutToken).not.toThrow();
});

test('refuseToken() knows a token as it is sent and as a Secret holds it, and does not repeat it', () => {
  for (const text of [token, base64, `{"token":"${base64}"}`]) {
    expect(() => refuseToken(text, 'stderr')).toThrow(/^A token was written to stderr$/u);
  }
  expect(() => refuseToken('eyJ is how a token begins', 'stderr')).not.toThrow();
});
