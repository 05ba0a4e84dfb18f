import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { faultNames } from '../../lib/sandbox/faults/names.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

test("the README's table of faults has each of them, and what it says of itself", async () => {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const [, table = ''] = /^\| fault .*\n\|[ :|-]+\|\n((?:\|.*\n)+)/mu.exec(readme) ?? [];
  const rows = [...table.matchAll(/^\| `([\w-]+)`\s+\| (.+?)\s+\|$/gmu)].map(([, name, what]) => [name, what]);
  expect(rows).toEqual(Object.entries(faultNames));
});
