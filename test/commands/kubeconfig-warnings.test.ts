import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeKubeconfig } from '../support/kubeconfig.ts';
import { runCommand } from '../support/run-command.ts';
import { failure, json, startScriptedServer, testAuthority } from '../support/scripted-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** Runs a command on kubeconfig files of these modes; what is said before and beside the answer of the server. */
async function run(command: string, args: readonly string[], { modes = [0o600], user = {}, path = '', status = 200 }) {
  await using directory = await temporaryDirectory();
  const script = [status === 200 ? json(200, {}) : failure(status, 'Unauthorized', 'Unauthorized')];
  const server = await startScriptedServer(script);
  const files: string[] = [];
  for (const [index, mode] of modes.entries()) {
    const spec = {
      clusters: {
        dev: { server: `${server.url}${path}`, 'certificate-authority-data': base64(testAuthority.certPem) },
      },
      users: { dev: user },
      contexts: { dev: { cluster: 'dev', user: 'dev' } },
      currentContext: 'dev',
    };
    const file = await writeKubeconfig(
      directory.path,
      index === 0 ? spec : { users: { [`u${index}`]: user } },
      `config${index}`,
    );
    await chmod(file, mode);
    files.push(file);
  }
  await writeFile(join(directory.path, 'token'), 'opaque-word');
  const { code, stderr } = await runCommand(command, args, {
    cwd: directory.path,
    env: { KUBECONFIG: files.join(':') },
  });
  const warnings = stderr.split('\n').filter((line) => /^(?:warning|note): /u.test(line) && !line.includes('Calling'));
  return {
    code,
    warnings: warnings.map((line) => line.replaceAll(directory.path, '').replaceAll(server.url, 'SERVER')),
  };
}

const base64 = (text: string) => Buffer.from(text).toString('base64');
const readable = (name: string, who: string, mode: string) =>
  `warning: kubeconfig "/${name}" holds credentials and can be read ${who} (mode ${mode}): chmod 600 makes it yours alone`;

const both = (who: string, mode: string) =>
  `warning: kubeconfig "/config0" holds credentials and can be read and changed ${who} (mode ${mode}): chmod 600 makes it yours alone`;
describe.skipIf(process.platform === 'win32')('a command that connects', () => {
  test.each([
    [0o600, { token: 't' }, []],
    [0o640, { token: 't' }, [readable('config0', 'by its group', '0640')]],
    [0o644, { token: 't' }, [readable('config0', 'by every user of this machine', '0644')]],
    [0o644, { password: 'p', username: 'u' }, [readable('config0', 'by every user of this machine', '0644')]],
    [0o644, {}, []],
    [0o666, { token: 't' }, [both('by every user of this machine', '0666')]],
    [0o660, { token: 't' }, [both('by its group', '0660')]],
    [
      0o664,
      { token: 't' },
      [
        'warning: kubeconfig "/config0" holds credentials and can be read by every user of this machine and changed by its group (mode 0664): chmod 600 makes it yours alone',
      ],
    ],
    [
      0o664,
      {},
      ['warning: kubeconfig "/config0" can be changed by its group (mode 0664): chmod 600 makes it yours alone'],
    ],
  ])('warns of a kubeconfig of mode %o with user %j: %j', async (mode, user, expected) => {
    expect(await run('call-api', ['/api'], { modes: [mode], user })).toEqual({ code: 0, warnings: expected });
  });

  test('warns of each file once, and not with --quiet', async () => {
    const options = { modes: [0o644, 0o600, 0o640], user: { token: 't' } };
    expect((await run('call-api', ['/api'], options)).warnings).toEqual([
      readable('config0', 'by every user of this machine', '0644'),
      readable('config2', 'by its group', '0640'),
    ]);
    expect((await run('call-api', ['/api', '-q'], options)).warnings).toEqual([]);
    expect((await run('list-clusters', ['--probe'], options)).warnings).toHaveLength(2);
  });

  test.each(['view-config', 'list-clusters'])('and no %s, which does not', async (command) => {
    expect((await run(command, [], { modes: [0o644], user: { token: 't' } })).warnings).toEqual([]);
  });
});

describe('the proxy of Rancher', () => {
  const path = '/k8s/clusters/c-m-x7k2p';
  const told = `SERVER${path} is the proxy of Rancher: it takes Rancher's own tokens alone`;

  test('is told by bootstrap-token before it makes anything', async () => {
    const { warnings } = await run('bootstrap-token', ['ci-bot'], { path, status: 401 });
    expect(warnings[0]).toContain(`warning: ${told}`);
  });

  test('is told by call-api when it has refused a token', async () => {
    const { code, warnings } = await run('call-api', ['/api', '--token-file', 'token'], { path, status: 401 });
    expect(code).toBe(4);
    expect(warnings).toEqual([expect.stringContaining(`note: ${told}`)]);
  });

  test('is not told where it has not, nor of another server', async () => {
    const withToken = ['/api', '--token-file', 'token'];
    expect((await run('call-api', withToken, { path })).warnings).toEqual([]);
    expect((await run('call-api', withToken, { status: 401 })).warnings).toEqual([]);
    expect((await run('call-api', withToken, { status: 401, path: '/k8s/clusters/' })).warnings).toEqual([]);
  });
});
