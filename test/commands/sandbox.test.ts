import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { main } from '../../lib/main.ts';
import { startProgram } from '../support/program.ts';
import { runCommand } from '../support/run-command.ts';
import { testRuntime, type TestRuntime } from '../support/runtime.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { until } from '../support/until.ts';

describe('--sandbox', () => {
  test('bootstrap-token makes a verified token without a cluster and without a kubeconfig', async () => {
    const { code, stderr, stdout } = await runCommand(
      'bootstrap-token',
      '--sandbox ci-bot -n ci --create-namespace --create-service-account --role view -o json'.split(' '),
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      context: 'sandbox',
      subject: 'system:serviceaccount:ci:ci-bot',
      verified: true,
      verifiedBy: 'SelfSubjectReview',
    });
    expect(stderr).toContain('note: The sandbox ends now, and the token with it.');
  });

  test.each<[command: string, args: string[], stdout: RegExp]>([
    ['list-clusters', ['-o', 'name'], /^cluster\/sandbox\n$/u],
    ['list-clusters', ['--probe'], /\bsandbox-admin\n$/u],
    ['view-config', [], /server: https:\/\/127\.0\.0\.1:\d+/u],
    ['call-api', ['/api/v1/namespaces/default/serviceaccounts'], /"name":"default"/u],
    ['call-api', ['/api', '--service-account', 'default'], /"kind":"APIVersions"/u],
  ])('%s %j asks a sandbox of its own', async (command, args, stdout) => {
    expect(await runCommand(command, [...args, '--sandbox'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(stdout),
    });
  });

  test('inspect-token looks for the Secret in the sandbox', async () => {
    const { code, stderr } = await runCommand('inspect-token', ['--secret', 'x', '--sandbox']);
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining('secrets "x" not found') });
  });

  test.each([
    ['--context', 'dev'],
    ['--kubeconfig', 'x'],
    ['-s', 'https://x'],
  ])('is refused beside %s', async (flag, value) => {
    const { code, stderr } = await runCommand('bootstrap-token', ['--sandbox', flag, value]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('together with --sandbox') });
  });

  test('is what the hint names where there is no kubeconfig, and is never chosen silently', async () => {
    for (const command of ['bootstrap-token', 'list-clusters', 'view-config']) {
      const { code, stderr, stdout } = await runCommand(command, [], { home: '/nonexistent' });
      expect({ code, stderr, stdout }).toEqual({ code: 2, stderr: expect.stringContaining('--sandbox'), stdout: '' });
    }
  });
});

