import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { parse, stringify } from 'yaml';
import { test } from '../control-plane/cluster-test.ts';
import { type ProxyProtocol, startRecordingProxy } from '../support/recording-proxy.ts';
import { runCommand } from '../support/run-command.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** A copy of a kubeconfig whose clusters are all reached by a proxy. */
async function throughProxy(kubeconfig: string, url: string, directory: string): Promise<Record<string, string>> {
  const document = parse(await readFile(kubeconfig, 'utf8')) as { clusters: { cluster: Record<string, unknown> }[] };
  for (const { cluster } of document.clusters) cluster['proxy-url'] = url;
  const path = join(directory, 'config');
  await writeFile(path, stringify(document), { mode: 0o600 });
  return { KUBECONFIG: path };
}

describe.each<ProxyProtocol>(['http', 'socks5'])('through a proxy of %s that asks for a password', (protocol) => {
  test('bootstrap-token makes and proves a token, and call-api and list-clusters --probe go the same way', async ({
    cluster,
    namespace,
  }) => {
    await using directory = await temporaryDirectory();
    const proxy = await startRecordingProxy(protocol, { login: 'jane:hunter2', leadsThere: true });
    const env = await throughProxy(cluster.kubeconfig, proxy.url('jane:hunter2'), directory.path);
    const made = await runCommand('bootstrap-token', ['-n', namespace, '-o', 'json'], { env });
    expect(made).toMatchObject({ code: 0 });
    expect(JSON.parse(made.stdout)).toMatchObject({ verified: true, verifiedBy: 'SelfSubjectReview' });
    expect(made.stderr).not.toContain('hunter2');
    // the administrator's calls, and the proof with the token alone over a connection of its own
    expect(proxy.requests.length).toBeGreaterThanOrEqual(2);
    const { token } = JSON.parse(made.stdout) as { token: string };
    const called = await runCommand('call-api', ['/api', '--token-file', '-'], { env, stdin: token });
    expect(called).toMatchObject({ code: 0 });
    const probed = await runCommand('list-clusters', ['--probe', '-o', 'json'], { env });
    expect(probed).toMatchObject({ code: 0 });
    expect(probed.stdout).toContain('"certificateNotAfter"');
    const { server } = (JSON.parse(made.stdout) as { cluster: { server: string } }).cluster;
    const { hostname, port } = new URL(server);
    const asked = { method: 'CONNECT', target: `${hostname}:${port || '443'}`, login: 'jane:hunter2' };
    expect(proxy.requests).toEqual(proxy.requests.map(() => expect.objectContaining(asked) as unknown));
  });

  test('bootstrap-token says that the proxy refuses, and not with which password (3)', async ({
    cluster,
    namespace,
  }) => {
    await using directory = await temporaryDirectory();
    const proxy = await startRecordingProxy(protocol, { login: 'jane:other' });
    const env = await throughProxy(cluster.kubeconfig, proxy.url('jane:hunter2'), directory.path);
    const { code, stdout, stderr } = await runCommand('bootstrap-token', ['-n', namespace], { env });
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/: proxy \S+ \(proxy-url of cluster "[^"]+"\), which should lead to .* answers /u);
    expect(stderr).not.toContain('hunter2');
  });
});
