import { execFile, spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect } from 'vitest';
import { test } from '../kubectl/kubectl-test.ts';
import { simpleKubeconfig, writeKubeconfig } from '../support/kubeconfig.ts';
import { startProgram } from '../support/program.ts';
import { json, type ScriptedStep, startScriptedServer, testAuthority } from '../support/scripted-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const exp = Math.floor(Date.now() / 1000) + 3600;
const caData = Buffer.from(testAuthority.certPem).toString('base64');
const canMount = spawnSync('unshare', ['-rm', 'true']).status === 0;

/** A kubeconfig whose provider gives another refresh-token each time, and a place where it can be mounted. */
async function login(directory: string) {
  const api = await startScriptedServer(Array.from({ length: 20 }, () => json(200, { kind: 'Probe' })));
  const idp = await startScriptedServer(
    Array.from({ length: 20 }, (): ScriptedStep => ({ request: { method }, write }) => {
      const idToken = `${base64({ alg: 'RS256' })}.${base64({ iss: idp.url, sub: 'j', aud: 'cli', exp })}.AAAA`;
      const tokens = { access_token: 'a', token_type: 'Bearer', id_token: idToken, refresh_token: 'refresh-2' };
      return write(json(200, method === 'POST' ? tokens : { issuer: idp.url, token_endpoint: `${idp.url}/token` }));
    }),
  );
  const config = {
    'idp-issuer-url': idp.url,
    'idp-certificate-authority-data': caData,
    'client-id': 'cli',
    'refresh-token': 'refresh-1',
  };
  const file = await writeKubeconfig(
    directory,
    simpleKubeconfig('dev', {
      cluster: { server: api.url, 'certificate-authority-data': caData },
      user: { 'auth-provider': { name: 'oidc', config } },
    }),
  );
  const home = join(directory, '.kube');
  await mkdir(home);
  const mounted = join(home, 'config');
  await writeFile(mounted, '');
  return {
    file,
    home,
    env: { FILE: file, KUBECONFIG: mounted, HOME: directory },
    kept: async () => /refresh-token: "?([\w-]+)/u.exec(await readFile(file, 'utf8'))?.[1],
    grants: () => idp.requests.splice(0).filter(({ method }) => method === 'POST').length,
  };
}

const within = (mount: string) => `exec unshare -rm sh -c '${mount} && exec "$@"' sh "$@"`;
const bind = 'mount --bind "$FILE" "$KUBECONFIG"';

describe.skipIf(!canMount)('a kubeconfig that is a mount point', () => {
  test('keeps a new refresh-token, as with kubectl', async ({ kubectl }) => {
    await using directory = await temporaryDirectory();
    const { env, file, grants, home, kept } = await login(directory.path);
    const before = await readFile(file, 'utf8');
    const theirs = ['-c', within(bind), 'sh', kubectl.path, 'get', '--raw', '/probe'];
    await promisify(execFile)('sh', theirs, { env: { PATH: process.env['PATH'], ...env } });
    expect([grants(), await kept()]).toEqual([1, 'refresh-2']);

    await writeFile(file, before);
    const { ino } = await stat(file);
    const ours = await startProgram('call-api', { args: ['/probe'], env, shell: within(bind) }).ended;
    expect(ours).toMatchObject({ code: 0, stdout: expect.stringContaining('Probe') as string });
    expect(grants()).toBe(1);
    expect(await readFile(file, 'utf8')).toBe(before.replace('refresh-1', '"refresh-2"'));
    expect((await stat(file)).ino).toBe(ino);
    expect((await readdir(home)).filter((name) => /lock|tmp/u.test(name))).toEqual([]);
  });

  test('asks nothing of the provider where it is mounted for reading alone', async () => {
    await using directory = await temporaryDirectory();
    const { env, grants, home, kept } = await login(directory.path);
    const shell = within(`${bind} && mount -o remount,bind,ro "$KUBECONFIG"`);
    const ours = await startProgram('call-api', { args: ['/probe'], env, shell }).ended;
    expect(ours).toMatchObject({ code: 1, stdout: '' });
    expect(ours.stderr).toContain(': the file system is read-only; nothing was asked of the identity provider');
    expect([grants(), await kept(), await readdir(home)]).toEqual([0, 'refresh-1', ['config']]);
  });

  test('is as it was where the device is full, and the error says so', async () => {
    await using directory = await temporaryDirectory();
    const { env, file, grants, home, kept } = await login(directory.path);
    const before = await readFile(file, 'utf8');
    const small = 'mount -t tmpfs -o size=8k tmpfs "$HOME/.kube" && cp "$FILE" "$KUBECONFIG"';
    const fill = 'mount --bind "$KUBECONFIG" "$KUBECONFIG" && cat /dev/zero > "$HOME/.kube/fill" 2>/dev/null';
    const after = 'cat "$KUBECONFIG" >&2';
    const shell = `exec unshare -rm sh -c '${small}; ${fill}; "$@"; ${after}' sh "$@"`;
    // it fills its last block, so that a longer value asks for another one
    const room = 4096 - Buffer.byteLength(before);
    await writeFile(file, `${before}#${' '.repeat(room - 2)}\n`);
    const ours = await startProgram('call-api', { args: ['/probe'], env, shell }).ended;
    expect(ours.stderr).toContain(': no space is left on the device; the one before may not be valid any more');
    expect(ours.stderr.slice(ours.stderr.indexOf('apiVersion'))).toBe(await readFile(file, 'utf8'));
    expect([grants(), await kept(), await readdir(home)]).toEqual([1, 'refresh-1', ['config']]);
  });
});
