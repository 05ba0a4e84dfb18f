import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type Clone, makeClone, run } from '../support/clone.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const prepare = (clone: Clone) =>
  run('npm', ['run', '--silent', 'prepare'], { cwd: clone.root, shell: process.platform === 'win32' });

// npm runs it for an install from git, with what developing needs installed, and then packs without `prepack`.
test('prepare makes the declarations besides the code', async () => {
  await using directory = await temporaryDirectory();
  const clone = makeClone(directory.path);
  for (const name of ['typescript', '@types'])
    symlinkSync(join(repository, 'node_modules', name), clone.path(`node_modules/${name}`), 'dir');
  expect(await prepare(clone)).toMatchObject({ code: 0, stdout: '' });
  expect(clone.read('dist/types/lib/index.d.ts')).toBe('export declare const index = true;\n');
  clone.write('lib/index.ts', 'export const index: string = true;\n');
  const { code, stdout, stderr } = await prepare(clone);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  expect(stderr).toContain('\nwarning: dist/types is not whole: npm run typecheck\n');
});

test('prepare makes the code alone where TypeScript is not installed', async () => {
  await using directory = await temporaryDirectory();
  const clone = makeClone(directory.path);
  expect(await prepare(clone)).toMatchObject({ code: 0, stdout: '' });
  expect(existsSync(clone.path('dist/main.js'))).toBe(true);
  expect(existsSync(clone.path('dist/types'))).toBe(false);
});
