import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect } from 'vitest';
import { test } from '../kubectl/kubectl-test.ts';
import { simpleKubeconfig, writeKubeconfig } from '../support/kubeconfig.ts';
import { execCredential, prints, writePlugin } from '../support/plugin.ts';
import { runCommand } from '../support/run-command.ts';
import { json, startScriptedServer, testAuthority } from '../support/scripted-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const v1 = 'client.authentication.k8s.io/v1';
const v1beta1 = 'client.authentication.k8s.io/v1beta1';
const token = prints(execCredential({ token: 'from-plugin' }));
const betaToken = token.replace(v1, v1beta1);
const { certPem, keyPem } = testAuthority.issue({ commonName: 'jane', usage: 'client' });
const certificate = { clientCertificateData: certPem, clientKeyData: keyPem };
const caData = Buffer.from(testAuthority.certPem).toString('base64');

interface Case {
  /** What the plugin does. */
  readonly body: string;
  /** It names no interpreter. */
  readonly isPlainText?: boolean;
  readonly exec?: Readonly<Record<string, unknown>>;
  readonly user?: Readonly<Record<string, unknown>>;
  readonly cluster?: Readonly<Record<string, unknown>>;
  /** Put behind the address of the server. */
  readonly serverPath?: string;
  readonly stdin?: string;
}

const clusterInfo = {
  provideClusterInfo: true,
  apiVersion: v1,
};
const extensions = [
  { name: 'client.authentication.k8s.io/exec', extension: { audience: 'aud-1', nested: { list: [1, 'zwei', null] } } },
  { name: 'other', extension: { audience: 'no' } },
];

