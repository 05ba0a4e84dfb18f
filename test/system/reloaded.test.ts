import { rename, rm, symlink, writeFile } from 'node:fs/promises';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { reloaded } from '../../lib/system/reloaded.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** The text of a file, which is none while it has `half` in it; `loads` counts how often it was read. */
async function watched(text: string) {
  const directory = await temporaryDirectory();
  const file = join(directory.path, 'file');
  await writeFile(file, text);
  let loads = 0;
  const read = reloaded([file], async () => {
    loads += 1;
    const found = await readFile(file, 'utf8');
    if (found.includes('half')) throw new Error('half-written');
    return { found };
  });
  return {
    file,
    path: directory.path,
    read,
    get loads() {
      return loads;
    },
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}

describe('reloaded()', () => {
  test('loads once while the file stays, also for many who ask at once', async () => {
    await using watch = await watched('one');
    const values = await Promise.all([watch.read(), watch.read(), watch.read()]);
    values.push(await watch.read());
    expect(new Set(values).size).toBe(1);
    expect(watch.loads).toBe(1);
  });

  test('loads again once the file was written, replaced, or its link leads elsewhere', async () => {
    await using watch = await watched('one');
    const { file, path, read } = watch;
    await read();
    await writeFile(file, 'two-');
    expect(await read()).toEqual({ found: 'two-' });
    await writeFile(join(path, 'new'), 'three');
    await rename(join(path, 'new'), file);
    expect(await read()).toEqual({ found: 'three' });
    await writeFile(join(path, 'target'), 'four');
    await rm(file);
    await symlink('target', file);
    expect(await read()).toEqual({ found: 'four' });
  });

  test('keeps what it loaded last while the file is half-written or gone', async () => {
    await using watch = await watched('one');
    const first = await watch.read();
    await writeFile(watch.file, 'half');
    expect(await watch.read()).toBe(first);
    await rm(watch.file);
    expect(await watch.read()).toBe(first);
    await writeFile(watch.file, 'whole again');
    expect(await watch.read()).toEqual({ found: 'whole again' });
  });

  test('throws while it has nothing yet, and loads when it can', async () => {
    await using watch = await watched('half');
    await expect(watch.read()).rejects.toThrow('half-written');
    await writeFile(watch.file, 'one');
    expect(await watch.read()).toEqual({ found: 'one' });
  });
});
