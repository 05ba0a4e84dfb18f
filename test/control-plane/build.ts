import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { renderDuration } from '../../lib/system/duration.ts';
import type { Env } from '../../lib/system/runtime.ts';
import { withLock } from '../../scripts/dev/lock.mjs';
import { cacheDirectory } from './cache-directory.ts';
import { goVersion, runGo } from './go.ts';

const source = join(import.meta.dirname, 'server');
const buildPatienceMs = 25 * 60_000;
const keepUnusedMs = 30 * 24 * 3_600_000;

export interface BuildOptions {
  env?: Env;
  /** Takes one line for a person: that it builds, how long that takes, how far it is. Nothing if it is built already. */
  report?: (line: string) => void;
  /** Ends the build. */
  signal?: AbortSignal | undefined;
}

/**
 * The program that is etcd, kube-apiserver and kube-controller-manager, built on the first call for this source, these
 * flags and this Go, and found in the user's cache directory by every later one.
 *
 * KUBE_SA_TOKEN_CONTROL_PLANE names a program to take instead, such as one built for another version of Kubernetes.
 *
 * @throws {GoMissingError} There is no Go on this machine.
 */
export async function buildControlPlane({ env = process.env, report = () => undefined, signal }: BuildOptions = {}) {
  const given = env['KUBE_SA_TOKEN_CONTROL_PLANE'];
  if (given) return given;
  const flags = await buildFlags();
  const cache = cacheDirectory(env, homedir(), process.platform);
  const program = join(cache, `control-plane-${await contentKey([...flags, await goVersion(source, env)])}`);
  if (await isThere(program)) return program;
  await mkdir(cache, { recursive: true });
  await withLock(
    join(cache, 'control-plane.lock'),
    async () => {
      signal?.throwIfAborted();
      if (await isThere(program)) return;
      await removeOld(cache);
      await build({ program, flags, env, report, signal });
    },
    (owner) => report(`control plane: ${owner} is building it; waiting for that`),
    buildPatienceMs,
  );
  return program;
}

interface BuildJob {
  program: string;
  flags: string[];
  env: Env;
  report: (line: string) => void;
  signal: AbortSignal | undefined;
}

async function build(job: BuildJob) {
  const started = Date.now();
  const elapsed = () => renderDuration(Math.round((Date.now() - started) / 1000) * 1000);
  job.report('control plane: building it from Go modules; the first time this takes 5 to 11 minutes on 2 cores');
  let compiled = 0;
  const timer = setInterval(() => {
    job.report(`control plane: still building after ${elapsed()}, ${compiled} packages compiled`);
  }, 30_000);
  const aside = `${job.program}.${process.pid}.part`;
  try {
    // -v names each package as it is compiled, on standard error
    await runGo(['build', '-v', ...job.flags, '-o', aside, '.'], {
      directory: source,
      env: job.env,
      signal: job.signal,
      onLine: (line) => {
        if (!line.startsWith('go: ')) compiled += 1;
      },
    });
    await rename(aside, job.program);
  } finally {
    clearInterval(timer);
    await rm(aside, { force: true });
  }
  job.report(`control plane: built in ${elapsed()}`);
}

/** The version that the servers report is that of the module they are built from. */
async function buildFlags(): Promise<string[]> {
  const [, major, minor, patch] =
    /^\tk8s\.io\/kubernetes v(\d+)\.(\d+)\.(\d+)$/m.exec(await readFile(join(source, 'go.mod'), 'utf8')) ?? [];
  if (patch === undefined) throw new Error('Cannot build the control plane: go.mod does not require k8s.io/kubernetes');
  const variables = { gitVersion: `v${major}.${minor}.${patch}`, gitMajor: major, gitMinor: minor };
  const set = Object.entries(variables).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);
  return ['-trimpath', `-ldflags=${['-s', '-w', ...set].join(' ')}`];
}

async function contentKey(inputs: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const input of inputs) hash.update(`${input}\0`);
  for (const name of (await readdir(source)).filter((file) => /^go\.(?:mod|sum)$|\.go$/.test(file)).toSorted()) {
    hash.update(`${name}\0`).update(await readFile(join(source, name)));
  }
  return hash.digest('hex').slice(0, 16);
}

/** Whether the program is there; its mtime tells when it was last used. */
async function isThere(program: string): Promise<boolean> {
  try {
    await utimes(program, new Date(), new Date());
    return true;
  } catch {
    return false;
  }
}

/** Called under the lock, so a part of a program belongs to a build that died. */
async function removeOld(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    if (!/^control-plane-[0-9a-f]{16}/.test(name)) continue;
    const path = join(cache, name);
    const unused = Date.now() - (await stat(path)).mtimeMs > keepUnusedMs;
    if (unused || name.endsWith('.part')) await rm(path, { force: true });
  }
}
