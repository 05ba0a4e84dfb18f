import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { pluginCredentials, sharedCredentials } from '../../lib/auth/exec-plugin.ts';
import type { PluginHost } from '../../lib/auth/plugin-host.ts';
import type { ExecClusterInfo, ExecPlugin } from '../../lib/model/cluster-access.ts';
import { CredentialError, UsageError } from '../../lib/model/errors.ts';
import { SecretText } from '../../lib/model/secret-text.ts';
import { hasTerminal } from '../../lib/system/executable.ts';
import { execCredential, type PluginFile, prints, testHost, testPlugin, writePlugin } from '../support/plugin.ts';
import { testAuthority } from '../support/scripted-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { until } from '../support/until.ts';

const token = (text: string) => prints(execCredential({ token: text }));
const rubbish = '-----BEGIN CERTIFICATE-----\nc2VjcmV0\n-----END CERTIFICATE-----\n';
const jane = testAuthority.issue({ commonName: 'jane', usage: 'client' });
const root = testAuthority.issue({ commonName: 'root', usage: 'client' });

async function credentialsOf(
  body: string,
  { exec = {}, host = {} }: { exec?: Partial<ExecPlugin>; host?: Partial<PluginHost> } = {},
) {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  const plugin: PluginFile = await writePlugin(directory.path, body);
  const theHost = testHost(host);
  const credentials = pluginCredentials(testPlugin({ command: plugin.path, ...exec }), { user: 'jane', host: theHost });
  return { credentials, plugin, host: theHost, directory: directory.path };
}

/** A process that ended, and that nobody asked about, is a zombie. */
async function isAlive(pid: number): Promise<boolean> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'stat=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout.trim() !== '' && !stdout.startsWith('Z');
}

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => expect.unreachable('it should have failed'),
    (error: unknown) => error as CredentialError,
  );

