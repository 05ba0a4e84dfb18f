import { randomBytes } from 'node:crypto';
import { readdir, readFile, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { prepareRewrite } from '../../lib/system/rewritten-file.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

describe('prepareRewrite()', () => {
  test.each(['replaced', 'written in place'])('gives a file other contents: %s', async (way) => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, 'config');
    for (const text of ['longer than before', 'short', '']) {
      await writeFile(file, 'as it was');
      const before = await stat(file);
      const prepared = await prepareRewrite(file, { random: randomBytes });
      const temporary = (await readdir(directory.path)).find((name) => name !== 'config') ?? '';
      expect(temporary).toMatch(/\.tmp$/u);
      // as at a mount point: it cannot be put in place
      if (way !== 'replaced') await unlink(join(directory.path, temporary));
      await prepared.write(text);
      await prepared.discard();
      expect(await readFile(file, 'utf8')).toBe(text);
      expect((await stat(file)).ino === before.ino).toBe(way !== 'replaced');
      expect(await readdir(directory.path)).toEqual(['config']);
    }
  });

  test('leaves the file as it was without write(), and nothing beside it', async () => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, 'config');
    await writeFile(file, 'as it was');
    await (await prepareRewrite(file, { random: randomBytes })).discard();
    expect([await readFile(file, 'utf8'), await readdir(directory.path)]).toEqual(['as it was', ['config']]);
  });

  test('refuses what cannot be written to before anything is done', async () => {
    await using directory = await temporaryDirectory();
    const { path } = directory;
    await expect(prepareRewrite(path, { random: randomBytes })).rejects.toMatchObject({ code: 'EISDIR' });
    const missing = join(path, 'gone');
    await expect(prepareRewrite(missing, { random: randomBytes })).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await readdir(path)).toEqual([]);
  });
});
