import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pluginCredentials } from '../../lib/auth/exec-plugin.ts';
import type { PluginPolicy } from '../../lib/model/plugin-policy.ts';
import { execCredential, prints, testHost, testPlugin, writePlugin } from '../support/plugin.ts';
import { simpleKubeconfig, writeKubeconfig } from '../support/kubeconfig.ts';
import { runCommand } from '../support/run-command.ts';
import { json, startScriptedServer, testAuthority } from '../support/scripted-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const policy = (kind: PluginPolicy['kind'], allowlist: readonly string[] = []) => ({
  kind,
  allowlist,
  source: 'kuberc "x"',
});

describe.skipIf(process.platform === 'win32')('the policy for plugins', () => {
  test.each<[what: string, command: string, allowlist: string[], runs: boolean]>([
    ['the command as it is written', 'plugin', ['plugin'], true],
    ['the path at which it is found', 'plugin', ['DIR/bin/plugin'], true],
    ['a name that is found at the same path', 'DIR/bin/plugin', ['plugin'], true],
    ['a path that has to be cleaned', 'DIR/bin/../bin/plugin', ['DIR/bin/plugin'], true],
    ['the same name at another path', 'DIR/other/plugin', ['plugin'], false],
    ['another path of a link to it', 'DIR/link', ['DIR/bin/plugin'], false],
    ['another name', 'plugin', ['plug', 'plugin2'], false],
    ['the name of its directory', 'DIR/bin/plugin', ['DIR/bin'], false],
  ])('takes an allowlist with %s: %s in %j runs: %j', async (_, command, allowlist, runs) => {
    await using directory = await temporaryDirectory();
    const at = (path: string) => path.replace('DIR', directory.path);
    for (const name of ['bin', 'other']) await mkdir(join(directory.path, name));
    const body = prints(execCredential({ token: 't' }));
    const plugins = [
      await writePlugin(join(directory.path, 'bin'), body),
      await writePlugin(join(directory.path, 'other'), body),
    ];
    await symlink(join(directory.path, 'bin/plugin'), join(directory.path, 'link'));
    const host = testHost({
      env: { PATH: `${join(directory.path, 'bin')}:${process.env['PATH'] ?? ''}` },
      policy: () => Promise.resolve(policy('Allowlist', allowlist.map(at))),
    });
    const credentials = pluginCredentials(testPlugin({ command: at(command) }), { user: 'jane', host });
    const given = await credentials.headers().catch((error: unknown) => error);
    if (runs) expect(given).toEqual({ authorization: 'Bearer t' });
    else
      expect(given).toMatchObject({
        reason: 'PluginDenied',
        message: expect.stringContaining('is not on the allowlist of kuberc "x"'),
      });
    const all = await Promise.all(plugins.map((plugin) => plugin.runs()));
    expect(all).toEqual(runs ? [1, 0] : [0, 0]);
  });

  test('denies with exit 2 and runs nothing, by the kuberc and by --exec-policy', async () => {
    await using directory = await temporaryDirectory();
    const plugin = await writePlugin(directory.path, prints(execCredential({ token: 't' })));
    const server = await startScriptedServer([json(200, {})]);
    await writeKubeconfig(
      directory.path,
      simpleKubeconfig('dev', {
        cluster: { server: server.url, 'certificate-authority-data': btoa(testAuthority.certPem) },
        user: {
          exec: { apiVersion: 'client.authentication.k8s.io/v1', command: plugin.path, interactiveMode: 'Never' },
        },
      }),
    );
    const kuberc = join(directory.path, 'kuberc');
    await writeFile(
      kuberc,
      'apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\ncredentialPluginPolicy: DenyAll\n',
    );
    const env = { PATH: process.env['PATH'], KUBECONFIG: join(directory.path, 'config') };
    const call = (args: string[], more = {}) => runCommand('call-api', ['/api', ...args], { env: { ...env, ...more } });
    expect(await call([], { KUBERC: kuberc })).toMatchObject({
      code: 2,
      stderr: `error: Cannot run plugin "${plugin.path}" of user "dev": kuberc "${kuberc}" denies all plugins\nhint: If you trust it: --exec-policy AllowAll allows it for one call\n`,
    });
    expect(await call(['--exec-policy', 'DenyAll'])).toMatchObject({
      code: 2,
      stderr: `error: Cannot run plugin "${plugin.path}" of user "dev": --exec-policy denies all plugins\n`,
    });
    const allowed = await call(['--exec-policy', 'AllowAll'], { KUBERC: kuberc });
    expect(allowed.code).toBe(0);
    expect(await plugin.runs()).toBe(1);
    const probe = await runCommand('list-clusters', ['--probe', '--exec-policy', 'DenyAll'], { env });
    expect(probe.stderr).toContain('denies all plugins');
    expect(await plugin.runs()).toBe(1);
    expect(server.requests.filter(({ headers }) => headers['authorization'] !== undefined)).toHaveLength(1);
  });
});