// plugins of sh: on Windows there is none
describe.skipIf(process.platform === 'win32')('pluginCredentials()', () => {
  test('runs the plugin once for all who wait, and never again without an expiry', async () => {
    const { credentials, plugin } = await credentialsOf(token('first'));
    const all = await Promise.all([credentials.headers(), credentials.headers(), credentials.clientCertificate()]);
    expect(all).toEqual([{ authorization: 'Bearer first' }, { authorization: 'Bearer first' }, undefined]);
    await credentials.headers();
    expect(await plugin.runs()).toBe(1);
  });

  test('runs it again when the credential has expired', async () => {
    let now = Date.parse('2030-01-01T00:00:00Z');
    const body = prints(execCredential({ token: 'run-$RUN', expirationTimestamp: '2030-01-01T00:10:00Z' })).replace(
      "'END-OF-OUTPUT'",
      'END-OF-OUTPUT',
    );
    const { credentials, plugin } = await credentialsOf(body, { host: { now: () => now } });
    expect(await credentials.headers()).toEqual({ authorization: 'Bearer run-1' });
    now += 599_999;
    expect(await credentials.headers()).toEqual({ authorization: 'Bearer run-1' });
    now += 2;
    expect(await credentials.headers()).toEqual({ authorization: 'Bearer run-2' });
    expect(await plugin.runs()).toBe(2);
  });

  test('uses a credential that comes expired for the request that it was fetched for', async () => {
    const expired = execCredential({ token: 'old', expirationTimestamp: '2001-01-01T00:00:00Z' });
    const { credentials, plugin } = await credentialsOf(prints(expired), { host: { now: () => 1_900_000_000_000 } });
    await credentials.clientCertificate();
    expect(await credentials.headers()).toEqual({ authorization: 'Bearer old' });
    expect(await plugin.runs()).toBe(1);
  });

  test('takes a certificate and a token from one answer', async () => {
    const status = { token: 't', clientCertificateData: jane.certPem, clientKeyData: jane.keyPem };
    const { credentials } = await credentialsOf(prints(execCredential(status)));
    expect(await credentials.headers()).toEqual({ authorization: 'Bearer t' });
    const certificate = await credentials.clientCertificate();
    expect(certificate?.certPem.trim()).toBe(jane.certPem.trim());
    expect(certificate?.keyPem.reveal().trim()).toBe(jane.keyPem.trim());
  });

  test('refresh() tells whether there is something new, and does not run the plugin for what was replaced already', async () => {
    const body = prints(execCredential({ token: 'run-$RUN' })).replace("'END-OF-OUTPUT'", 'END-OF-OUTPUT');
    const { credentials, plugin } = await credentialsOf(body);
    const refused = await credentials.headers();
    expect(await Promise.all([credentials.refresh(refused), credentials.refresh(refused)])).toEqual([true, true]);
    expect(await credentials.refresh(refused)).toBe(true);
    expect(await plugin.runs()).toBe(2);
    const same = await credentialsOf(token('always-this'));
    expect(await same.credentials.refresh(await same.credentials.headers())).toBe(false);
    expect(await same.plugin.runs()).toBe(2);
  });

  test('passes stderr on line by line, escaped, and its last words with the error', async () => {
    const body = String.raw`printf 'please \033[31mlog in\nsession is over' >&2; echo not-shown; exit 3`;
    const { credentials, host, plugin } = await credentialsOf(body);
    const error = await failureOf(credentials.headers());
    expect(host.said()).toBe(`please \\x1b[31mlog in\nsession is over\n`);
    expect(error).toBeInstanceOf(CredentialError);
    expect(error.message).toBe(
      `Cannot get a credential from plugin "${plugin.path}" of user "jane": it failed with exit code 3: session is over`,
    );
    expect(error.hint).toBe('Run it once by hand: it may want a login, or other arguments');
  });

  test.each([
    ['line by line', { unavailable: 'stdin is not a terminal' }],
    ['as it comes, where it may ask', 'terminal'],
  ] as const)('passes stderr on without the carriage return before the end of a line: %s', async (_, stdin) => {
    const { credentials, host } = await credentialsOf(`printf 'one\\r\\ntwo\\n' >&2; ${token('t')}`, {
      exec: { interactiveMode: 'IfAvailable' },
      host: { stdin },
    });
    await credentials.headers();
    expect(host.said()).toBe('one\ntwo\n');
  });

  test('ends what a plugin started along with it, where there is no terminal', async ({ skip }) => {
    skip(await hasTerminal(process.platform), 'there is a terminal: its Ctrl-C ends them all');
    const { credentials, plugin } = await credentialsOf('sleep 300 & echo $! > "$0.child"; wait', {
      host: { timeoutMs: 1000 },
    });
    await failureOf(credentials.headers());
    const child = Number(await readFile(`${plugin.path}.child`, 'utf8'));
    await until('it has ended', async () => ((await isAlive(child)) ? undefined : true));
  });

  test('cuts last words that have no end, and does not keep them all', async () => {
    const { credentials, host } = await credentialsOf(`yes x | tr -d '\\n' | head -c 3000000 >&2; exit 1`);
    const { message } = await failureOf(credentials.headers());
    expect(message).toMatch(/exit code 1: x{300}…$/u);
    expect(host.said().length).toBeLessThan(2 * 1024 * 1024);
  });

  test.each<[what: string, body: string, why: RegExp]>([
    ['nothing', 'true', /it printed nothing$/u],
    ['rubbish', 'echo "token: [s3cr3t"', /it is neither JSON nor YAML$/u],
    ['plain words', 'echo s3cr3t', /it is no ExecCredential$/u],
    [
      'another kind',
      prints(execCredential({ token: 's3cr3t' }, { kind: 'Pod' })),
      /its kind is "Pod", not "ExecCredential"$/u,
    ],
    [
      'another version',
      prints(execCredential({ token: 's3cr3t' }, { apiVersion: 'client.authentication.k8s.io/v1beta1' })),
      /its apiVersion is "client\.authentication\.k8s\.io\/v1beta1", and the kubeconfig asks for client\.authentication\.k8s\.io\/v1$/u,
    ],
    ['a kind that may be a secret', prints(execCredential({}, { kind: 's3cr3t with spaces' })), /its kind is "…"/u],
    [
      'no status',
      `echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential"}'`,
      /it has no status$/u,
    ],
    ['no credential', prints(execCredential({})), /its status has neither token nor certificate$/u],
    [
      'a certificate alone',
      prints(execCredential({ clientCertificateData: 's3cr3t' })),
      /a certificate without its key$/u,
    ],
    ['a key alone', prints(execCredential({ clientKeyData: 's3cr3t' })), /a key without its certificate$/u],
    ['a number for a token', prints(execCredential({ token: 123 })), /status\.token is a number, not a string/u],
    ['a token with a line end', prints(execCredential({ token: 's3cr3t\n' })), /there is an end of line in it$/u],
    [
      'no time',
      prints(execCredential({ token: 's3cr3t', expirationTimestamp: 'soon' })),
      /expirationTimestamp is no time/u,
    ],
    [
      'a certificate that is none',
      prints(execCredential({ clientCertificateData: 's3cr3t', clientKeyData: 's3cr3t' })),
      /clientCertificateData of plugin ".*" of user "jane": no certificate \(PEM\) can be read in it$/u,
    ],
    [
      'a rubbish certificate beside its own',
      prints(execCredential({ clientCertificateData: `${jane.certPem}${rubbish}`, clientKeyData: jane.keyPem })),
      /clientCertificateData of plugin ".*" of user "jane": one of the certificates after the first cannot be read$/u,
    ],
    [
      "somebody else's key",
      prints(execCredential({ clientCertificateData: jane.certPem, clientKeyData: root.keyPem })),
      /it does not belong to the client-key$/u,
    ],
    ['too much', 'yes s3cr3t', /it is longer than 8 MiB$/u],
  ])('refuses %s for an output, and shows nothing of it', async (_, body, why) => {
    const { credentials } = await credentialsOf(body);
    const error = await failureOf(credentials.headers());
    expect(error).toBeInstanceOf(CredentialError);
    expect(error.message).toMatch(why);
    expect(error.message).not.toContain('s3cr3t');
    expect(error.hint).toMatch(
      /^(?:Run it once by hand: on stdout it should print one ExecCredential|After the cert)/u,
    );
  });

  test('takes YAML for an output, as kubectl does', async () => {
    const { credentials } = await credentialsOf(
      prints('apiVersion: client.authentication.k8s.io/v1\nkind: ExecCredential\nstatus: {token: yaml}'),
    );
    expect(await credentials.headers()).toEqual({ authorization: 'Bearer yaml' });
  });

  test('tells where a plugin is missing, with its own hint on one line and escaped', async () => {
    const exec = { command: 'no-such-plugin', installHint: 'Get it:\n  \u001B[31mcurl example.test\u001B[0m' };
    const { credentials } = await credentialsOf('true', { exec });
    const error = await failureOf(credentials.headers());
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({
      message: 'Cannot run plugin "no-such-plugin" of user "jane": it is not in PATH',
      hint: String.raw`Get it: \x1b[31mcurl example.test\x1b[0m`,
    });
  });

  test('runs nothing that only a relative entry of PATH leads to, as Go does not', async () => {
    const { credentials, directory } = await credentialsOf(token('t'), {
      exec: { command: 'env' },
      host: { env: { PATH: '../../../../../../../../usr/bin' } },
    });
    expect(directory).not.toBe('');
    expect((await failureOf(credentials.headers())).message).toMatch(/it is only in a relative directory of PATH$/u);
  });

  test.each<[what: string, command: string, message: string, hint: string]>([
    ['a file', 'DIR/plugin', 'it may not be executed (permission denied)', 'chmod +x DIR/plugin'],
    ['a name', 'plugin', 'it is in PATH, but may not be executed (permission denied)', 'chmod +x DIR/plugin'],
    [
      'a file that a shell would split',
      "DIR/it's",
      'it may not be executed (permission denied)',
      String.raw`chmod +x 'DIR/it'\''s'`,
    ],
  ])(
    'tells of %s that is not executable, with what makes it so and not how to install it',
    async (_, command, message, hint) => {
      await using directory = await temporaryDirectory();
      const at = (text: string) => text.replace('DIR', directory.path);
      for (const name of ['plugin', "it's"])
        await chmod((await writePlugin(directory.path, token('t'), name)).path, 0o644);
      const exec = testPlugin({ command: at(command), installHint: 'Get it' });
      const host = testHost({ env: { PATH: `${directory.path}:/usr/bin` } });
      const error = await failureOf(pluginCredentials(exec, { user: 'jane', host }).headers());
      expect(error).toBeInstanceOf(UsageError);
      expect(error).toMatchObject({
        message: `Cannot run plugin "${at(command)}" of user "jane": ${message}`,
        reason: 'PluginNotRunnable',
        hint: `If it is the plugin that you mean: ${at(hint)}`,
      });
    },
  );

  test('runs what comes later in PATH and is executable', async () => {
    await using directory = await temporaryDirectory();
    for (const name of ['a', 'b']) await mkdir(join(directory.path, name));
    await chmod((await writePlugin(join(directory.path, 'a'), token('first'))).path, 0o644);
    await writePlugin(join(directory.path, 'b'), token('later'));
    const PATH = `${directory.path}/a:${directory.path}/b:${process.env['PATH'] ?? ''}`;
    const credentials = pluginCredentials(testPlugin(), { user: 'jane', host: testHost({ env: { PATH } }) });
    expect(await credentials.headers()).toEqual({ authorization: 'Bearer later' });
  });

  test('tells of a directory, and not how to install it', async () => {
    await using directory = await temporaryDirectory();
    const { credentials } = await credentialsOf('true', { exec: { command: directory.path, installHint: 'Get it' } });
    expect(await failureOf(credentials.headers())).toMatchObject({
      message: `Cannot run plugin "${directory.path}" of user "jane": it is a directory`,
      hint: 'exec.command of the user in the kubeconfig has to name the program itself, not where it is',
    });
  });

  test('tells of a script whose interpreter is missing', async () => {
    const { credentials, plugin } = await credentialsOf('true');
    await writeFile(plugin.path, '#!/no/such/interpreter\n');
    expect(await failureOf(credentials.headers())).toMatchObject({
      message: `Cannot run plugin "${plugin.path}" of user "jane": what should run it does not exist`,
      hint: 'Is the program that its first line ("#!") names there, and is it made for this system?',
    });
  });

  test.each<[what: string, exec: Partial<ExecPlugin>, why: RegExp]>([
    ['an argument', { args: [new SecretText('s3cr3t\0')] }, /has a NUL character in it$/u],
    ['a variable', { env: [{ name: 'A', value: new SecretText('s3cr3t\0') }] }, /has a NUL character in it$/u],
    ['the name of a variable', { env: [{ name: 'A\0', value: new SecretText('s3cr3t') }] }, /a NUL character in it$/u],
    ['arguments', { args: [new SecretText('s3cr3t'.repeat(300_000))] }, /are longer than the system takes$/u],
    [
      'variables',
      { env: [{ name: 'A', value: new SecretText('s3cr3t'.repeat(300_000)) }] },
      /are longer than the system takes$/u,
    ],
  ])('tells in words of %s that the system does not take, and where they stand', async (_, exec, why) => {
    const { credentials, plugin } = await credentialsOf(token('t'), { exec });
    const error = await failureOf(credentials.headers());
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({
      reason: 'PluginNotRunnable',
      message: expect.stringMatching(why) as unknown,
      hint: expect.stringMatching(/^Look at exec\.args and exec\.env/u) as unknown,
    });
    expect(error.message).not.toContain('s3cr3t');
    expect(await plugin.runs()).toBe(0);
  });

  test('finds nothing on stdin where it is not interactive', async () => {
    const { credentials } = await credentialsOf(`cat > /dev/null; ${token('went-on')}`);
    expect(await credentials.headers()).toEqual({ authorization: 'Bearer went-on' });
  });

  test('refuses interactiveMode Always without a terminal, and does not run it', async () => {
    const { credentials, plugin } = await credentialsOf(token('t'), { exec: { interactiveMode: 'Always' } });
    const error = await failureOf(credentials.headers());
    expect(error.message).toMatch(/it has to ask on stdin \(interactiveMode Always\), and stdin is not a terminal$/u);
    expect(error.hint).toMatch(/^Run this in a terminal/u);
    expect(await plugin.runs()).toBe(0);
  });

  test('ends what takes too long, also where it holds on to life', async () => {
    const { credentials } = await credentialsOf(`trap '' TERM; while :; do sleep 1; done`, {
      host: { timeoutMs: 200 },
    });
    const error = await failureOf(credentials.headers());
    expect(error).toMatchObject({ reason: 'PluginTimeout' });
    expect(error.message).toMatch(/it did not end within 200ms$/u);
  });

  const waits = `if [ $RUN = 1 ]; then echo here >&2; while [ ! -e "$0.go" ]; do sleep 0.02; done; fi; `;
  const isRunning = (host: { said(): string }) =>
    until('the plugin runs', () => Promise.resolve(host.said().includes('here') || undefined));

  test('goes on for another who waits when the one is interrupted for whom it was begun', async () => {
    const { credentials, host, plugin } = await credentialsOf(`${waits}${token('first')}`);
    const controller = new AbortController();
    const first = failureOf(credentials.headers(controller.signal));
    const second = credentials.headers(new AbortController().signal);
    await isRunning(host);
    controller.abort(new Error('interrupted'));
    expect((await first).message).toBe('interrupted');
    await writeFile(`${plugin.path}.go`, '');
    expect(await second).toEqual({ authorization: 'Bearer first' });
    expect(await plugin.runs()).toBe(1);
  });

  test('ends when all who wait are interrupted, and runs anew for who comes then', async () => {
    const body = `trap 'echo ended >&2; exit 1' TERM; ${waits}${token('second')}`;
    const { credentials, host, plugin } = await credentialsOf(body);
    const controller = new AbortController();
    const both = [1, 2].map(() => failureOf(credentials.headers(controller.signal)));
    await isRunning(host);
    controller.abort(new Error('interrupted'));
    expect((await Promise.all(both)).map(({ message }) => message)).toEqual(['interrupted', 'interrupted']);
    expect(host.said()).toContain('ended');
    expect(await credentials.headers()).toEqual({ authorization: 'Bearer second' });
    expect(await plugin.runs()).toBe(2);
  });

  test('refresh() tells of a certificate that is another one, also where there is no token', async () => {
    const { credentials, directory } = await credentialsOf(`cat "$0.$RUN" 2>/dev/null || cat "$0.2"`);
    for (const [run, { certPem, keyPem }] of [
      [1, jane],
      [2, root],
    ] as const) {
      const status = { clientCertificateData: certPem, clientKeyData: keyPem };
      await writeFile(join(directory, `plugin.${run}`), execCredential(status));
    }
    expect((await credentials.clientCertificate())?.certPem).toBe(jane.certPem);
    const refused = await credentials.headers();
    expect(await credentials.refresh(refused)).toBe(true);
    expect((await credentials.clientCertificate())?.certPem).toBe(root.certPem);
    expect(await credentials.refresh(refused)).toBe(false);
  });

  test('gives arguments and environment as they are, through no shell', async () => {
    const body = `printf '%s' '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"'; printf '%s' "$#-$1-$MORE-$LESS" | od -An -tx1 | tr -d ' \\n'; echo '"}}'`;
    const { credentials } = await credentialsOf(body, {
      exec: {
        args: ['$(id); `id` "', ''].map((text) => new SecretText(text)),
        env: [{ name: 'LESS', value: new SecretText('theirs') }],
      },
      host: { env: { PATH: process.env['PATH'], MORE: 'ours', LESS: 'ours' } },
    });
    const { authorization } = await credentials.headers();
    expect(Buffer.from(String(authorization).slice('Bearer '.length), 'hex').toString()).toBe(
      '2-$(id); `id` "-ours-theirs',
    );
  });

  test.each([
    ['without a line that names its interpreter', 'echo s3cr3t > "$0.ran"\n'],
    ['that is empty', ''],
  ])('runs no file %s, which libc would give to a shell', async (_, text) => {
    const { credentials, directory, plugin } = await credentialsOf('true');
    await writeFile(plugin.path, text);
    const error = await failureOf(credentials.headers());
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({ reason: 'PluginNotRunnable' });
    expect(error.message).toMatch(/it is no program, and as a script it has no "#!" line$/u);
    expect(error.hint).toBe('The first line of a script names what runs it: #!/bin/sh');
    expect((await readdir(directory)).filter((name) => name.endsWith('.ran'))).toEqual([]);
  });

  test('uses what a plugin printed that leaves something running which holds its pipes', async () => {
    const { credentials } = await credentialsOf(`${token('good')}\nsleep 20 &`, { host: { timeoutMs: 10_000 } });
    expect(await credentials.headers()).toEqual({ authorization: 'Bearer good' });
  });

  test('is asked for by nobody until a credential is needed', async () => {
    const { plugin } = await credentialsOf(token('t'));
    expect(await plugin.runs()).toBe(0);
  });
});

