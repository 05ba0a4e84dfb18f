// Installs the dependencies of a clone as the lock file has them, where there are none or old ones.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { differenceOf, holdsMore } from './dependencies.mjs';
import { isAlive } from './lock.mjs';
import { npmCi } from './npm-ci.mjs';
import { installStamp } from './sources.mjs';

const orphanPatienceMs = 5 * 60_000;

/**
 * Why an install is needed: nothing is installed, our own install was cut short, or the lock file has changed since.
 * A node_modules that another tool than npm has made is left alone.
 *
 * @param {string} root
 * @returns {string | undefined} In words.
 * @throws {Error} The lock file has changed since somebody installed more than we would: `npm ci` is theirs to run.
 */
export function needsInstall(root) {
  const more = holdsMore(root);
  // One that was killed leaves a stamp that means nothing, unless somebody has installed by hand since.
  if (existsSync(begun(root)) && !more) return 'once';
  if (!existsSync(join(root, installStamp))) return existsSync(join(root, 'node_modules')) ? undefined : 'once';
  const difference = differenceOf(root);
  if (difference === undefined) return undefined;
  if (more) throw new Error(`node_modules is not what package-lock.json says (${difference})`);
  return `which has changed (${difference})`;
}

/**
 * Runs `npm ci` for what a build needs; what npm says goes to stderr. The caller holds the lock, so an npm that still
 * runs is the orphan of a start that was killed: it is waited for, as two would tear down each other's work.
 *
 * @param {string} root
 * @param {(owner: string) => void} onWait Told once, if there is such an npm.
 */
export async function install(root, onWait) {
  const until = Date.now() + orphanPatienceMs;
  for (let told = false, pid = orphan(root); pid !== undefined; pid = orphan(root)) {
    if (!told) onWait(`npm (process ${pid})`);
    told = true;
    if (Date.now() > until) throw new Error(`npm (process ${pid}) of an earlier start still runs; end it first`);
    await sleep(100);
  }
  writeFileSync(begun(root), ''); // fails before npm does, where nobody may write
  const said = await npmCi(root, (pid) => writeFileSync(begun(root), JSON.stringify({ pid, host: hostname() })));
  process.stderr.write(said);
  rmSync(begun(root), { force: true });
}

/** @param {string} root */
function begun(root) {
  return join(root, 'dist', '.installing');
}

/**
 * The process id of an npm that an earlier start has left behind.
 *
 * @param {string} root
 */
function orphan(root) {
  try {
    const { pid, host } = JSON.parse(readFileSync(begun(root), 'utf8'));
    return host === hostname() && isAlive(pid) && isNpm(pid) ? pid : undefined;
  } catch {
    return undefined; // none, or one that was killed before it had an npm
  }
}

/**
 * Where it can be seen, by /proc: the id may be another's by now, or that of a process that nobody has waited for.
 *
 * @param {number} pid
 */
function isNpm(pid) {
  return process.platform !== 'linux' || readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('npm');
}
