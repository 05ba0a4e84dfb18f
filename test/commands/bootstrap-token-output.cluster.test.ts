import { closeSync, openSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished } from 'vitest';
import { test } from '../control-plane/cluster-test.ts';
import type { TestCluster } from '../control-plane/test-cluster.ts';
import { run } from '../support/clone.ts';
import { type Ending, startProgram } from '../support/program.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { expectNothingLeft, throughPass, whoIs } from '../support/token-run.ts';

// The real program as a process of its own, on outputs that fail as the operating system makes them fail.

const args = (namespace: string) => ['ci-bot', '-n', namespace, '--create-service-account', '--allow', 'get pods'];
const isRoot = process.getuid?.() === 0;
const onLinux = test.skipIf(process.platform !== 'linux');

async function expectFailure(
  { cluster, namespace }: { cluster: TestCluster; namespace: string },
  { code, stdout, stderr }: Ending,
  [exitCode, message]: [number, string],
) {
  expect(stderr).toContain(`error: ${message}`);
  expect({ code, stdout }).toEqual({ code: exitCode, stdout: '' });
  await expectNothingLeft(cluster, namespace);
}

describe('bootstrap-token leaves nothing live', () => {
  test('where the reader of stdout has gone before the token is there: | head -c 0 (1)', async ({
    cluster,
    namespace,
  }) => {
    const { env, pass } = await throughPass(cluster, namespace);
    const proof = pass.hold('request', (line) => line.endsWith('/selfsubjectreviews'));
    const program = startProgram('bootstrap-token', { args: args(namespace), env });
    await proof.reached;
    program.child.stdout?.destroy();
    proof.release();
    const reason = 'Cannot write to stdout: its reader went away';
    await expectFailure({ cluster, namespace }, await program.ended, [1, reason]);
  });

  test("where the whole pipe is a shell's, with pipefail telling of it (1)", async ({ cluster, namespace }) => {
    const { HOME = '', PATH = '' } = process.env;
    const line = 'set -o pipefail; node scripts/bootstrap-token.mjs "$@" | head -c 0';
    const { code, stdout } = await run('bash', ['-c', line, 'bash', ...args(namespace)], {
      env: { HOME, PATH, ...cluster.env },
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    await expectNothingLeft(cluster, namespace);
  });

  onLinux('on a full disk behind stdout (1)', async ({ cluster, namespace }) => {
    const full = openSync('/dev/full', 'w');
    onTestFinished(() => closeSync(full));
    const program = startProgram('bootstrap-token', { args: args(namespace), env: cluster.env, stdout: full });
    const reason = 'Cannot write to stdout: no space is left on the device';
    await expectFailure({ cluster, namespace }, await program.ended, [1, reason]);
  });

  test.skipIf(process.platform === 'win32')(
    'where the file may not grow, and keeps what was in it before (1)',
    async ({ cluster, namespace }) => {
      await using directory = await temporaryDirectory();
      const file = join(directory.path, 'token');
      await writeFile(file, 'the earlier one');
      const program = startProgram('bootstrap-token', {
        args: [...args(namespace), '--output-file', file],
        env: cluster.env,
        shell: 'ulimit -f 0', // the system's answer is then EFBIG, at the same place as that of a full disk
      });
      await expectFailure({ cluster, namespace }, await program.ended, [1, `Cannot write "${file}": `]);
      expect(await readFile(file, 'utf8')).toBe('the earlier one');
      expect(await readdir(directory.path)).toEqual(['token']);
    },
  );

  test('where stderr is gone, and has handed the token out all the same (0)', async ({ cluster, namespace }) => {
    const program = startProgram('bootstrap-token', { args: args(namespace), env: cluster.env });
    program.child.stderr?.destroy();
    const { code, stdout } = await program.ended;
    expect(code).toBe(0);
    expect(await whoIs(cluster, stdout)).toBe(`system:serviceaccount:${namespace}:ci-bot`);
  });
});

describe('bootstrap-token makes nothing on the cluster', () => {
  const expectUnusable = async (
    { cluster, namespace }: { cluster: TestCluster; namespace: string },
    file: string,
    why: string,
  ) => {
    const all = [...args(namespace), '--output-file', file];
    const program = startProgram('bootstrap-token', { args: all, env: cluster.env });
    const reason = `Cannot write --output-file "${file}": ${why}`;
    await expectFailure({ cluster, namespace }, await program.ended, [2, reason]);
    expect(await cluster.admin.find(`/api/v1/namespaces/${namespace}/serviceaccounts/ci-bot`)).toBeUndefined();
  };

  test.skipIf(process.platform === 'win32')(
    'for an --output-file in a directory that may not be written (2)',
    async ({ cluster, namespace }) => {
      await using directory = await temporaryDirectory();
      // root may write anywhere, save where there can be no file at all
      if (isRoot) return expectUnusable({ cluster, namespace }, '/sys/kernel/token', '');
      const readOnly = join(directory.path, 'read-only');
      await mkdir(readOnly, { mode: 0o500 });
      await expectUnusable({ cluster, namespace }, join(readOnly, 'token'), 'permission is denied');
      await chmod(readOnly, 0o700);
    },
  );

  onLinux('for an --output-file that is a device (2)', async ({ cluster, namespace }) => {
    await expectUnusable({ cluster, namespace }, '/dev/full', 'it is not a regular file');
    expect((await stat('/dev/full')).isCharacterDevice()).toBe(true);
  });
});
