import { existsSync } from 'node:fs';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { commands } from '../../lib/commands/table.ts';
import { main } from '../../lib/main.ts';
import { startSandbox } from '../../lib/sandbox/index.ts';
import { restClient } from '../control-plane/rest.ts';
import { refuseToken } from '../support/no-token.ts';
import { type CommandRun, runCommand } from '../support/run-command.ts';
import { testRuntime, type TestRuntimeOptions } from '../support/runtime.ts';
import { sandboxTest } from '../support/sandbox-test.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { until } from '../support/until.ts';

const titles = [
  'List the clusters of your kubeconfig',
  'Choose one, and see whether it answers',
  'Create a token Secret for a ServiceAccount',
  'Wait until the token controller has put a token into it',
  'Prove the token',
  'Decode it, and look inside',
  'Call the API with it, directly',
  'Why --insecure is wrong',
  'What the token may do: next to nothing',
  'Give it a right: --role view',
  'Revoke the token',
  'Remove the namespace, and all in it',
];

/** The text of each step, by its title. */
function stepsOf(stdout: string): Map<string, string> {
  const parts = stdout.split(/^── \d+\/\d+ {2}(.+?) ─+\n/mu).slice(1);
  return new Map(parts.flatMap((title, index) => (index % 2 === 0 ? [[title, parts[index + 1] ?? ''] as const] : [])));
}

/** What the tour says before it does a step: names, ports and paths apart, which are new in each. */
function toldOf(shown: string): string {
  return shown
    .replaceAll(/^ {2}(?:On the wire|Result)\n(?: {4}.*\n)+/gmu, '')
    .replaceAll(/\b(demo|token)-[a-z\d]{10}\b/gu, '$1-…')
    .replaceAll(/(?<=127\.0\.0\.1:)\d+|(?<=KUBECONFIG=)\S+/gu, '…');
}

