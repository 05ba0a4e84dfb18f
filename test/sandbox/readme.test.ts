import { execFile } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { faultNames } from '../../lib/sandbox/faults/names.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

test("the README's program for tests runs: client-node on a sandbox, and the process ends by itself", async () => {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const programs = [...readme.matchAll(/^```ts\n([\s\S]*?)^```$/gmu)].map(([, text = '']) => text);
  const program = programs.find((text) => text.includes('startSandbox')) ?? '';
  await using directory = await temporaryDirectory();
  await mkdir(join(directory.path, 'node_modules/@kubernetes'), { recursive: true });
  await symlink(root, join(directory.path, 'node_modules/kube-sa-token'));
  const clientNode = 'node_modules/@kubernetes/client-node';
  await symlink(join(root, clientNode), join(directory.path, clientNode));
  const file = join(directory.path, 'program.mjs');
  await writeFile(file, `${program}\nconsole.log(data.colour);\n`);
  const { stdout } = await promisify(execFile)(process.execPath, [file]);
  expect(stdout).toBe('blue\n');
});

test("the README's table of faults has each of them, and what it says of itself", async () => {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const [, table = ''] = /^\| fault .*\n\|[ :|-]+\|\n((?:\|.*\n)+)/mu.exec(readme) ?? [];
  const rows = [...table.matchAll(/^\| `([\w-]+)`\s+\| (.+?)\s+\|$/gmu)].map(([, name, what]) => [name, what]);
  expect(rows).toEqual(Object.entries(faultNames));
});
