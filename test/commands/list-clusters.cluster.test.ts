import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { parse, stringify } from 'yaml';
import { test } from '../control-plane/cluster-test.ts';
import { runCommand } from '../support/run-command.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

interface Config {
  clusters: { name: string; cluster: Record<string, unknown> }[];
  contexts: { name: string; context: Record<string, unknown> }[];
}

test('list-clusters --probe asks each cluster; one that is dead is exit 3, and the table is complete all the same', async ({
  cluster,
}) => {
  await using directory = await temporaryDirectory();
  const config = parse(await readFile(cluster.kubeconfig, 'utf8')) as Config;
  config.clusters.push({ name: 'dead', cluster: { server: 'https://127.0.0.1:1' } });
  config.contexts.push({ name: 'dead', context: { ...config.contexts[0]?.context, cluster: 'dead' } });
  const file = join(directory.path, 'config');
  await writeFile(file, stringify(config));
  const run = await runCommand('list-clusters', ['--probe', '-o', 'json'], { env: { KUBECONFIG: file } });
  expect(run.code).toBe(3);
  expect(run.stderr).toMatch(/^error: .*127\.0\.0\.1:1/mu);
  const { items } = JSON.parse(run.stdout) as { items: { name: string; probe: Record<string, unknown> }[] };
  expect(items.map(({ name }) => name)).toContain('dead');
  for (const { name, probe } of items) {
    expect(probe).toMatchObject(
      name === 'dead'
        ? { reachable: false, version: null, user: null, error: { reason: 'ConnectionRefused' } }
        : {
            reachable: true,
            version: expect.stringMatching(/^v1\.\d+/u),
            user: expect.any(String),
            certificateNotAfter: expect.stringMatching(/^\d{4}-/u),
          },
    );
  }
  const table = await runCommand('list-clusters', ['--probe'], { env: { KUBECONFIG: file } });
  expect(table.stdout.split('\n')).toHaveLength(items.length + 2);
  expect(table.stdout).toMatch(/REACHABLE +VERSION +LATENCY +CERTIFICATE EXPIRES +SUBJECT/u);
});
