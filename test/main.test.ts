import { expect, test } from 'vitest';
import { main } from '../lib/main.ts';
import { testRuntime } from './support/runtime.ts';

async function run(...args: string[]) {
  const runtime = testRuntime({ args });
  const code = await main(undefined, runtime);
  return { code, stdout: runtime.stdout.text(), stderr: runtime.stderr.text() };
}

test.each([[[]], [['help']], [['--help']], [['-h']], [['help', '--help']]])(
  'kube-sa-token %j lists the commands',
  async (args) => {
    const { code, stdout } = await run(...args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Commands:\n {2}bootstrap-token /mu);
  },
);

test('kube-sa-token help COMMAND prints the help of that command, as COMMAND --help does', async () => {
  const { code, stdout } = await run('help', 'call-api');
  expect(code).toBe(0);
  expect(stdout).toContain('kube-sa-token call-api [METHOD] PATH [flags]');
  expect(stdout).toBe((await run('call-api', '--help')).stdout);
});

test.each([[['cal-api']], [['help', 'cal-api']]])('kube-sa-token %j is exit 2 and names the nearest', async (args) => {
  const { code, stdout, stderr } = await run(...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toBe(
    'error: Cannot run command "cal-api": kube-sa-token has none of this name\nhint: Did you mean call-api?\n',
  );
});
