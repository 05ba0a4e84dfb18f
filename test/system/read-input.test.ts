import { spawnSync } from 'node:child_process';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readInput } from '../../lib/system/read-input.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const { signal } = new AbortController();
const onWindows = process.platform === 'win32';

function makeFifo(directory: string): string {
  const path = join(directory, 'fifo');
  expect(spawnSync('mkfifo', [path]).status).toBe(0);
  return path;
}

test('readInput() reads a file to its end', async () => {
  await using directory = await temporaryDirectory();
  const path = join(directory.path, 'file');
  const text = 'x'.repeat(200_000);
  await writeFile(path, text);
  expect((await readInput(path, { signal })).toString()).toBe(text);
  expect((await readInput(path, { limit: 200_000, signal })).length).toBe(200_000);
});

test.skipIf(onWindows)('readInput() stops once there is more than the limit', async () => {
  const { length } = await readInput('/dev/zero', { limit: 1000, signal });
  expect(length).toBeGreaterThan(1000);
});

test.each([
  ['/nonexistent/file', 'ENOENT'],
  ['/', 'EISDIR'],
])('readInput() of %s rejects with %s', async (path, code) => {
  await expect(readInput(path, { signal })).rejects.toMatchObject({ code });
});

test.skipIf(onWindows)('readInput() waits for a FIFO until somebody has written to it', async () => {
  await using directory = await temporaryDirectory();
  const path = makeFifo(directory.path);
  const reading = readInput(path, { signal });
  await appendFile(path, 'hello');
  expect((await reading).toString()).toBe('hello');
});

test.skipIf(onWindows)('readInput() of a FIFO without a writer ends with the reason of its signal', async () => {
  await using directory = await temporaryDirectory();
  const controller = new AbortController();
  const reading = readInput(makeFifo(directory.path), { signal: controller.signal });
  setImmediate(() => controller.abort(new Error('interrupted')));
  await expect(reading).rejects.toThrow('interrupted');
});
