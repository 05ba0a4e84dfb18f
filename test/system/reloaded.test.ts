import { linkSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
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

  test('loads again once the file was written, whatever its size and the time that it is given', async () => {
    await using watch = await watched('one');
    const time = new Date(1_700_000_000_000);
    await utimes(watch.file, time, time);
    await watch.read();
    await writeFile(watch.file, 'two');
    await utimes(watch.file, time, time);
    expect(await watch.read()).toEqual({ found: 'two' });
  });

  test('loads again once another file is there, whatever else is the same of it', async ({ skip }) => {
    await using watch = await watched('one');
    const { file, path, read } = watch;
    const other = join(path, 'other');
    writeFileSync(other, 'two');
    for (const name of ['one', 'two']) await symlink(join(path, name), join(path, `to-${name}`));
    linkSync(file, join(path, 'one'));
    linkSync(other, join(path, 'two'));
    await rm(file);
    await rename(join(path, 'to-one'), file);
    // the clock of a file system goes by milliseconds: two files get one time, if they are quick
    const times = () => [file, other].map((name) => statSync(name, { bigint: true }).ctimeNs);
    const isSame = () => {
      for (const name of [file, other]) utimesSync(name, 1_700_000_000, 1_700_000_000);
      const [one, two] = times();
      return one === two;
    };
    skip(!Array.from({ length: 1000 }).some(isSame), 'no two files have one time here');
    expect(await read()).toEqual({ found: 'one' });
    renameSync(join(path, 'to-two'), file);
    expect(await read()).toEqual({ found: 'two' });
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
