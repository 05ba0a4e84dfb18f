import { spawnSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openKeptFile } from '../../lib/system/kept-file.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const random = (size: number) => crypto.getRandomValues(new Uint8Array(size));
/** Of a process that is no more. */
const gonePid = () => spawnSync(process.execPath, ['--eval', '0']).pid;

describe('openKeptFile()', () => {
  test.each<[whose: string, lock: () => string]>([
    ['is no more', () => `${gonePid()} - ${hostname()}\n`],
    ['is no more, and another has its number', () => `${process.pid} 1 ${hostname()}\n`],
  ])('takes over the lock of a process that %s', async (_, lock) => {
    await using directory = await temporaryDirectory();
    await writeFile(join(directory.path, 'x.lock'), lock());
    const file = await openKeptFile('x', { cwd: directory.path, random });
    expect(await readFile(join(directory.path, 'x.lock'), 'utf8')).toMatch(new RegExp(`^${process.pid} `, 'u'));
    await file.release();
    expect(await readdir(directory.path)).toEqual([]);
  });

  test.each<[whose: string, lock: string, error: string]>([
    ['that runs', `${process.ppid} - ${hostname()}\n`, `process ${process.ppid} is using it`],
    ['of another host', '1 - elsewhere\n', 'process 1 on host "elsewhere" is using it'],
    ['that has not written who it is', '', 'another process is using it'],
  ])('respects the lock of a process %s', async (_, lock, error) => {
    await using directory = await temporaryDirectory();
    const path = join(directory.path, 'x.lock');
    await writeFile(path, lock);
    await expect(openKeptFile('x', { cwd: directory.path, random })).rejects.toThrow(error);
    expect(await readFile(path, 'utf8')).toBe(lock);
  });

  test('is had by one of many who want it at once, though a lock was left', async () => {
    await using directory = await temporaryDirectory();
    await writeFile(join(directory.path, 'x.lock'), `${gonePid()} - ${hostname()}\n`);
    const wanted = Array.from({ length: 20 }, () => openKeptFile('x', { cwd: directory.path, random }));
    const outcomes = await Promise.allSettled(wanted);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('may be released twice, and leaves the lock of the next one alone', async () => {
    await using directory = await temporaryDirectory();
    const first = await openKeptFile('x', { cwd: directory.path, random });
    await first.release();
    const second = await openKeptFile('x', { cwd: directory.path, random });
    await first.release();
    await expect(openKeptFile('x', { cwd: directory.path, random })).rejects.toMatchObject({ reason: 'FileInUse' });
    await second.release();
  });

  test('removes what a process that was killed had begun to write, and nothing else', async () => {
    await using directory = await temporaryDirectory();
    for (const name of ['.x.0123456789ab.tmp', '.x.other.tmp', '.y.0123456789ab.tmp']) {
      await writeFile(join(directory.path, name), '');
    }
    const file = await openKeptFile('x', { cwd: directory.path, random });
    await file.release();
    expect((await readdir(directory.path)).toSorted()).toEqual(['.x.other.tmp', '.y.0123456789ab.tmp']);
  });
});
