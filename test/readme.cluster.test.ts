import { execFile } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { commands } from '../lib/commands/table.ts';
import { exitCodes } from '../lib/cli/exit-code.ts';
import { test } from './control-plane/cluster-test.ts';
import type { TestUserOptions } from './control-plane/test-user.ts';
import { runCommand } from './support/run-command.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = await readFile(join(root, 'README.md'), 'utf8');
const blocks = (language: string) =>
  [...readme.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gmu)]
    .filter(([, found]) => found === language)
    .map(([, , text = '']) => text);

test(
  "the README's commands run, in their order, on a fresh cluster",
  { timeout: 120_000 },
  async ({ cluster, namespace }) => {
    await using directory = await temporaryDirectory();
    for (const name of [
      'scripts',
      'dist',
      'lib',
      'node_modules',
      'package.json',
      'package-lock.json',
      'tsconfig.json',
    ]) {
      await symlink(join(root, name), join(directory.path, name));
    }
    // `npm ci` has run where this runs, `npm cit` is what runs this, and `ci` may be somebody's namespace
    const script = blocks('sh')
      .flatMap((block) => block.trim().split('\n'))
      .filter((line) => line !== 'npm cit')
      .map((line) =>
        line
          .replace(/^npm ci && /u, '')
          .replaceAll('-n ci', `-n ${namespace}-readme`)
          .replaceAll('/namespaces/ci/', `/namespaces/${namespace}-readme/`),
      );
    expect(script.length).toBeGreaterThan(8);
    const { PATH } = process.env;
    try {
      for (const line of script) {
        const { stdout } = await promisify(execFile)('bash', ['-euc', line], {
          cwd: directory.path,
          env: { PATH, ...cluster.env, HOME: directory.path },
        });
        await writeFile(join(directory.path, 'last-output'), stdout);
      }
    } finally {
      await cluster.admin.delete(`/api/v1/namespaces/${namespace}-readme`);
    }
  },
);

test("the README's program for the library runs, and client-node goes on from its token", async ({
  cluster,
  namespace,
}) => {
  await using directory = await temporaryDirectory();
  const [program = ''] = blocks('ts');
  await mkdir(join(directory.path, 'node_modules/@kubernetes'), { recursive: true });
  await symlink(root, join(directory.path, 'node_modules/kube-sa-token'));
  const clientNode = 'node_modules/@kubernetes/client-node';
  await symlink(join(root, clientNode), join(directory.path, clientNode));
  const kubeconfig = parse(await readFile(cluster.kubeconfig, 'utf8')) as { contexts: { name: string }[] };
  const [context] = kubeconfig.contexts;
  await writeFile(
    join(directory.path, 'config'),
    JSON.stringify({ ...kubeconfig, contexts: [{ ...context, name: 'dev' }] }),
    { mode: 0o600 },
  );
  const text = `${program.replaceAll("'ci'", `'${namespace}'`)}\nconsole.log(pods.kind ?? 'PodList', pods.items.length);\n`;
  await writeFile(join(directory.path, 'program.mjs'), text);
  const { stdout } = await promisify(execFile)(process.execPath, [join(directory.path, 'program.mjs')], {
    env: { PATH: process.env['PATH'], KUBECONFIG: join(directory.path, 'config'), HOME: directory.path },
  });
  expect(stdout).toBe('PodList 0\n');
});

test("the README's Role is enough for a token, without a warning", async ({ cluster, namespace }) => {
  const [role] = blocks('yaml');
  const { rules } = parse(role ?? '') as Pick<TestUserOptions, 'rules'>;
  await cluster.admin.post(`/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name: 'ci-bot' } });
  const user = await cluster.kubeconfigFor({ namespace, rules: rules ?? [] });
  const run = await runCommand('bootstrap-token', ['ci-bot'], { env: user.env });
  expect(run).toMatchObject({ code: 0, stdout: expect.stringMatching(/^eyJ/u) });
  expect(run.stderr).not.toContain('warning:');
});

test('the README lists every command and every exit code', () => {
  for (const name of Object.keys(commands)) expect(readme).toMatch(new RegExp(`^\\| \`${name}\\b`, 'mu'));
  for (const { code } of exitCodes) expect(readme).toMatch(new RegExp(`^\\| ${code} +\\|`, 'mu'));
});

test(".ci/run calls the README's test command", async () => {
  expect(blocks('sh')[1]?.trim()).toBe('npm cit');
  expect(await readFile(join(root, '.ci/run'), 'utf8')).toMatch(/^npm cit\b/mu);
});
