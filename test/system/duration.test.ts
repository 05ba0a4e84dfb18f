import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDuration, renderDuration } from '../../lib/system/duration.ts';

test.each([
  ['0', 0],
  ['30s', 30_000],
  ['1h30m', 5_400_000],
  ['1.5h', 5_400_000],
  ['.5s', 500],
  ['250ms', 250],
  ['1m0.5s', 60_500],
  ['2160h', 7_776_000_000],
])('parseDuration(%j) is %d ms, as Go reads it', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(['', '30', 's', '-1s', '1d', '1 s', '1h30', 'ms', '1.2.3s'])('parseDuration(%j) is no duration', (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

test('parseDuration(renderDuration(d)) = d, to the millisecond', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 10 ** 11 }),
      (ms) => Math.round(parseDuration(renderDuration(ms)) ?? -1) === ms,
    ),
  );
});
