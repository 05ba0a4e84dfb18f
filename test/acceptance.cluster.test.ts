import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { request } from 'node:https';
import { describe, expect } from 'vitest';
import { runningCommands } from './control-plane/running-commands.ts';
import { test } from './control-plane/cluster-test.ts';
import { type Launcher, startProgram } from './support/program.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';
import { whoIs } from './support/token-run.ts';

const hasCurl = spawnSync('curl', ['--version']).status === 0;

describe('the two lines of the README give a token', () => {
  test.for(['npx', 'zx', 'node'] as const)(
    'with which curl --cacert gets 200 on /api, and that is the ServiceAccount: under %s',
    async (launcher: Launcher, { cluster, namespace, skip }) => {
      await using directory = await temporaryDirectory();
      const fresh = `${namespace}-ci`;
      const args = ['ci-bot', '-n', fresh, '--create-namespace', '--create-service-account'];
      try {
        const program = startProgram('bootstrap-token', { launcher, args, env: cluster.env });
        const { code, stdout: token, stderr } = await program.ended;
        expect({ code, stderr }).toMatchObject({ code: 0 });
        expect(token).toMatch(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/u);

        const { port, hostname } = new URL(cluster.server);
        const headers = { authorization: `Bearer ${token}` };
        const call = request({ hostname, port, path: '/api', ca: cluster.caPem, headers, agent: false }).end();
        const [answer] = (await once(call, 'response')) as [{ statusCode?: number; resume(): void }];
        answer.resume();
        expect(answer.statusCode).toBe(200);

        expect(await whoIs(cluster, token)).toBe(`system:serviceaccount:${fresh}:ci-bot`);

        if (!hasCurl) skip('curl is not on PATH: node:https alone has tried the token');
        await writeFile(join(directory.path, 'ca.crt'), cluster.caPem ?? '');
        const ca = ['--cacert', join(directory.path, 'ca.crt')];
        expect(curl([...ca, `${cluster.server}/api`], token)).toMatchObject({
          status: 200,
          body: { kind: 'APIVersions' },
        });
        const review = '{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}';
        const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
        const asked = [...ca, '-H', 'Content-Type: application/json', '-d', review, `${cluster.server}${path}`];
        expect(curl(asked, token)).toMatchObject({
          status: 201,
          body: { status: { userInfo: { username: `system:serviceaccount:${fresh}:ci-bot` } } },
        });
        expect(curl([...ca, `${cluster.server}/api/v1/namespaces/${fresh}/secrets`], token)).toMatchObject({
          status: 403,
        });
      } finally {
        await cluster.admin.delete(`/api/v1/namespaces/${fresh}`);
      }
    },
  );

  test('that no process has among its arguments while it is made', async ({ cluster, namespace }) => {
    const args = ['-n', namespace, '-o', 'json'];
    const program = startProgram('bootstrap-token', { launcher: 'npx', args, env: cluster.env });
    const seen = new Set<string>();
    let over = false;
    void program.ended.then(() => (over = true));
    while (!over) for (const command of await runningCommands()) seen.add(command);
    const { token } = JSON.parse((await program.ended).stdout) as { token: string };
    const commands = [...seen];
    expect(commands.some((command) => command.includes('bootstrap-token'))).toBe(true);
    expect(commands.filter((command) => command.includes(token))).toEqual([]);
  });
});

/** The token goes in through stdin: the arguments of a process are everybody's to read. */
function curl(args: readonly string[], token: string): { status: number; body: unknown } {
  const { stdout } = spawnSync('curl', ['-sS', '-w', '\n%{http_code}', '-H', '@-', ...args], {
    input: `Authorization: Bearer ${token}\n`,
    encoding: 'utf8',
  });
  const end = stdout.lastIndexOf('\n');
  return { status: Number(stdout.slice(end)), body: JSON.parse(stdout.slice(0, end)) };
}
