import fc from 'fast-check';
import { expect, test } from 'vitest';
import { renderError } from '../../lib/cli/render-error.ts';
import { UsageError } from '../../lib/model/errors.ts';
import { forgetErrorsOfUser } from '../support/errors-hold-no-token.ts';

test('renderError() writes the error and its hint, a line each', () => {
  const error = new UsageError('Cannot find context "kind-dve"', {
    reason: 'NoContext',
    hint: 'Did you mean kind-dev?',
  });
  expect(renderError(error)).toBe('error: Cannot find context "kind-dve"\nhint: Did you mean kind-dev?\n');
  expect(renderError(error, { colour: true })).toBe(
    '\u001B[31merror:\u001B[0m Cannot find context "kind-dve"\n\u001B[36mhint:\u001B[0m Did you mean kind-dev?\n',
  );
});

test('renderError() calls anything unknown a bug, and says where it came from', () => {
  const text = renderError(new TypeError('x is not a function'));
  expect(text).toMatch(
    /^error: Cannot go on: TypeError: x is not a function \(at .*render-error\.test\.ts:\d+:\d+\)\nhint: This is a bug/u,
  );
  expect(renderError('odd')).toMatch(/^error: Cannot go on: odd\nhint: /u);
});

test('renderError() keeps one line an error, and control characters off the terminal', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (message) => {
      const text = renderError(new UsageError(message, { reason: 'Test' }));
      expect(text.endsWith('\n')).toBe(true);
      // oxlint-disable-next-line no-control-regex -- control characters are what this is about
      expect(text.slice(0, -1)).not.toMatch(/[\u0000-\u001F\u007F-\u009F]/u);
    }),
  );
});

test.each([
  'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrdWJlcm5ldGVzIn0.c2lnbmF0dXJl',
  'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrdWJlcm5ldGVz',
  'eyJhbGciOiJSUzI1NiJ9',
])('renderError() masks what looks like a token: %s', (token) => {
  const text = renderError(new UsageError(`Cannot read "${token}"`, { reason: 'Test', hint: `use ${token}` }));
  expect(text).toBe('error: Cannot read "[redacted token]"\nhint: use [redacted token]\n');
  expect(renderError(new SyntaxError(`Unexpected token in ${token}`))).not.toContain(token);
  forgetErrorsOfUser();
});
