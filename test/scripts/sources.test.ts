import { utimesSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isFresh, readSources } from '../../scripts/dev/sources.mjs';
import { makeClone } from '../support/clone.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const later = () => Date.now() + 10_000;

test('readSources() trusts the times of a file only when a second change could not hide behind them', async () => {
  await using directory = await temporaryDirectory();
  const { root } = makeClone(directory.path);
  expect(Object.values(readSources(root)).filter(({ stat }) => stat !== undefined)).toEqual([]);
  expect(Object.values(readSources(root, later())).filter(({ stat }) => stat === undefined)).toEqual([]);
  expect(Object.keys(readSources(root))).toEqual(
    expect.arrayContaining(['lib/main.ts', 'lib/system/runtime.ts', 'package.json', 'scripts/dev/build.mjs']),
  );
});

test('isFresh() keeps the new times of sources that were only touched, once they are trusted', async () => {
  await using directory = await temporaryDirectory();
  const clone = makeClone(directory.path);
  await clone.start();
  expect(isFresh(clone.root, { now: later() })).toBe(true);
  const first = clone.read('dist/sources.json');
  expect(isFresh(clone.root, { now: later() })).toBe(true);
  expect(clone.read('dist/sources.json')).toBe(first);
  utimesSync(clone.path('lib/main.ts'), 1, 1);
  expect(isFresh(clone.root, { now: later() })).toBe(true);
  expect(clone.read('dist/sources.json')).not.toBe(first);
});

test('a start that names no sandbox does without a look at lib/sandbox/, and one that does builds what was changed there', async () => {
  await using directory = await temporaryDirectory();
  const clone = makeClone(directory.path);
  await clone.start();
  const built = clone.builtAt();
  clone.write('lib/sandbox/index.ts', 'export const sandbox = "another";\n');
  expect(isFresh(clone.root)).toBe(false);
  await clone.start();
  expect(clone.builtAt()).toBe(built);
  await clone.start(['--sandbox']);
  expect(clone.builtAt()).not.toBe(built);
  expect(clone.read('dist/sandbox.js')).toContain('another');
});
