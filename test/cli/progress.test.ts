import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createProgress, type Progress } from '../../lib/cli/progress.ts';
import type { OutputStream } from '../../lib/system/runtime.ts';
import { testRuntime } from '../support/runtime.ts';

function told(progress: Progress) {
  progress.step('Creating Secret "ci-bot-token-x"');
  progress.note('it is new');
  progress.step('Waiting for the token controller');
  progress.warn('slow');
  progress.warn('TLS is not verified', { always: true });
}

test('createProgress() writes one plain line a step where there is no terminal', async () => {
  const { stderr, env } = testRuntime();
  const progress = createProgress({ stderr, env });
  told(progress);
  await progress.end();
  expect(stderr.text()).toBe(
    `Creating Secret "ci-bot-token-x"
note: it is new
Waiting for the token controller
warning: slow
warning: TLS is not verified
`,
  );
});

test('createProgress() says with --quiet only what nobody may miss', async () => {
  const { stderr, env } = testRuntime({ stderrIsTTY: true, env: { NO_COLOR: '1' } });
  const progress = createProgress({ stderr, env, quiet: true });
  told(progress);
  await progress.end();
  expect(stderr.text()).toBe('warning: TLS is not verified\n');
});

test('createProgress() does not animate on a dumb terminal', async () => {
  const { stderr, env } = testRuntime({ stderrIsTTY: true, env: { TERM: 'dumb' } });
  const progress = createProgress({ stderr, env });
  told(progress);
  await progress.end();
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  expect(stderr.text()).not.toMatch(/[\u001B\r]/u);
});

test('createProgress() keeps control characters of a cluster off the terminal', async () => {
  const { stderr, env } = testRuntime();
  const progress = createProgress({ stderr, env });
  progress.step('Waiting for "\u001B[2J"');
  progress.warn('a\nb\r\u0007');
  await progress.end();
  expect(stderr.text()).toBe('Waiting for "\\x1b[2J"\nwarning: a b \\x07\n');
});

test('createProgress() lets the work go on when stderr is gone', async () => {
  const stderr: OutputStream = { isTTY: false, write: () => Promise.reject(new Error('EPIPE')) };
  const progress = createProgress({ stderr, env: {} });
  told(progress);
  await expect(progress.end()).resolves.toBeUndefined();
});

describe('createProgress() on a terminal', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('shows a spinner and leaves a line for each step that is done', async () => {
    const { stderr, env } = testRuntime({ stderrIsTTY: true, env: { NO_COLOR: '1' } });
    const progress = createProgress({ stderr, env });
    progress.step('Creating');
    await vi.advanceTimersByTimeAsync(100);
    progress.step('Waiting');
    progress.note('hm');
    await progress.end('failed');
    expect(visible(stderr.text())).toEqual(['✓ Creating', 'note: hm', '✗ Waiting', '']);
    expect(stderr.text()).toContain('⠙ Creating');
    const before = stderr.text();
    await vi.advanceTimersByTimeAsync(1000);
    expect(stderr.text()).toBe(before);
  });

  test('leaves nothing of a step that is done where it is transient', async () => {
    const { stderr, env } = testRuntime({ stderrIsTTY: true, env: { NO_COLOR: '1' } });
    const progress = createProgress({ stderr, env, transient: true });
    progress.step('Creating');
    progress.note('hm');
    progress.step('Waiting');
    await progress.end();
    expect(visible(stderr.text())).toEqual(['note: hm', '']);
  });

  test('never draws a line that wraps, since it could not be cleared', async () => {
    const { stderr, env } = testRuntime({ stderrIsTTY: true, env: { NO_COLOR: '1' } });
    const progress = createProgress({ stderr: { ...stderr, columns: 20 }, env });
    progress.step('A step with a very long description');
    await vi.advanceTimersByTimeAsync(100);
    expect(stderr.text().split('\r\u001B[K')).toEqual(['', '⠋ A step with a ve…', '⠙ A step with a ve…']);
    await progress.end();
    expect(visible(stderr.text())).toEqual(['✓ A step with a very long description', '']);
  });
});

/** The lines that stand on a terminal after all that was written. */
function visible(text: string): string[] {
  return text.split('\n').map((line) => line.split('\r\u001B[K').at(-1) ?? '');
}