const cases: Record<string, Case> = {
  'a token': { body: token },
  'a token of v1beta1, without interactiveMode': {
    body: betaToken,
    exec: { apiVersion: v1beta1, interactiveMode: undefined },
  },
  'a token as YAML': { body: prints(`apiVersion: ${v1}\nkind: ExecCredential\nstatus:\n  token: yaml`) },
  'a certificate': { body: prints(execCredential(certificate)) },
  'a certificate and a token': { body: prints(execCredential({ ...certificate, token: 'beside' })) },
  'an expired token': { body: prints(execCredential({ token: 'old', expirationTimestamp: '2001-01-01T00:00:00Z' })) },
  'cluster info': { body: token, exec: clusterInfo },
  'cluster info with a config': { body: token, exec: clusterInfo, cluster: { extensions } },
  'cluster info with all there is': {
    body: token,
    exec: clusterInfo,
    serverPath: '/k8s/clusters/c-1/',
    cluster: { extensions, 'tls-server-name': 'localhost', 'disable-compression': true },
  },
  'cluster info without TLS checks': {
    body: token,
    exec: clusterInfo,
    cluster: { 'certificate-authority-data': undefined, 'insecure-skip-tls-verify': true },
  },
  'cluster info with numbers of 64 bits': {
    body: token,
    exec: clusterInfo,
    cluster: {
      extensions: [
        { ...extensions[0], extension: { m: 9_007_199_254_740_993n, list: [12_345_678_901_234_567_890n, 1.5] } },
      ],
    },
  },
  'no cluster info where it was not asked for': { body: token, cluster: { extensions } },
  'IfAvailable without a terminal': { body: token, exec: { interactiveMode: 'IfAvailable' } },
  'reading stdin': { body: `cat > "$0.stdin"; ${token}`, stdin: 'not for the plugin' },
  'arguments and environment': {
    body: `printf '%s\\n' "$@" "$MORE" > "$0.given"; ${token}`,
    exec: { args: ['a b', '$(id)', '', '--x=y'], env: [{ name: 'MORE', value: '`id` $HOME' }] },
  },
  'a relative command': { body: token, exec: { command: './plugin' } },
  'a relative command of another directory': { body: token, exec: { command: 'bin/../plugin' } },
  'a command in PATH': { body: token, exec: { command: 'plugin' } },
  'a token beside it': { body: token, user: { token: 'inline' } },
  'a username beside it': { body: token, user: { username: 'jane', password: 'pw' } },
  'a certificate beside it': {
    body: token,
    user: {
      'client-certificate-data': Buffer.from(certPem).toString('base64'),
      'client-key-data': Buffer.from(keyPem).toString('base64'),
    },
  },
  'text without an interpreter': { body: token, isPlainText: true },
  'nothing printed': { body: 'true' },
  'rubbish printed': { body: 'echo "{ not json"' },
  'words printed': { body: 'echo hello' },
  'another version': { body: betaToken },
  'another kind': { body: prints(execCredential({ token: 't' }, { kind: 'Secret' })) },
  'no kind': { body: prints(execCredential({ token: 't' }, { kind: undefined })) },
  'no apiVersion': { body: prints(execCredential({ token: 't' }, { apiVersion: undefined })) },
  'neither kind nor apiVersion': {
    body: prints(execCredential({ token: 't' }, { kind: undefined, apiVersion: undefined })),
  },
  'kind of another group': { body: prints(execCredential({ token: 't' }, { apiVersion: 'v1' })) },
  'no status': { body: prints(execCredential(undefined as unknown as object)) },
  'an empty status': { body: prints(execCredential({})) },
  'a certificate without key': { body: prints(execCredential({ clientCertificateData: certPem })) },
  'a number for a token': { body: prints(execCredential({ token: 5 })) },
  ...Object.fromEntries(
    [
      '',
      '2030-02-30T00:00:00Z',
      '2030-01-01T24:00:00Z',
      '2030-01-01T0:00:00Z',
      '2030-01-01T00:00:60Z',
      '2030-01-01T00:00:00+24:00',
      '2030-01-01T00:00:00,5Z',
      '2030-01-01t00:00:00z',
    ].map((expirationTimestamp) => [
      `an expirationTimestamp "${expirationTimestamp}"`,
      { body: prints(execCredential({ token: 't', expirationTimestamp })) },
    ]),
  ),
  'no time by null': { body: prints(execCredential({ token: 't', expirationTimestamp: null })) },
  'a time in YAML': {
    body: prints(
      `apiVersion: ${v1}\nkind: ExecCredential\nstatus: {token: t, expirationTimestamp: 2030-01-01T00:00:00Z}`,
    ),
  },
  'JSON and text': { body: `${token}; echo text` },
  'JSON and a comment': { body: `${token}; echo '# text'` },
  'JSON twice': { body: `${token}; ${token}` },
  'JSON and NUL': { body: `${token}; printf '\\0'` },
  'JSON and white space': { body: `printf ' \\t\\r\\n'; ${token}; printf '\\n\\t '` },
  'JSON with a comma at its end': { body: token.replace(/\}\n/u, ',}\n') },
  'JSON with a comment': { body: token.replace('{', '{ # text\n') },
  'JSON after a byte order mark': { body: `printf '\\357\\273\\277'; ${token}` },
  'JSON after no-break space': { body: `printf '\\302\\240'; ${token}` },
  'YAML in braces after three dashes': { body: `echo ---; ${token}; echo '# text'` },
  'YAML in two documents': { body: `echo ---; ${token}; echo ---; echo text` },
  ...Object.fromEntries(
    ['utf16le', 'utf-16be'].map((name) => {
      const bytes = Buffer.from(`\ufeff${execCredential({ token: 'from-plugin' })}`, 'utf16le');
      const octal = (name === 'utf16le' ? bytes : bytes.swap16()).reduce(
        (text, byte) => `${text}\\${byte.toString(8).padStart(3, '0')}`,
        '',
      );
      return [`JSON in ${name}`, { body: `printf '${octal}'` }];
    }),
  ),
  'YAML that is no UTF-8': { body: `printf '# \\377\\n'; ${token}` },
  'JSON that is no UTF-8': { body: `printf '{"more":"\\377",'; ${token.replace('{', '')}` },
  'more than a megabyte': { body: `${token}; head -c 2000000 /dev/zero | tr '\\0' ' '` },
  'a time that is none': { body: prints(execCredential({ token: 't', expirationTimestamp: 'soon' })) },
  'a failure with a long stderr': {
    body: `i=0; while [ $i -lt 500 ]; do echo "line $i" >&2; i=$((i+1)); done; exit 7`,
  },
  'a missing command': { body: token, exec: { command: 'no-such-plugin', installHint: 'install it' } },
  'a missing relative command': { body: token, exec: { command: './nowhere/plugin' } },
  'a directory for a command': { body: token, exec: { command: './directory' } },
  'asking on the terminal without one': { body: token, exec: { interactiveMode: 'Always' } },
  v1alpha1: { body: token, exec: { apiVersion: 'client.authentication.k8s.io/v1alpha1' } },
  'no interactiveMode in v1': { body: token, exec: { interactiveMode: undefined } },
};

