import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { OutputError, UsageError } from '../../lib/model/errors.ts';
import { prepareOutputFile } from '../../lib/system/output-file.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'output-file-'));
});
afterEach(() => rm(cwd, { recursive: true }));

const prepare = (path: string) => prepareOutputFile(path, { cwd, random: randomBytes });
const modeOf = async (path: string) => ((await stat(join(cwd, path))).mode & 0o777).toString(8);

test('prepareOutputFile() writes a new file for its owner alone, whatever the umask', async () => {
  const file = await prepare('token');
  await file.write('secret');
  expect(await readFile(join(cwd, 'token'), 'utf8')).toBe('secret');
  expect(await modeOf('token')).toBe('600');
  expect(await readdir(cwd)).toEqual(['token']);
});

test.each([
  ['644', '640'],
  ['660', '660'],
  ['400', '400'],
])('prepareOutputFile() keeps mode %s of an existing file, less what others may do', async (before, after) => {
  await writeFile(join(cwd, 'token'), 'old');
  await chmod(join(cwd, 'token'), Number.parseInt(before, 8));
  await (await prepare('token')).write('new');
  expect(await modeOf('token')).toBe(after);
  expect(await readFile(join(cwd, 'token'), 'utf8')).toBe('new');
});

test('prepareOutputFile() leaves the existing file as it was until write()', async () => {
  await writeFile(join(cwd, 'token'), 'old');
  const file = await prepare('token');
  expect(await readFile(join(cwd, 'token'), 'utf8')).toBe('old');
  await file.discard();
  expect(await readFile(join(cwd, 'token'), 'utf8')).toBe('old');
  expect(await readdir(cwd)).toEqual(['token']);
});

test.each([
  ['missing/token', 'its directory does not exist'],
  ['directory', 'it is a directory'],
  ['link', 'it is a symbolic link'],
  ['dangling', 'it is a symbolic link'],
  ['file/token', 'its path leads through a file'],
])('prepareOutputFile() refuses %s before anything is done: %s', async (path, why) => {
  await mkdir(join(cwd, 'directory'));
  await writeFile(join(cwd, 'file'), '');
  await symlink(join(cwd, 'file'), join(cwd, 'link'));
  await symlink(join(cwd, 'nowhere'), join(cwd, 'dangling'));
  const before = await readdir(cwd);
  await expect(prepare(path)).rejects.toThrow(UsageError);
  await expect(prepare(path)).rejects.toThrow(`Cannot write --output-file "${path}": ${why}`);
  expect(await readdir(cwd)).toEqual(before);
});

test.skipIf(process.platform !== 'linux')('prepareOutputFile() refuses a device', async () => {
  await expect(prepare('/dev/null')).rejects.toThrow('it is not a regular file');
});

test('an OutputFile whose directory vanished says so, and discard() has nothing to do', async () => {
  await mkdir(join(cwd, 'directory'));
  const file = await prepare('directory/token');
  await rm(join(cwd, 'directory'), { recursive: true });
  await expect(file.write('secret')).rejects.toThrow(OutputError);
  await file.discard();
});