describe('sandbox', () => {
  /** Runs the command, and `use` with the path that it printed, until it is interrupted. */
  async function run(args: string[], cwd: string, use: (kubeconfig: string, runtime: TestRuntime) => Promise<void>) {
    let told = (_: string) => {};
    const printed = new Promise<string>((resolve) => (told = resolve));
    const runtime = testRuntime({ args, cwd, onStdout: (text) => told(text) });
    const ended = main('sandbox', runtime);
    const line = await Promise.race([printed, ended.then(() => '')]);
    try {
      if (line !== '') await use(/^export KUBECONFIG=(.+)\n$/u.exec(line)?.[1] ?? '', runtime);
    } finally {
      runtime.interrupt('SIGINT');
    }
    return { code: await ended, stderr: runtime.stderr.text(), stdout: runtime.stdout.text() };
  }

  test('prints where its kubeconfig is, serves until it is interrupted, and takes the file with it', async () => {
    await using directory = await temporaryDirectory();
    let path = '';
    const { code, stderr } = await run([], directory.path, async (kubeconfig) => {
      path = kubeconfig;
      const env = { KUBECONFIG: kubeconfig };
      expect(await runCommand('bootstrap-token', [], { env })).toMatchObject({ code: 0 });
    });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^The sandbox is ready: https:\/\/127\.0\.0\.1:\d+; Ctrl-C ends it\n$/u);
    expect(path).not.toBe('');
    expect(existsSync(path)).toBe(false);
  });

  test('removes the temporary kubeconfig of one that was killed, and no directory that is not certain to be one', async () => {
    await using directory = await temporaryDirectory();
    const env = { TMPDIR: directory.path };
    const temporary = () => readdir(directory.path);
    const others = ['kube-sa-token-x', 'kube-sa-token-Empty1', 'kube-sa-token-NoSign', 'kube-sa-token-OtherH'];
    for (const name of others) await mkdir(join(directory.path, name), { mode: 0o700 });
    await writeFile(join(directory.path, 'kube-sa-token-NoSign', 'kubeconfig'), '');
    await writeFile(join(directory.path, 'kube-sa-token-OtherH', 'owner'), '99999999 1 elsewhere');
    await mkdir(join(directory.path, 'kube-sa-token-Barely'), { mode: 0o700 });
    await utimes(join(directory.path, 'kube-sa-token-Barely'), 0, 0);
    const start = async () => {
      const before = await temporary();
      const program = startProgram('sandbox', { args: [], env });
      await program.says('is ready');
      return { program, before, own: (await temporary()).filter((name) => !before.includes(name)) };
    };
    const killed = await start();
    const live = await start();
    killed.program.kill('SIGKILL');
    await killed.program.ended;
    expect(await temporary()).toEqual(expect.arrayContaining([...killed.own, ...live.own]));
    const next = await start();
    expect((await temporary()).toSorted()).toEqual([...others, ...live.own, ...next.own].toSorted());
    for (const { program } of [live, next]) {
      program.kill('SIGTERM');
      await program.ended;
    }
    expect((await temporary()).toSorted()).toEqual(others.toSorted());
  });

  test.skipIf(process.platform === 'win32')('ends with the npx that started it', async () => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, 'own');
    const program = startProgram('sandbox', { launcher: 'npx', args: ['--kubeconfig-out', file], env: {} });
    await program.says('is ready');
    program.kill('SIGTERM');
    await program.ended; // with all that holds its stdout
    expect(existsSync(file)).toBe(false);
  });

  test('--kubeconfig-out names the file, and spares one that no sandbox has written', async () => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, 'own');
    const taken = await run(['--kubeconfig-out', 'own'], directory.path, async (kubeconfig) => {
      expect(kubeconfig).toBe(file);
      expect(await readFile(file, 'utf8')).toContain('sandbox-admin');
    });
    expect(taken.code).toBe(0);
    expect(existsSync(file)).toBe(false);
    await writeFile(file, 'apiVersion: v1\n');
    const refused = await run(['--kubeconfig-out', 'own'], directory.path, async () => {});
    expect(refused).toMatchObject({
      code: 6,
      stdout: '',
      stderr: expect.stringContaining('no sandbox has written it'),
    });
    expect(await readFile(file, 'utf8')).toBe('apiVersion: v1\n');
  });

  test('--kubeconfig-out spares the file of a sandbox that runs, and takes one that a killed sandbox has left', async () => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, 'own');
    const first = startProgram('sandbox', { args: ['--kubeconfig-out', file], env: {} });
    await first.says('is ready');
    const text = await readFile(file, 'utf8');
    expect(await run(['--kubeconfig-out', 'own'], directory.path, async () => {})).toMatchObject({
      code: 6,
      stdout: '',
      stderr: expect.stringContaining(`the sandbox of process ${first.child.pid} uses it`),
    });
    expect(await readFile(file, 'utf8')).toBe(text);
    first.kill('SIGKILL');
    await first.ended;
    const { code } = await run(['--kubeconfig-out', 'own'], directory.path, async () => {
      expect(await readFile(file, 'utf8')).not.toBe(text);
    });
    expect(code).toBe(0);
    expect(await readdir(directory.path)).toEqual([]);
  });

  test('of two that start at once with the same --kubeconfig-out one is refused, and the file is of the other', async () => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, 'own');
    const programs = [1, 2, 3].map(() => startProgram('sandbox', { args: ['--kubeconfig-out', file], env: {} }));
    const ended = await Promise.all(
      programs.map((program) => Promise.race([program.ended, program.says('is ready').catch(() => program.ended)])),
    );
    expect(ended.filter((ending) => ending !== undefined)).toEqual([
      expect.objectContaining({ code: 6 }),
      expect.objectContaining({ code: 6 }),
    ]);
    const running = programs[ended.indexOf(undefined)];
    expect(await readFile(file, 'utf8')).toContain(`process ${running?.child.pid} `);
    running?.kill('SIGTERM');
    expect(await running?.ended).toMatchObject({ code: 0 });
    expect(await readdir(directory.path)).toEqual([]);
  });

  test('--kubeconfig-out leaves a file that was changed since, and says so', async () => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, 'own');
    const { code, stderr } = await run(['--kubeconfig-out', 'own'], directory.path, () =>
      writeFile(file, 'of somebody else'),
    );
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining('note: "own" stays where it is: it was changed while the sandbox ran'),
    });
    expect(await readFile(file, 'utf8')).toBe('of somebody else');
  });

  test('--kubeconfig-out stays with --state, and leads to the sandbox of the next start', async () => {
    await using directory = await temporaryDirectory();
    const args = ['--state', 'state', '--kubeconfig-out', 'own'];
    const env = { KUBECONFIG: join(directory.path, 'own') };
    const first = startProgram('sandbox', {
      args: args.map((arg) => arg.replace(/^(?!--)/u, `${directory.path}/`)),
      env: {},
    });
    await first.says('is ready');
    first.kill('SIGTERM');
    expect(await first.ended).toMatchObject({ code: 0 });
    const kept = await run(['--state', 'state'], directory.path, async () => {
      expect(await runCommand('call-api', ['/api'], { env })).toMatchObject({ code: 0 });
    });
    expect(kept.code).toBe(0);
    expect(await run(args, directory.path, async () => {})).toMatchObject({ code: 0 });
    expect((await readdir(directory.path)).toSorted()).toEqual(['own', 'state']);
  });

  test('--alg RS256 signs tokens with RSA', async () => {
    await using directory = await temporaryDirectory();
    await run(['--alg', 'RS256'], directory.path, async (KUBECONFIG) => {
      const { stdout } = await runCommand('bootstrap-token', [], { env: { KUBECONFIG } });
      expect(JSON.parse(Buffer.from(stdout.split('.')[0] ?? '', 'base64url').toString())).toMatchObject({
        alg: 'RS256',
      });
    });
  });

  test('--state goes on after a SIGKILL, where a moment is lost at most', async () => {
    await using directory = await temporaryDirectory();
    const state = join(directory.path, 'state');
    const first = startProgram('sandbox', { args: ['--state', state], env: {} });
    await first.says('keeps what it holds');
    const kubeconfig = join(directory.path, 'kubeconfig');
    const [, printed = ''] = /^export KUBECONFIG=(.+)\n$/u.exec(first.stdout()) ?? [];
    await copyFile(printed, kubeconfig);
    const env = { KUBECONFIG: kubeconfig };
    const { stdout: token } = await runCommand('bootstrap-token', [], { env });
    await until('the token in the file', async () => {
      const text = await readFile(state, 'utf8');
      return text.includes(Buffer.from(token).toString('base64')) && text.includes('delivered') ? true : undefined;
    });
    const refused = await runCommand('sandbox', ['--state', state]);
    expect(refused).toMatchObject({
      code: 6,
      stdout: '',
      stderr: expect.stringMatching(/^error: .*is using it\nhint: /u),
    });
    first.kill('SIGKILL');
    await first.ended;
    const tokenFile = join(directory.path, 'token');
    await writeFile(tokenFile, token);
    const { code } = await run(['--state', 'state'], directory.path, async () => {
      expect(existsSync(dirname(printed))).toBe(false); // nobody was left to do it
      const answer = await runCommand('call-api', ['/api', '--token-file', tokenFile], { env });
      expect(answer).toMatchObject({ code: 0, stdout: expect.stringContaining('APIVersions') });
    });
    expect(code).toBe(0);
    expect(existsSync(`${state}.lock`)).toBe(false);
  });

  test('--state spares a file that no sandbox has written', async () => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, 'own');
    await writeFile(file, 'apiVersion: v1\n', { mode: 0o600 });
    const refused = await run(['--state', 'own'], directory.path, async () => {});
    expect(refused).toMatchObject({
      code: 6,
      stdout: '',
      stderr: expect.stringContaining('no sandbox has written it'),
    });
    expect(await readFile(file, 'utf8')).toBe('apiVersion: v1\n');
  });

  test('--state is no file that --kubeconfig-out would write over', async () => {
    await using directory = await temporaryDirectory();
    for (const [state, other] of [
      ['x', './x'],
      ['x', 'x.lock'],
      ['x.lock', 'x'],
    ] as const) {
      const refused = await run(['--state', state, '--kubeconfig-out', other], directory.path, async () => {});
      expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('cannot be the same file') });
    }
  });

  test('--port names the port; one that is in use is told', async () => {
    await using directory = await temporaryDirectory();
    await run([], directory.path, async (kubeconfig) => {
      const [, port = ''] = /127\.0\.0\.1:(\d+)/u.exec(await readFile(kubeconfig, 'utf8')) ?? [];
      const second = await run(['--port', port], directory.path, async () => {});
      expect(second).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(`Cannot listen on port ${port}: it is in use`),
      });
    });
    for (const port of ['65536', '-1', 'x']) {
      expect(await run([`--port=${port}`], directory.path, async () => {})).toMatchObject({ code: 2 });
    }
  });
});