describe('demo --sandbox', () => {
  let tour: CommandRun;
  beforeAll(async () => {
    tour = await runCommand('demo', ['--sandbox']);
  });

  test('shows each step: its command, what went over the wire, and what came of it', () => {
    const { code, stderr, stdout } = tour;
    expect({ code, stderr }).toMatchObject({ code: 0 });
    refuseToken(stdout, 'stdout');
    const steps = stepsOf(stdout);
    expect([...steps.keys()]).toEqual(titles);
    for (const text of steps.values())
      expect(text).toMatch(/^ {2}Command(?:, still running)?\n {4}\$ .*^ {2}Result\n {4}\S/msu);
    const secret = /--secret (ci-bot-token-\w+) -n (demo-\w+)/u.exec(stdout.replaceAll(/ \\\n +/gu, ' '));
    const [, name = '', namespace = ''] = secret ?? [];
    const said = (title: string) => (steps.get(title) ?? '').replaceAll(/ \\\n +/gu, ' ');
    expect(said('Create a token Secret for a ServiceAccount')).toContain(
      `$ npx zx scripts/bootstrap-token.mjs ci-bot -n ${namespace} --create-namespace --create-service-account\n`,
    );
    expect(said('Create a token Secret for a ServiceAccount')).toContain(`POST   201`);
    expect(said('Wait until the token controller has put a token into it')).toContain('&watch=true');
    expect(said('Wait until the token controller has put a token into it')).toMatch(
      /Result\n {4}Waiting up to 10s for the token controller\n {4}Got the token after \d+ ms\n\n$/u,
    );
    expect(said('Prove the token')).toMatch(
      /as ServiceAccount "demo-\w+\/ci-bot" \(Authorization: Bearer \*{8}\)\n {6}POST {3}201 +\d+ ms {2}\/apis\/authentication/u,
    );
    expect(said('Decode it, and look inside')).toContain(`Secret:         ${name}\n`);
    expect(said('Call the API with it, directly')).toContain('"kind": "APIVersions"');
    expect(said('What the token may do: next to nothing')).toMatch(/GET {4}403 .*403 Forbidden:/su);
    expect(said('Give it a right: --role view')).toMatch(/pods: 200\n.*Running/su);
    expect(said('Revoke the token')).toMatch(/GET {4}200 .*GET {4}401 .*401 Unauthorized/su);
    expect(said('Remove the namespace, and all in it')).toMatch(/GET {4}404 .*Nothing of the tour is left\./su);
  });

  test('shows commands of this suite that there are, with flags that they know', async () => {
    const lines = tour.stdout.replaceAll(/ \\\n +/gu, ' ').matchAll(/^ +\$ npx zx scripts\/([\w-]+)\.mjs(.*)$/gmu);
    const shown = new Set<string>();
    for (const [line, name = '', words = ''] of lines) {
      shown.add(name);
      const command = await commands[name]?.();
      expect([line, command?.parse(words.split(' ').filter(Boolean)).kind]).toEqual([line, 'run']);
    }
    expect([...shown].toSorted()).toEqual(['bootstrap-token', 'call-api', 'inspect-token', 'list-clusters']);
  });

  test('names the kubeconfig of its sandbox first, which is there until it ends', async () => {
    let path = '';
    const seen: boolean[] = [];
    const { stdout } = await runCommand('demo', ['--sandbox'], {
      onStdout: (shown) => (path ||= /export KUBECONFIG=(\S+)/u.exec(shown)?.[1] ?? ''),
      onStderr: (said) => {
        if (/^(?:2|12)\/12/u.test(said)) seen.push(existsSync(path));
      },
    });
    expect(/^ +\$ (.*)$/mu.exec(stdout)?.[1]).toBe(`export KUBECONFIG=${path}`);
    expect({ seen, after: existsSync(path) }).toEqual({ seen: [true, true], after: false });
  });

  test('shows that the impostor gets nothing from who verifies it, and all from who does not', () => {
    const text = stepsOf(tour.stdout).get('Why --insecure is wrong');
    expect(text).toMatch(/Cannot trust .*\(SELF_SIGNED_CERT_IN_CHAIN\)/su);
    expect(text).toContain('Requests that reached the impostor: 0\n');
    expect(text).toContain('The impostor has read: Authorization: Bearer stand-in-for-the-token\n');
  });

  test('is plain text where there is no terminal, one line a step on stderr', () => {
    const { stderr, stdout } = tour;
    // oxlint-disable-next-line no-control-regex -- control characters are what this is about
    expect(stdout + stderr).not.toMatch(/[\u001B\r]/u);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(stderr).toMatch(
      /^note: Using context "sandbox" \(https:.*, as user "sandbox-admin"\)\nCreated ServiceAccount/mu,
    );
  });

  test('--record writes a recording of what is shown, with no token in it', async () => {
    await using directory = await temporaryDirectory();
    const options = { cwd: directory.path };
    const { code, stderr, stdout } = await runCommand('demo', ['--sandbox', '--record', 'tour.cast'], options);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('note: Wrote tour.cast\n') });
    const text = await readFile(join(directory.path, 'tour.cast'), 'utf8');
    refuseToken(text, 'the recording');
    const [header, ...events] = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as [number, string, string]);
    expect(header).toMatchObject({ version: 2, width: 80, command: 'npx zx scripts/demo.mjs --sandbox' });
    const shown = events.map(([, , part]) => part).join('');
    expect(stripVTControlCharacters(shown).replaceAll('\r\n', '\n')).toBe(
      `$ npx zx scripts/demo.mjs --sandbox\n${stdout}`,
    );
    expect(shown).toContain('\u001B[');
    expect(events.every(([time], index) => index === 0 || time > (events[index - 1]?.[0] ?? 0))).toBe(true);
  });

  test("the README's recording is of this tour", async () => {
    const text = await readFile(new URL('../../.github/demo.cast', import.meta.url), 'utf8');
    const [, ...events] = text.trimEnd().split('\n');
    const recorded = events.map((line) => (JSON.parse(line) as [number, string, string])[2]).join('');
    const [, ...lines] = stripVTControlCharacters(recorded).split('\r\n');
    expect(toldOf(lines.join('\n'))).toEqual(toldOf(tour.stdout));
  });

  test('--record that cannot be written is exit 2, before anything is shown', async () => {
    const { code, stderr, stdout } = await runCommand('demo', ['--sandbox', '--record', '/nonexistent/tour.cast']);
    expect({ code, stderr, stdout }).toEqual({ code: 2, stderr: expect.stringContaining('--record'), stdout: '' });
  });

  test('leaves no file where it was to record and is interrupted', async () => {
    await using directory = await temporaryDirectory();
    const { code } = await interruptedAt(/^7\/12 /mu, ['--sandbox', '--record', 'tour.cast'], { cwd: directory.path });
    expect(code).toBe(130);
    expect(await readdir(directory.path)).toEqual([]);
  });

  test('ends where the reader of its stdout goes away', async () => {
    const { code, stderr } = await runCommand('demo', ['--sandbox'], { stdoutFails: 'EPIPE' });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('its reader went away') });
  });
});

