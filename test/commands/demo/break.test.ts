import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { FaultName } from '../../../lib/sandbox/faults/names.ts';
import { refuseToken } from '../../support/no-token.ts';
import { runCommand } from '../../support/run-command.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const demo = (fault: FaultName, ...args: string[]) => runCommand('demo', ['--sandbox', '--break', fault, ...args]);

/** The numbers of the steps that were shown, and the text of each, in one line. */
function stepsOf(stdout: string): Map<number, string> {
  const [, ...parts] = stdout.split(/^── (\d+)\/\d+ {2}/mu);
  const pairs = parts.flatMap((part, index) =>
    index % 2 === 0 ? [[Number(part), (parts[index + 1] ?? '').replaceAll(/\s+/gu, ' ')] as const] : [],
  );
  return new Map(pairs);
}

test.each<[FaultName, string[], { code: number; step: number; told: RegExp; cleansUp: boolean }]>([
  ['controller-off', ['--wait-timeout', '50ms'], { code: 5, step: 4, told: /still empty after 50ms/u, cleansUp: true }],
  ['account-deleted', [], { code: 3, step: 4, told: /the ServiceAccount was deleted meanwhile/u, cleansUp: true }],
  ['bogus-token', [], { code: 6, step: 4, told: /it is not a token/u, cleansUp: true }],
  ['terminal-escapes', [], { code: 6, step: 5, told: /ci-bot\\x1b\]0;owned\\x07/u, cleansUp: true }],
  ['login-page', [], { code: 1, step: 2, told: /200 OK with an HTML page "Sign in"/u, cleansUp: false }],
  ['redirect', [], { code: 1, step: 2, told: /redirects to "https:\/\/login\.example\.com\/"/u, cleansUp: false }],
  ['expired-certificate', [], { code: 3, step: 2, told: /its certificate has expired/u, cleansUp: false }],
])(
  'demo --break %s shows what a user is told, cleans up, and ends with its exit code',
  async (fault, args, { code, step, told, cleansUp }) => {
    const run = await demo(fault, ...args);
    expect({ code: run.code, stderr: run.stderr }).toMatchObject({ code });
    expect(run.stderr).toMatch(new RegExp(`^error: .*${told.source}`, 'mu'));
    const steps = stepsOf(run.stdout);
    const before = Array.from({ length: step }, (_, index) => index + 1);
    expect([...steps.keys()]).toEqual(cleansUp ? [...before, 12] : before);
    expect(steps.get(step)).toMatch(new RegExp(`What you are told .*error: .*${told.source}`, 'u'));
    if (cleansUp) expect(steps.get(12)).toContain('Nothing of the tour is left.');
    expect(run.stderr).not.toContain('could not be removed');
    refuseToken(run.stdout, 'stdout');
    // oxlint-disable-next-line no-control-regex -- control characters are what this is about
    expect(run.stdout + run.stderr).not.toMatch(/[\u001B\u009B\u202E]/u);
  },
);

test.each<FaultName>(['reset-watch', 'error-page', 'flapping-401'])(
  'demo --break %s goes its whole way all the same',
  async (fault) => {
    const { code, stderr, stdout } = await demo(fault);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stepsOf(stdout).size).toBe(12);
  },
);

test('demo --break says how the sandbox is broken, in its recording, too', async () => {
  await using directory = await temporaryDirectory();
  const args = ['--sandbox', '--break', 'login-page', '--break', 'no-ca', '--record', 'tour.cast'];
  const { stdout } = await runCommand('demo', args, { cwd: directory.path });
  expect(stdout.replaceAll(/\s+/gu, ' ')).toContain(
    'The sandbox is broken on purpose: login-page: every request gets 200 and the HTML page of a login no-ca: ',
  );
  const [header = ''] = (await readFile(join(directory.path, 'tour.cast'), 'utf8')).split('\n');
  expect(JSON.parse(header)).toMatchObject({
    command: 'npx zx scripts/demo.mjs --sandbox --break login-page --break no-ca',
  });
});

test.each([
  [['--break', 'no-ca'], /Cannot use --break without --sandbox/u],
  [['--sandbox', '--break', 'no-cs'], /hint: Did you mean no-ca\?/u],
])('demo %j is exit 2, and shows nothing', async (args, stderr) => {
  const run = await runCommand('demo', args);
  expect(run).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(stderr) });
});
