import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeLine, escapeText } from '../../lib/model/escape.ts';

test.each([
  ['a\u001B[31mred', String.raw`a\x1b[31mred`],
  ['a\rb', String.raw`a\x0db`],
  ['a\u009Bb', String.raw`a\x9bb`],
  ['a\u202Eb', String.raw`a\u{202e}b`],
  ['a\u200Bb', String.raw`a\u{200b}b`],
  ['tab\tline\n', 'tab\tline\n'],
  ['Grüße 日本 🙂', 'Grüße 日本 🙂'],
])('escapeText(%j) shows what would move, recolour, reorder or hide text', (text, shown) => {
  expect(escapeText(text)).toBe(shown);
});

test('escapeLine() is one line, whatever comes in', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      // oxlint-disable-next-line no-control-regex -- control characters are what this is about
      (text) => !/[\u0000-\u001F\u007F-\u009F\u2028\u2029]/u.test(escapeLine(text)),
    ),
  );
});
