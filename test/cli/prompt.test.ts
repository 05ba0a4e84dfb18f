import { describe, expect, test } from 'vitest';
import { createPrompter, promptForChoice } from '../../lib/cli/prompt.ts';
import { InterruptedError, UsageError } from '../../lib/model/errors.ts';
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

test.each([
  ['y\n', true],
  ['YES\n', true],
  ['n\n', false],
  ['\n', false],
  ['yesterday\n', false],
  ['', false],
])('confirm() answered %j is %s', async (stdin, answer) => {
  const runtime = testRuntime({ ...terminal, stdin });
  expect(await createPrompter(runtime).confirm('Revoke it?')).toBe(answer);
  expect(runtime.stderr.text()).toBe('Revoke it? [y/N] ');
});

test.each([
  ['3\n', true],
  ['y\n', false],
  ['33\n', false],
  ['', false],
])('confirmByTyping() answered %j is %s', async (stdin, answer) => {
  expect(await createPrompter(testRuntime({ ...terminal, stdin })).confirmByTyping('Revoke 3 tokens?', '3')).toBe(
    answer,
  );
});

describe('promptForChoice()', () => {
  const choice = { candidates: ['dev', 'prod'], why: 'two contexts use cluster "kind"' };

  test('asks on a terminal', async () => {
    const runtime = testRuntime({ ...terminal, stdin: 'prod\n' });
    expect(await promptForChoice(runtime, { flags: { noInput: false }, ...choice })).toBe('prod');
  });

  test.each([
    [{}, false],
    [terminal, true],
    [{ ...terminal, stdin: '' }, false],
  ])('with %o and --no-input %s refuses, listing the candidates and naming the flag', async (options, noInput) => {
    const error: unknown = await promptForChoice(testRuntime(options), { flags: { noInput }, ...choice }).catch(
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({
      message: 'Cannot choose: two contexts use cluster "kind": "dev", "prod"',
      hint: '--context NAME chooses one',
    });
  });

  test('lists no more than twenty candidates', async () => {
    const candidates = Array.from({ length: 25 }, (_, index) => `c${index}`);
    const asked = promptForChoice(testRuntime(), { flags: { noInput: true }, ...choice, candidates });
    await expect(asked).rejects.toThrow(/"c19" and 5 more$/u);
  });

  test('ends with the signal that interrupts the run', async () => {
    const runtime = testRuntime(terminal);
    runtime.interrupt('SIGINT');
    await expect(promptForChoice(runtime, { flags: { noInput: false }, ...choice })).rejects.toThrow(InterruptedError);
  });
});
