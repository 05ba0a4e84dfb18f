import { execFile, execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect } from 'vitest';
import { test as base } from '../kubectl/kubectl-test.ts';
import { simpleKubeconfig, writeKubeconfig } from '../support/kubeconfig.ts';
import { execCredential, prints, writePlugin } from '../support/plugin.ts';
import { runCommand } from '../support/run-command.ts';
import { json, startScriptedServer, testAuthority } from '../support/scripted-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

// one that was built here has no number: it is that of go.mod
const test = base.extend('kubectl', ({ kubectl, skip }) => {
  const version = execFileSync(kubectl.path, ['version', '--client', '-o', 'json'], { encoding: 'utf8' });
  const { clientVersion } = JSON.parse(version) as { clientVersion: { minor: string } };
  return Number.parseInt(clientVersion.minor, 10) < 36 ? skip('kubectl has this since 1.36') : kubectl;
});

const allow = (entries: string) => `credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: ${entries}`;

const cases: Record<string, string> = {
  'no policy': '',
  AllowAll: 'credentialPluginPolicy: AllowAll',
  DenyAll: 'credentialPluginPolicy: DenyAll',
  'DenyAll and a list': 'credentialPluginPolicy: DenyAll\ncredentialPluginAllowlist: [{command: plugin}]',
  'an unknown policy': 'credentialPluginPolicy: denyall',
  'an empty list': allow('[]'),
  'no list': allow('null'),
  'its command': allow('[{command: plugin}]'),
  'its name': allow('[{name: plugin}]'),
  'its name and its command': allow('[{name: plugin, command: plugin}]'),
  'its command and another name': allow('[{name: other, command: plugin}]'),
  'its command and an empty name': allow('[{name: "", command: plugin}]'),
  'another name': allow('[{name: other}]'),
  'an empty entry beside it': allow('[{name: plugin}, {}]'),
  'a name that is not normalized': allow('[{name: ./plugin}]'),
};

describe.skipIf(process.platform === 'win32')('a kuberc and kubectl', () => {
  test.for(Object.entries(cases))('let a plugin run as with us: %s', async ([, policy], { kubectl }) => {
    await using directory = await temporaryDirectory();
    await writePlugin(directory.path, prints(execCredential({ token: 'from-plugin' })));
    const server = await startScriptedServer(Array.from({ length: 9 }, () => json(200, { kind: 'Probe' })));
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'plugin',
      interactiveMode: 'Never',
    };
    const caData = Buffer.from(testAuthority.certPem).toString('base64');
    const KUBECONFIG = await writeKubeconfig(
      directory.path,
      simpleKubeconfig('dev', {
        cluster: { server: server.url, 'certificate-authority-data': caData },
        user: { exec },
      }),
    );
    const KUBERC = join(directory.path, 'kuberc');
    await writeFile(KUBERC, `apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n${policy}\n`);
    const PATH = `${directory.path}:${process.env['PATH'] ?? ''}`;
    const env = { PATH, HOME: directory.path, KUBECONFIG, KUBERC };
    const theirs = await promisify(execFile)(kubectl.path, ['get', '--raw', '/probe'], { env }).then(
      () => 'runs',
      () => 'refused',
    );
    const ours = await runCommand('call-api', ['/probe'], { env });
    expect(ours.code === 0 ? 'runs' : 'refused').toBe(theirs);
  });
});
