import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { expect } from 'vitest';
import { bootstrap, clientNodeOptions, connectWithKubeconfig } from '../../lib/index.ts';
import type { Sandbox } from '../../lib/sandbox/index.ts';
import { startRecordingProxy } from '../support/recording-proxy.ts';
import { runCommand } from '../support/run-command.ts';
import { sandboxTest } from '../support/sandbox-test.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

async function behindProxy({ kubeconfig }: Sandbox, directory: string, proxyUrl: string): Promise<string> {
  const file = join(directory, 'config');
  await writeFile(file, kubeconfig.replace(/^( *)(server: .*)$/mu, `$1$2\n$1proxy-url: ${proxyUrl}`), { mode: 0o600 });
  return file;
}

sandboxTest('a credential takes its proxy along: client-node goes that way', async ({ namespace, sandbox }) => {
  await using directory = await temporaryDirectory();
  const proxy = await startRecordingProxy('http');
  const kubeconfig = await behindProxy(sandbox, directory.path, proxy.url());
  const connection = await connectWithKubeconfig({ kubeconfig });
  try {
    const account = { serviceAccount: 'ci-bot', namespace, createServiceAccount: true, roles: ['view'] };
    const client = new KubeConfig();
    client.loadFromOptions(clientNodeOptions(await bootstrap(connection, account)));
    const before = proxy.requests.length;
    const { items } = await client.makeApiClient(CoreV1Api).listNamespacedPod({ namespace });
    expect(items).toEqual([]);
    expect(proxy.requests.slice(before)).toMatchObject([{ target: new URL(sandbox.server).host }]);
  } finally {
    connection.close();
  }
});

sandboxTest(
  'the document names the proxy without name and password, and a warning says so',
  async ({ namespace, sandbox }) => {
    await using directory = await temporaryDirectory();
    const proxy = await startRecordingProxy('http');
    const kubeconfig = await behindProxy(sandbox, directory.path, proxy.url('jane:s3cr3t'));
    const args = ['default', '-n', namespace, '--kubeconfig', kubeconfig];
    const { code, stdout, stderr } = await runCommand('bootstrap-token', [...args, '-o', 'json']);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining(`${proxy.url()} wants a name and a password: the credential leaves them out\n`),
    });
    expect(JSON.parse(stdout)).toMatchObject({ cluster: { server: sandbox.server, proxyUrl: proxy.url() } });
    expect(stdout + stderr).not.toContain('s3cr3t');
    const summary = await runCommand('bootstrap-token', [...args, '-o', 'summary', '--reuse']);
    expect(summary.stdout).toMatch(new RegExp(`^Proxy: +${proxy.url()}$`, 'mu'));
  },
);

sandboxTest('a credential without a proxy says nothing of one', async ({ namespace, sandbox }) => {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, 'config');
  await writeFile(file, sandbox.kubeconfig, { mode: 0o600 });
  const { stdout, stderr } = await runCommand('bootstrap-token', ['default', '-n', namespace, '-o', 'json'], {
    env: { KUBECONFIG: file },
  });
  expect(JSON.parse(stdout)).not.toHaveProperty('cluster.proxyUrl');
  expect(stderr).not.toContain('wants a name');
});
