import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openFiles } from '../../lib/kubeconfig/open-files.ts';
import { parseKubeconfig } from '../../lib/kubeconfig/parse.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const userOf = (user: object) => JSON.stringify({ users: [{ name: 'jane', user }] });
const clusterOf = (cluster: object) => JSON.stringify({ clusters: [{ name: 'dev', cluster }] });
const execOf = (exec: object) => userOf({ exec: { command: 'plugin', ...exec } });
const envOf = (name: string, value: string) => execOf({ env: [{ name, value }] });

async function openOf(text: string, mode = 0o644) {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, 'config');
  await writeFile(file, text);
  await chmod(file, mode);
  return openFiles(await parseKubeconfig(text, file), 'linux');
}

describe.skipIf(process.platform === 'win32')('openFiles()', () => {
  test.each<[what: string, text: string]>([
    ['a token', userOf({ token: 't' })],
    ['a password', userOf({ password: 'p' })],
    ['a key', userOf({ 'client-key-data': 'a2V5' })],
    ['what an auth-provider has', userOf({ 'auth-provider': { name: 'oidc', config: { 'refresh-token': 'r' } } })],
    ['a password in the URL of a proxy', clusterOf({ 'proxy-url': 'http://jane:s@proxy.test:3128' })],
    ['a password in the URL of a server', clusterOf({ server: 'https://jane:s@api.test' })],
    ['a variable of a plugin', envOf('AWS_SECRET_ACCESS_KEY', 's')],
    ['a variable of a plugin in small letters', envOf('vault_token', 's')],
    ['a JWT in a variable of a plugin', envOf('ID', 'eyJhbGciOiJSUzI1NiJ9.e30.AAAA')],
    ['a proxy with a password in a variable of a plugin', envOf('HTTPS_PROXY', 'http://jane:s@proxy.test')],
    ['a private key in a variable of a plugin', envOf('PEM', '-----BEGIN EC PRIVATE KEY-----\n')],
    ['an argument of a plugin', execOf({ args: ['get-token', '--oidc-client-secret=s'] })],
    ['the argument behind another', execOf({ args: ['get-token', '--password', 's'] })],
    ['a JWT for an argument', execOf({ args: ['eyJhbGciOiJSUzI1NiJ9.e30.AAAA'] })],
    ['a private key for an argument', execOf({ args: ['-----BEGIN EC PRIVATE KEY-----\nAA==\n'] })],
    ['what was made by chance in a variable of a plugin', envOf('FOO', 'glpat-8sQz3Vw0yT5nKdR1mXbA')],
    ['what was made by chance for an argument', execOf({ args: ['--key=abc8Q~DqG3cG7vKzEt1WnPb0LsYh2Rf'] })],
    ['a URL with a password for an argument', execOf({ args: ['--url=https://jane:s@idp.test'] })],
  ])('finds a file that holds %s', async (_, text) => {
    expect(await openOf(text)).toMatchObject([{ mode: 0o644, readableBy: 'everybody', changeableBy: undefined }]);
  });

  test.each<[what: string, text: string]>([
    ['no credential', userOf({ 'client-certificate-data': 'Y2VydA==', tokenFile: 'token', username: 'jane' })],
    ['an auth-provider without a configuration', userOf({ 'auth-provider': { name: 'oidc' } })],
    ['a name in the URL of a proxy', clusterOf({ 'proxy-url': 'http://jane@proxy.test', server: 'https://a.test:1' })],
    ['a plugin that is told a region', execOf({ args: ['--region', 'eu', 'eks', 'get-token', '--cluster-name', 'c'] })],
    ['a plugin that is told where it keeps tokens', execOf({ args: ['--token-cache-dir=/tmp', '--use-token', '--x'] })],
    ['a plugin with a flag at the end', execOf({ args: ['--access-token'] })],
    [
      'a plugin that is told ids and long names',
      execOf({
        args: ['get-token', '--server-id', '6dae42f8-4368-4678-94ff-3960e28e3630', '--login', 'devicecode'],
        env: [
          { name: 'A', value: 'Standard_D4s_v3_EastUS2_Node_Pool_1' },
          { name: 'B', value: '/home/Jane/.azure/KubeLogin2/MyProductionCluster2024' },
          { name: 'C', value: 'arn:aws:iam::123456789012:role/AdminRole1OfTeam2AndTeam3' },
          { name: 'D', value: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' },
        ],
      }),
    ],
    ['a plugin with names in its variables', envOf('AWS_ACCESS_KEY_ID', 'AKIA')],
    ['a plugin with an empty variable', envOf('VAULT_TOKEN', '')],
  ])('passes over one of mode 0644 that holds %s', async (_, text) => {
    expect(await openOf(text)).toEqual([]);
  });

  test.each([
    [0o600, undefined, undefined],
    [0o640, 'its group', undefined],
    [0o620, undefined, 'its group'],
    [0o606, 'everybody', 'everybody'],
    [0o664, 'everybody', 'its group'],
    [0o711, undefined, undefined],
  ])('tells of mode %o who else can read it: %s, and change it: %s', async (mode, readableBy, changeableBy) => {
    const found = await openOf(userOf({ token: 't' }), mode);
    expect(found).toMatchObject(mode & 0o066 ? [{ mode, readableBy, changeableBy }] : []);
  });

  test('says nothing of what is no file, or is gone, and nothing on Windows', async () => {
    const kubeconfig = await parseKubeconfig(userOf({ token: 't' }), '/dev/null');
    expect(await openFiles(kubeconfig, 'linux')).toEqual([]);
    expect(await openFiles({ ...kubeconfig, files: ['/nowhere/config'] }, 'linux')).toEqual([]);
    await using directory = await temporaryDirectory();
    const file = join(directory.path, 'config');
    await writeFile(file, '');
    await chmod(file, 0o666);
    expect(await openFiles({ ...kubeconfig, files: [file] }, 'linux')).toHaveLength(1);
    expect(await openFiles({ ...kubeconfig, files: [file] }, 'win32')).toEqual([]);
  });
});