describe('demo on a terminal', () => {
  const terminal = { stdinIsTTY: true, stdoutIsTTY: true, stderrIsTTY: true } as const;
  const prompts = ({ stderr }: CommandRun) => stderr.match(/Enter: /gu)?.length ?? 0;

  test('waits for Enter after each step but the last', async () => {
    const run = await runCommand('demo', ['--sandbox'], { ...terminal, stdin: '\n'.repeat(20) });
    expect(run.code).toBe(0);
    expect(prompts(run)).toBe(titles.length - 1);
    expect(run.stderr).toMatch(/Enter: make namespace "demo-\w+" there\. Ctrl-C: end and clean up\./u);
  });

  test.each<[string, string[], TestRuntimeOptions, number]>([
    ['with --no-pause', ['--no-pause'], {}, 0],
    ['with --no-input', ['--no-input'], {}, 0],
    ['where stdout is a pipe', [], { stdoutIsTTY: false }, 0],
    ['once stdin has ended', [], { stdin: '' }, 1],
  ])('does not wait %s', async (_, args, options, count) => {
    const run = await runCommand('demo', ['--sandbox', ...args], { ...terminal, stdin: '\n'.repeat(20), ...options });
    expect({ code: run.code, prompts: prompts(run) }).toEqual({ code: 0, prompts: count });
  });

  test('shows commands that do what it shows, each while it waits', async () => {
    await using directory = await temporaryDirectory();
    await writeFile(join(directory.path, 'stand-in'), 'stand-in-for-the-token\n', { mode: 0o600 });
    const base = testRuntime({ ...terminal, args: ['--sandbox'] });
    const tried: [name: string, code: number][] = [];
    let seen = 0;
    let KUBECONFIG = '';
    const tryThem = async () => {
      const shown = stripVTControlCharacters(base.stdout.text());
      const fresh = shown.slice(seen).replaceAll(/ \\\n +/gu, ' ');
      seen = shown.length;
      KUBECONFIG ||= /export KUBECONFIG=(\S+)/u.exec(fresh)?.[1] ?? '';
      const parts = fresh.matchAll(/^ {2}Command\n((?: {4}.*\n)+)/gmu);
      const lines = [...parts]
        .map(([, part = '']) => part)
        .join('')
        .matchAll(/ npx zx scripts\/([\w-]+)\.mjs(.*)/gu);
      for (const [, name = '', words = ''] of lines) {
        const options = { cwd: directory.path, env: { KUBECONFIG } };
        const { code } = await runCommand(name, words.split(' ').filter(Boolean), options);
        tried.push([name, code]);
      }
      return '';
    };
    const runtime = { ...base, stdin: { ...base.stdin, readLine: tryThem } };
    expect(await main('demo', runtime)).toBe(0);
    expect(tried).toEqual([
      ['list-clusters', 0],
      ['call-api', 0],
      ['bootstrap-token', 0],
      ['inspect-token', 0],
      ['call-api', 0],
      ['call-api', 3],
      ['call-api', 0],
      ['call-api', 4],
      ['bootstrap-token', 0],
      ['call-api', 0],
    ]);
  });

  test('ends with the signal that comes while it waits', async () => {
    const { code, stderr } = await interruptedAt(/Enter: call the API/u, ['--sandbox'], {
      ...terminal,
      stdin: '\n'.repeat(20),
    });
    expect({ code, stderr }).toEqual({ code: 130, stderr: expect.stringContaining('error:') });
  });
});

