import { expect, test, vi } from 'vitest';
import { sleep, withDeadline } from '../../lib/system/deadline.ts';

const until = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new Error('cut'))));

test('withDeadline() throws its own reason, whatever the work made of the abort', async () => {
  vi.useFakeTimers();
  try {
    const waiting = expect(withDeadline(1000, { reason: () => new Error('too late') }, until)).rejects.toThrow(
      'too late',
    );
    await vi.advanceTimersByTimeAsync(1000);
    await waiting;
  } finally {
    vi.useRealTimers();
  }
});

test('withDeadline() inside another: the one that fires first names itself', async () => {
  vi.useFakeTimers();
  try {
    const nested = withDeadline(2000, { reason: () => new Error('outer') }, (signal) =>
      withDeadline(1000, { signal, reason: () => new Error('inner') }, until),
    );
    const waiting = expect(nested).rejects.toThrow('inner');
    await vi.advanceTimersByTimeAsync(2000);
    await waiting;
  } finally {
    vi.useRealTimers();
  }
});

test('withDeadline() passes the reason of the outer signal on, and does not begin after it', async () => {
  const controller = new AbortController();
  const working = withDeadline(Infinity, { signal: controller.signal, reason: () => new Error('never') }, until);
  controller.abort(new Error('interrupted'));
  await expect(working).rejects.toThrow('interrupted');
  let begun = false;
  const late = withDeadline(1000, { signal: controller.signal, reason: () => new Error('never') }, async () => {
    begun = true;
  });
  await expect(late).rejects.toThrow('interrupted');
  expect(begun).toBe(false);
});

test('sleep() ends with the reason of its signal', async () => {
  const controller = new AbortController();
  const sleeping = sleep(60_000, controller.signal);
  controller.abort(new Error('interrupted'));
  await expect(sleeping).rejects.toThrow('interrupted');
});
