import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { simpleKubeconfig, writeKubeconfig } from '../support/kubeconfig.ts';
import { writePlugin } from '../support/plugin.ts';
import { json, startScriptedServer, testAuthority } from '../support/scripted-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { until } from '../support/until.ts';

const callApi = fileURLToPath(new URL('../../scripts/call-api.mjs', import.meta.url));

async function kubeconfigOf(directory: string, server: string, interactiveMode: string): Promise<string> {
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: './plugin', interactiveMode };
  const cluster = { server, 'certificate-authority-data': Buffer.from(testAuthority.certPem).toString('base64') };
  return writeKubeconfig(directory, simpleKubeconfig('dev', { cluster, user: { exec } }));
}

test.skipIf(!canMakeTerminals()).each([
  ['by stdin and stderr, where its interactiveMode is Always', 'Always', '>&2', ''],
  ['by the terminal itself, where its interactiveMode is Never', 'Never', '>/dev/tty', '</dev/tty'],
])('a plugin asks on the terminal, and its question is seen at once: %s', async (_, interactiveMode, out, into) => {
  await using directory = await temporaryDirectory();
  const body = `printf 'Password: ' ${out}; read WORD ${into}; echo "{\\"apiVersion\\":\\"client.authentication.k8s.io/v1\\",\\"kind\\":\\"ExecCredential\\",\\"status\\":{\\"token\\":\\"got-$WORD\\"}}"`;
  await writePlugin(directory.path, body);
  const server = await startScriptedServer([json(200, { kind: 'Probe' })]);
  const kubeconfig = await kubeconfigOf(directory.path, server.url, interactiveMode);
  const child = spawn('script', ['-qec', `'${process.execPath}' '${callApi}' /probe`, '/dev/null'], {
    env: { PATH: process.env['PATH'], HOME: directory.path, KUBECONFIG: kubeconfig, SHELL: '/bin/sh' },
  });
  let shown = '';
  child.stdout.on('data', (bytes: Buffer) => (shown += bytes.toString()));
  await until('the question', () => Promise.resolve(shown.includes('Password: ') || undefined));
  child.stdin.write('word\n');
  const [code] = (await once(child, 'close')) as [number];
  expect({ code, authorization: server.requests[0]?.headers['authorization'] }).toEqual({
    code: 0,
    authorization: 'Bearer got-word',
  });
});

test.skipIf(process.platform === 'win32')('a signal ends the plugin too', async () => {
  await using directory = await temporaryDirectory();
  await writePlugin(directory.path, `echo $$ > "$0.pid"; echo waiting >&2; exec sleep 600`);
  const kubeconfig = await kubeconfigOf(directory.path, 'https://127.0.0.1:1', 'Never');
  const child = spawn(process.execPath, [callApi, '/probe'], {
    env: { PATH: process.env['PATH'], HOME: directory.path, KUBECONFIG: kubeconfig },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const stderr = text(child.stderr);
  const file = join(directory.path, 'plugin.pid');
  const pid = Number(
    await until('the plugin', () =>
      readFile(file, 'utf8').then(
        (id) => id.trim() || undefined,
        () => undefined,
      ),
    ),
  );
  child.kill('SIGINT');
  const [code] = (await once(child, 'close')) as [number];
  expect({ code, stderr: await stderr }).toEqual({ code: 130, stderr: 'waiting\nerror: Interrupted by SIGINT\n' });
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

/** Whether there is the `script` of util-linux, which runs a program on a terminal of its own. */
function canMakeTerminals(): boolean {
  try {
    return execFileSync('script', ['--version'], { encoding: 'utf8' }).includes('util-linux');
  } catch {
    return false;
  }
}
