import { expect, test } from 'vitest';
import { paint, usesColour } from '../../lib/cli/colour.ts';
import type { Env } from '../../lib/system/runtime.ts';
import { testRuntime } from '../support/runtime.ts';

test.each<[isTTY: boolean, env: Env, noColor: boolean, expected: boolean]>([
  [true, {}, false, true],
  [true, { NO_COLOR: '' }, false, true],
  [true, { NO_COLOR: '1' }, false, false],
  [true, { TERM: 'dumb' }, false, false],
  [true, {}, true, false],
  [true, { FORCE_COLOR: '0' }, false, false],
  [false, {}, false, false],
  [false, { FORCE_COLOR: '1' }, false, true],
  [false, { FORCE_COLOR: '1', NO_COLOR: '1' }, false, false],
  [false, { FORCE_COLOR: '1' }, true, false],
])('usesColour() with terminal %s, %o and --no-color %s is %s', (stderrIsTTY, env, noColor, expected) => {
  expect(usesColour(testRuntime({ stderrIsTTY }).stderr, env, { noColor })).toBe(expected);
});

test('paint() leaves the text alone where there is no colour', () => {
  expect(paint('red', 'error:', false)).toBe('error:');
  expect(paint('red', 'error:', true)).toBe('\u001B[31merror:\u001B[0m');
});
