// Makes dist/ that of its sources, on first use and after a change.
import { mkdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { install, needsInstall } from './install.mjs';
import { withLock } from './lock.mjs';
import { isFresh } from './sources.mjs';

class CannotStart extends Error {}

/**
 * Installs what is missing, then builds, while parallel starts wait.
 *
 * @param {string} root
 * @throws {Error} Its message says in one line what to run.
 */
export async function renew(root) {
  const dist = join(root, 'dist');
  const onWait = (/** @type {string} */ owner) => say(`note: Waiting for ${owner}, which prepares ${root}`);
  await attempt(`build ${dist}`, root, async () => {
    mkdirSync(dist, { recursive: true });
    await withLock(join(dist, '.lock'), () => renewAlone(root), onWait);
  });
}

/** @param {string} root */
async function renewAlone(root) {
  if (isFresh(root)) return; // by the one we waited for
  if (needsInstall(root)) {
    say(`note: Installing the dependencies of ${root} from its lock file, once (npm ci --omit=dev)`);
    await attempt(`install the dependencies of ${root}`, root, () => install(root));
  }
  const { build } = await import('./build.mjs');
  await build(root);
}

/**
 * @param {string} what
 * @param {string} root
 * @param {() => Promise<void>} work
 */
async function attempt(what, root, work) {
  try {
    await work();
  } catch (error) {
    if (error instanceof CannotStart) throw error;
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    const denied = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
    const why = denied
      ? 'it does not belong to lib/, and this user may not write there'
      : (message.split('\n', 1)[0] ?? '').replace(/:$/u, '');
    const how = `${denied ? 'As its owner, run' : 'Run'}: cd '${root}' && npm ci`;
    throw new CannotStart(`Cannot ${what}: ${why}. ${how}`, { cause: error });
  }
}

/** @param {string} text */
function say(text) {
  writeSync(2, `${text}\n`);
}
