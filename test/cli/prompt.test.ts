import { expect, test } from 'vitest';
import { createPrompter } from '../../lib/cli/prompt.ts';
import { InterruptedError } from '../../lib/model/errors.ts';
import { testRuntime, type TestRuntimeOptions } from '../support/runtime.ts';

const terminal: TestRuntimeOptions = { stdinIsTTY: true, stderrIsTTY: true };

test.each([
  [true, true, false, true],
  [true, false, false, false],
  [false, true, false, false],
  [true, true, true, false],
])(
  'createPrompter() with stdin terminal %s, stderr terminal %s, --no-input %s can ask: %s',
  (stdinIsTTY, stderrIsTTY, noInput, canAsk) => {
    expect(createPrompter({ ...testRuntime({ stdinIsTTY, stderrIsTTY }), noInput }).canAsk).toBe(canAsk);
  },
);

test.each([
  ['2\n', 'prod'],
  ['prod\n', 'prod'],
  ['7\n', '7'],
  ['0\n9\n 1 \n', 'dev'],
  ['x\nx\nx\n1\n', undefined],
  ['', undefined],
])('select() answered %j chooses %s', async (stdin, chosen) => {
  const runtime = testRuntime({ ...terminal, stdin });
  expect(await createPrompter(runtime).select('Which context?', ['dev', 'prod', '7'])).toBe(chosen);
  expect(runtime.stderr.text()).toMatch(
    /^Which context\?\n {2}1\) dev\n {2}2\) prod\n {2}3\) 7\nNumber or name \[1-3\]: /u,
  );
  expect(runtime.stdout.text()).toBe('');
});

test('select() ends with the signal that interrupts the run', async () => {
  const runtime = testRuntime(terminal);
  runtime.interrupt('SIGINT');
  const asked = createPrompter({ ...runtime, signal: runtime.interruption.signal }).select('Which?', ['a', 'b']);
  await expect(asked).rejects.toThrow(InterruptedError);
});

test.each([
  ['\n', true],
  ['', false],
])('pause() answered %j goes on, and says that somebody is there: %s', async (stdin, somebody) => {
  const runtime = testRuntime({ ...terminal, stdin });
  expect(await createPrompter(runtime).pause('Enter: go on')).toBe(somebody);
  expect(runtime.stderr.text()).toBe('Enter: go on ');
});
