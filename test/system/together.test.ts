import { expect, test } from 'vitest';
import { together } from '../../lib/system/together.ts';

const until = (signal: AbortSignal, ended: () => void) =>
  new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => {
      ended();
      reject(new Error('cut'));
    }),
  );

test('together() gives all results, in order', async () => {
  const { signal } = new AbortController();
  expect(await together(signal, () => [Promise.resolve(1), Promise.resolve('a')])).toEqual([1, 'a']);
});

test('together() throws the first failure, and has ended the others by then', async () => {
  const { signal } = new AbortController();
  let ended = 0;
  const work = together(signal, (limited) => [
    until(limited, () => (ended += 1)),
    Promise.reject(new Error('first')),
    until(limited, () => (ended += 1)),
  ]);
  await expect(work).rejects.toThrow('first');
  expect(ended).toBe(2);
});

test('together() passes the signal of the caller on', async () => {
  const controller = new AbortController();
  const work = together(controller.signal, (limited) => [until(limited, () => undefined)]);
  controller.abort();
  await expect(work).rejects.toThrow('cut');
});