test('a plugin and what it gave print no secret', () => {
  const exec = testPlugin({ args: [new SecretText('--secret=x1')], env: [{ name: 'A', value: new SecretText('x2') }] });
  expect(JSON.stringify(exec)).not.toMatch(/x1|x2/u);
});

describe('sharedCredentials()', () => {
  const secret = (text: string) => new SecretText(text);
  const cluster: ExecClusterInfo = {
    server: 'https://a.test',
    tlsServerName: '',
    insecureSkipTlsVerify: false,
    disableCompression: false,
    config: { big: 9_007_199_254_740_993n },
  };
  const full = () => {
    const env = [{ name: 'A', value: secret('x') }];
    const clusterInfo = { ...cluster, proxyUrl: secret('http://p') };
    return testPlugin({ args: [secret('a'), secret('b')], env, clusterInfo });
  };

  test('are the same for two users with the same plugin, within one program', () => {
    const host = testHost();
    const first = sharedCredentials(full(), { user: 'jane', host });
    expect(sharedCredentials(full(), { user: 'john', host })).toBe(first);
    expect(sharedCredentials(full(), { user: 'jane', host: testHost() })).not.toBe(first);
    expect([...host.shared.keys()].join()).not.toMatch(/"(?:a|b|x|http:\/\/p)"/u);
  });

  test.each<[what: string, change: Partial<ExecPlugin>]>([
    ['command', { command: 'other' }],
    ['arguments', { args: [secret('ab')] }],
    ['arguments in another order', { args: [secret('b'), secret('a')] }],
    ['variable', { env: [{ name: 'A', value: secret('y') }] }],
    ['name of a variable', { env: [{ name: 'B', value: secret('x') }] }],
    ['apiVersion', { apiVersion: 'client.authentication.k8s.io/v1beta1' }],
    ['interactiveMode', { interactiveMode: 'Always' }],
    ['no cluster', { clusterInfo: undefined }],
    ['cluster', { clusterInfo: { ...cluster, proxyUrl: secret('http://p'), server: 'https://b.test' } }],
    ['CA', { clusterInfo: { ...cluster, proxyUrl: secret('http://p'), certificateAuthority: { data: 'x' } } }],
    ['proxy', { clusterInfo: { ...cluster, proxyUrl: secret('http://q') } }],
    [
      'extension',
      { clusterInfo: { ...cluster, proxyUrl: secret('http://p'), config: { big: 9_007_199_254_740_992n } } },
    ],
  ])('are others for another %s', (_, change) => {
    const host = testHost();
    const one = sharedCredentials(full(), { user: 'jane', host });
    expect(sharedCredentials({ ...full(), ...change }, { user: 'jane', host })).not.toBe(one);
  });
});
