import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { run } from '../support/clone.ts';

const script = join(fileURLToPath(new URL('../..', import.meta.url)), 'scripts/dev/control-plane.mjs');

test.for([
  [['--bogus'], 'Unknown option "--bogus"'],
  [['--ecdsa=yes'], 'Option "--ecdsa" does not take an argument'],
  [['extra'], 'Unexpected argument "extra"'],
] as const)('npm run control-plane refuses %j in one line', async ([args, why]) => {
  const stderr = expect.stringMatching(`^error: ${why}[^\n]*\\. Run: npm run control-plane -- --help\n$`);
  expect(await run(process.execPath, [script, ...args])).toEqual({ code: 2, stdout: '', stderr });
});

test('npm run control-plane prints its usage', async () => {
  const { code, stdout, stderr } = await run(process.execPath, [script, '--help']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^usage: npm run control-plane -- \[/u);
});
