import { randomBytes } from 'node:crypto';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PluginHost } from '../../lib/auth/plugin-host.ts';
import type { ExecPlugin } from '../../lib/model/cluster-access.ts';

const execApiVersion = 'client.authentication.k8s.io/v1';

/** A plugin as a kubeconfig would name it. */
export function testPlugin(changes: Partial<ExecPlugin> = {}): ExecPlugin {
  return {
    command: 'plugin',
    args: [],
    env: [],
    apiVersion: execApiVersion,
    interactiveMode: 'Never',
    installHint: '',
    ...changes,
  };
}

/** What a plugin prints. */
export function execCredential(status: object, more: object = {}): string {
  return JSON.stringify({ apiVersion: execApiVersion, kind: 'ExecCredential', status, ...more });
}

/** A host without a terminal that allows everything and keeps what plugins say. */
export function testHost(changes: Partial<PluginHost> = {}): PluginHost & { said(): string } {
  let said = '';
  return {
    env: { PATH: process.env['PATH'] },
    shared: new Map(),
    platform: process.platform,
    stdin: { unavailable: 'stdin is not a terminal' },
    timeoutMs: 20_000,
    relay: (text) => void (said += text),
    policy: () => Promise.resolve({ kind: 'AllowAll', allowlist: [], source: 'nobody' }),
    now: Date.now,
    random: (size) => new Uint8Array(randomBytes(size)),
    said: () => said,
    ...changes,
  };
}

export interface PluginFile {
  readonly path: string;
  /** How often it was run. */
  runs(): Promise<number>;
}

/**
 * Writes a plugin: a program of sh that notes each run and then does what `body` says.
 *
 * @param body `$0` is its path, `$RUN` the number of the run, from 1.
 */
export async function writePlugin(directory: string, body: string, name = 'plugin'): Promise<PluginFile> {
  const path = join(directory, name);
  const log = `${path}.runs`;
  await writeFile(log, '');
  await writeFile(path, `#!/bin/sh\necho run >> '${log}'\nRUN=$(wc -l < '${log}' | tr -d ' ')\n${body}\n`);
  await chmod(path, 0o755);
  return { path, runs: async () => (await readFile(log, 'utf8')).split('\n').length - 1 };
}

/** A body for `writePlugin()` that prints this. */
export function prints(text: string): string {
  return `cat <<'END-OF-OUTPUT'\n${text}\nEND-OF-OUTPUT`;
}
