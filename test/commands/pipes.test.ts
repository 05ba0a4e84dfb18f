import { execFileSync } from 'node:child_process';
import { constants } from 'node:fs';
import { type FileHandle, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { type KubeconfigSpec, simpleKubeconfig, writeKubeconfig } from '../support/kubeconfig.ts';
import { execCredential, prints, writePlugin } from '../support/plugin.ts';
import { startProgram } from '../support/program.ts';
import { json, startScriptedServer, testAuthority } from '../support/scripted-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const { certPem, keyPem } = testAuthority.issue({ commonName: 'jane', usage: 'client' });
const caData = Buffer.from(testAuthority.certPem).toString('base64');
const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: './plugin', interactiveMode: 'Never' };
const provider = (pipe: string) => ({
  name: 'oidc',
  config: { 'idp-issuer-url': 'https://idp.test', 'client-id': 'c', 'idp-certificate-authority': pipe },
});

interface Case {
  readonly user?: (pipe: string, directory: string) => Record<string, unknown>;
  readonly cluster?: (pipe: string) => Record<string, unknown>;
  readonly env?: (pipe: string) => Record<string, string>;
  readonly args?: readonly string[];
  readonly command?: string;
}

const cases: Record<string, Case> = {
  kubeconfig: { env: (KUBECONFIG) => ({ KUBECONFIG }) },
  'kubeconfig of view-config': { env: (KUBECONFIG) => ({ KUBECONFIG }), command: 'view-config' },
  tokenFile: { user: (tokenFile) => ({ tokenFile }) },
  'client-certificate': {
    user: (pipe, directory) => ({ 'client-certificate': pipe, 'client-key': join(directory, 'key') }),
  },
  'client-certificate of view-config --flatten': {
    user: (pipe) => ({ 'client-certificate': pipe }),
    command: 'view-config',
    args: ['--flatten'],
  },
  'certificate-authority': { cluster: (pipe) => ({ 'certificate-authority': pipe }) },
  kuberc: { user: () => ({ exec }), env: (KUBERC) => ({ KUBERC }) },
  'certificate-authority for a plugin': {
    user: () => ({ exec: { ...exec, provideClusterInfo: true } }),
    cluster: (pipe) => ({ 'certificate-authority': pipe, 'certificate-authority-data': undefined }),
  },
  'idp-certificate-authority': { user: (pipe) => ({ 'auth-provider': provider(pipe) }) },
};

/** The end of a pipe for writing, once somebody reads it; it is not written to. */
async function writerOf(pipe: string): Promise<FileHandle> {
  for (;;) {
    try {
      return await open(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
      await setImmediate();
    }
  }
}

describe.skipIf(process.platform === 'win32')('a pipe to which nobody writes', () => {
  test.for(Object.entries(cases))('is waited for until a signal comes: %s', async ([, each]) => {
    await using directory = await temporaryDirectory();
    const { path } = directory;
    const pipe = join(path, 'pipe');
    execFileSync('mkfifo', [pipe]);
    await writeFile(join(path, 'key'), keyPem);
    await writePlugin(path, prints(execCredential({ token: 't' })));
    const server = await startScriptedServer([json(200, {})]);
    const spec: KubeconfigSpec = simpleKubeconfig('dev', {
      cluster: { server: server.url, ...(each.cluster?.(pipe) ?? { 'certificate-authority-data': caData }) },
      user: each.user?.(pipe, path) ?? { token: 't' },
    });
    const KUBECONFIG = await writeKubeconfig(path, spec);
    const program = startProgram(each.command ?? 'call-api', {
      args: each.args ?? (each.command === undefined ? ['/version'] : []),
      env: { KUBECONFIG, ...each.env?.(pipe) },
    });
    await using writer = await writerOf(pipe);
    expect(writer.fd).toBeGreaterThan(0);
    program.kill('SIGINT');
    expect(await program.ended).toMatchObject({ code: 130, stdout: '' });
    expect(server.requests).toEqual([]);
  });

  test('is read as a file would be once somebody does', async () => {
    await using directory = await temporaryDirectory();
    const server = await startScriptedServer([json(200, { kind: 'Probe' })]);
    const at = (name: string) => join(directory.path, name);
    const contents = { token: 'piped', ca: testAuthority.certPem, certificate: certPem, key: keyPem };
    const names = Object.keys(contents);
    const spec = simpleKubeconfig('dev', {
      cluster: { server: server.url, 'certificate-authority': at('ca') },
      user: { tokenFile: at('token'), 'client-certificate': at('certificate'), 'client-key': at('key') },
    });
    await writeKubeconfig(directory.path, spec, 'config.text');
    for (const [name, text] of Object.entries(contents)) await writeFile(at(`${name}.text`), text);
    const pipes = ['config', ...names].map(at);
    execFileSync('mkfifo', pipes);
    const program = startProgram('call-api', {
      args: ['/probe'],
      env: { KUBECONFIG: at('config') },
      shell: pipes
        .map((pipe) => `cat "${pipe}.text" > "${pipe}" &`)
        .join(' ')
        .concat(' true'),
    });
    expect(await program.ended).toMatchObject({ code: 0 });
    expect(server.requests[0]).toMatchObject({ clientName: 'jane', headers: { authorization: 'Bearer piped' } });
  });
});
