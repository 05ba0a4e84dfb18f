import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { expect, vi } from 'vitest';
import { needsOwnControlPlane, test } from './cluster-test.ts';
import { runningCommands } from './running-commands.ts';
import { startControlPlane } from './start.ts';

const script = resolve(import.meta.dirname, '../../scripts/dev/control-plane.mjs');

test('stop() ends the processes of its instance, those of no other, and removes its directory', async ({
  cluster,
  skip,
}) => {
  skip(cluster.authority === undefined, needsOwnControlPlane);
  const { admin, directory, stop } = await startControlPlane({ controllerManager: false });
  expect(await componentsOf(directory)).toHaveLength(2);

  await stop();
  expect(await componentsOf(directory)).toEqual([]);
  expect(existsSync(directory)).toBe(false);
  await expect(admin.get('/version')).rejects.toThrow();
  expect(await cluster.admin.get('/version')).toHaveProperty('gitVersion');
});

test('an instance whose starter is killed with SIGKILL ends and removes its directory', async ({ cluster, skip }) => {
  skip(cluster.authority === undefined, needsOwnControlPlane);
  const starter = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = (await once(starter.stdout, 'data')) as [Buffer];
  const directory = dirname(line.toString().trim().replace('export KUBECONFIG=', ''));
  expect(await componentsOf(directory)).toHaveLength(3);

  starter.kill('SIGKILL');
  await vi.waitFor(async () => expect(await componentsOf(directory)).toEqual([]), { timeout: 10_000 });
  expect(existsSync(directory)).toBe(false);
});

async function componentsOf(directory: string): Promise<string[]> {
  return (await runningCommands()).filter((command) => command.includes(directory));
}