describe('demo', () => {
  test.each<[string[], RegExp]>([
    [[], /hint: .*--sandbox/u],
    [['--sandbox', '--context', 'dev'], /together with --sandbox/u],
    [['--sandbox', '-n', 'ci'], /-n/u],
  ])('with %j is exit 2, and shows nothing', async (args, stderr) => {
    const run = await runCommand('demo', args, { home: '/nonexistent' });
    expect(run).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(stderr) });
  });

  sandboxTest('shows no command that leads elsewhere than the flags of the tour', async ({ sandbox }) => {
    await using directory = await temporaryDirectory();
    const config = join(directory.path, 'config');
    await writeFile(config, sandbox.kubeconfig, { mode: 0o600 });
    const { code, stderr, stdout } = await runCommand('demo', ['--kubeconfig', config, '--context', 'sandbox']);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const lines = stdout.replaceAll(/ \\\n +/gu, ' ').split('\n');
    const shown = lines.filter((line) => /^ {4}.*\b(?:kubectl|npx zx) /u.test(line));
    expect(shown.length).toBeGreaterThan(15);
    expect(shown.filter((line) => !line.includes(` --kubeconfig ${config} --context sandbox`))).toEqual([]);
    expect(stdout).not.toContain('KUBECONFIG=');
  });

  sandboxTest('leaves nothing behind on a signal, whichever step it comes in', async ({ admin, sandbox }) => {
    await using directory = await temporaryDirectory();
    const KUBECONFIG = join(directory.path, 'config');
    await writeFile(KUBECONFIG, sandbox.kubeconfig, { mode: 0o600 });
    const moments = [
      /^2\/12 /mu,
      /^note: Using/mu,
      /^Created Namespace/mu,
      /^Creating Secret/mu,
      /^Waiting up to/mu,
      /^Got the token/mu,
      /^Proved the token/mu,
      /^7\/12 /mu,
      /^8\/12 /mu,
      /^10\/12 /mu,
      /^Gave ClusterRole/mu,
      /^11\/12 /mu,
    ];
    const signals = [
      ['SIGINT', 130],
      ['SIGTERM', 143],
      ['SIGHUP', 129],
    ] as const;
    for (const [index, moment] of moments.entries()) {
      const [signal, exitCode] = signals[index % 3] ?? signals[0];
      const run = await interruptedAt(moment, [], { env: { KUBECONFIG } }, signal);
      expect({ moment, code: run.code, stderr: run.stderr }).toMatchObject({ code: exitCode });
      expect(run.stderr).not.toContain('could not be removed');
      if (index > 1) expect(run.stderr).toMatch(/^note: Namespace "demo-\w+" is being removed by /mu);
      expect(run.stderr).not.toMatch(/Removed again: .*Namespace/u);
      refuseToken(run.stdout, 'stdout');
    }
    await until('the namespaces to be gone', async () => {
      const { items } = await admin.get<{ items: { metadata: { name: string } }[] }>('/api/v1/namespaces');
      return items.some(({ metadata }) => metadata.name.startsWith('demo-')) ? undefined : 'gone';
    });
  });

  test('shows what a user is told of a step that fails, cleans up, records that too, and ends with its exit code', async () => {
    await using directory = await temporaryDirectory();
    await using sandbox = await startSandbox({ tokenCacheMs: 0 });
    const admin = restClient({ ...sandbox, ...sandbox.adminCertificate });
    onTestFinished(() => admin.close());
    await admin.delete('/apis/rbac.authorization.k8s.io/v1/clusterroles/view');
    const KUBECONFIG = join(directory.path, 'config');
    await writeFile(KUBECONFIG, sandbox.kubeconfig, { mode: 0o600 });
    const options = { env: { KUBECONFIG }, cwd: directory.path };
    const { code, stderr, stdout } = await runCommand('demo', ['--record', 'tour.cast'], options);
    const error = /^error: (.*"view".*)$/mu.exec(stderr)?.[1] ?? '';
    expect({ code, error, stderr }).toMatchObject({ code: 3, error: expect.stringContaining('ClusterRole') });
    const steps = stepsOf(stdout);
    expect([...steps.keys()]).toEqual(titles);
    const failed = (steps.get('Give it a right: --role view') ?? '').replaceAll(/\s+/gu, ' ');
    expect(failed).toContain(`What you are told error: ${error}`);
    expect(steps.get('Revoke the token')).toContain('401 Unauthorized');
    expect(steps.get('Remove the namespace, and all in it')).toContain('Nothing of the tour is left.');
    const shown = stripVTControlCharacters(await readFile(join(directory.path, 'tour.cast'), 'utf8'));
    expect(shown).toContain('What you are told');
  });

  sandboxTest('says what is left to whoever interrupts it again', async ({ sandbox }) => {
    await using directory = await temporaryDirectory();
    const KUBECONFIG = join(directory.path, 'config');
    await writeFile(KUBECONFIG, sandbox.kubeconfig, { mode: 0o600 });
    const left: (string | undefined)[] = [];
    const runtime = testRuntime({
      env: { KUBECONFIG },
      onStderr: (text) => {
        if (text.startsWith('Waiting up to')) left.push(runtime.left());
        if (!text.startsWith('7/12')) return;
        left.push(runtime.left());
        runtime.interrupt('SIGINT');
      },
    });
    expect(await main('demo', runtime)).toBe(130);
    expect(left).toEqual([
      expect.stringMatching(/^Secret "demo-\w+\/ci-bot-token-\w+", Namespace "demo-\w+"$/u),
      expect.stringMatching(/^Namespace "demo-\w+"$/u),
    ]);
    expect(runtime.left()).toBeUndefined();
  });
});

/** Runs the tour until stderr says this, and interrupts it then. */
async function interruptedAt(
  moment: RegExp,
  args: string[],
  options: TestRuntimeOptions,
  signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP' = 'SIGINT',
): Promise<{ code: number; stdout: string; stderr: string }> {
  const runtime = testRuntime({
    ...options,
    args,
    onStderr: (text) => {
      if (moment.test(text)) runtime.interrupt(signal);
    },
  });
  const code = await main('demo', runtime);
  return { code, stdout: runtime.stdout.text(), stderr: runtime.stderr.text() };
}
