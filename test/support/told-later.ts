import { readFile, rename, writeFile } from 'node:fs/promises';
import { sleep } from '../../lib/system/deadline.ts';

// What vitest's main process provides is fixed before the tests run. What it knows only while they run, it tells them
// in a file whose path is provided.

/** Tells a value to whoever waits for it. */
export async function tell(file: string, value: unknown): Promise<void> {
  await writeFile(`${file}.part`, JSON.stringify(value), { mode: 0o600 });
  await rename(`${file}.part`, file);
}

/** Waits for the value that will be told. */
export async function told<Value>(file: string): Promise<Value> {
  for (;;) {
    try {
      return JSON.parse(await readFile(file, 'utf8')) as Value;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    await sleep(100);
  }
}