/** Each number as a text: `JSON.parse()` rounds those of 64 bits. */
function parseExactly(text: string): unknown {
  const numbers = /("(?:[^"\\]|\\.)*")|-?\d[\d.eE+-]*/gu;
  return JSON.parse(text.replaceAll(numbers, (number, quoted: string | undefined) => quoted ?? `"number ${number}"`));
}

describe.skipIf(process.platform === 'win32')('an exec plugin and kubectl', () => {
  test.for(Object.entries(cases))('does the same as with us: %s', async ([, each], { kubectl }) => {
    await using directory = await temporaryDirectory();
    const plugin = await writePlugin(directory.path, `printf '%s' "$KUBERNETES_EXEC_INFO" > "$0.info"\n${each.body}`);
    if (each.isPlainText) await writeFile(plugin.path, (await readFile(plugin.path, 'utf8')).replace(/^#!.*/u, ''));
    await mkdir(join(directory.path, 'directory'));
    const server = await startScriptedServer(Array.from({ length: 20 }, () => json(200, { kind: 'Probe' })));
    const kubeconfig = await writeKubeconfig(
      directory.path,
      simpleKubeconfig('dev', {
        cluster: {
          server: `${server.url}${each.serverPath ?? ''}`,
          'certificate-authority-data': caData,
          ...each.cluster,
        },
        user: { exec: { apiVersion: v1, command: plugin.path, interactiveMode: 'Never', ...each.exec }, ...each.user },
      }),
    );
    const env = {
      PATH: `${directory.path}:${process.env['PATH'] ?? ''}`,
      HOME: directory.path,
      KUBECONFIG: kubeconfig,
    };
    const seen = async (code: number) => {
      const file = (name: string) => readFile(`${plugin.path}.${name}`, 'utf8').catch(() => undefined);
      const info = await file('info');
      // a kubectl that chooses its version by the server's asks for that first
      const requests = server.requests.splice(0).filter(({ path }) => !path.includes('/version'));
      const result = {
        ok: code === 0,
        ran: info !== undefined,
        info: info === undefined || info === '' ? info : parseExactly(info),
        given: await file('given'),
        stdin: await file('stdin'),
        requests: requests.map(({ clientName, headers, path }) => ({
          path: path.replace(each.serverPath?.slice(0, -1) ?? '', ''), // `kubectl get --raw` goes round it
          authorization: headers['authorization'],
          clientName,
        })),
      };
      for (const name of ['info', 'given', 'stdin']) await rm(`${plugin.path}.${name}`, { force: true });
      return result;
    };
    const theirs = promisify(execFile)(kubectl.path, ['get', '--raw', '/probe'], { env });
    theirs.child.stdin?.end(each.stdin ?? '');
    const theirCode = await theirs.then(
      () => 0,
      ({ code }: { code: number }) => code,
    );
    const reference = await seen(theirCode);
    const ours = await runCommand('call-api', ['/probe'], { env, stdin: each.stdin ?? '' });
    expect(await seen(ours.code)).toEqual(reference);
    expect(reference.requests.length).toBe(reference.ok ? 1 : 0);
  });
});
