// Makes dist/ that of its sources, on first use and after a change.
import { mkdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { install, needsInstall } from './install.mjs';
import { withLock } from './lock.mjs';
import { isFresh } from './sources.mjs';

/**
 * Installs what is missing, then builds, while parallel starts wait.
 *
 * @param {string} root
 * @throws {Error} Its message says in one line what to run.
 */
export async function renew(root) {
  const lock = join(root, 'dist', '.lock');
  await attempt(root, async () => {
    mkdirSync(join(root, 'dist'), { recursive: true });
    await withLock(
      lock,
      () => renewAlone(root),
      (owner) => say(`note: Waiting for ${owner}, which prepares ${root}`),
    );
  });
}

/** @param {string} root */
async function renewAlone(root) {
  if (isFresh(root)) return; // by the one we waited for
  if (needsInstall(root)) {
    say(`note: Installing the dependencies of ${root} from its lock file, once: npm ci --omit=dev`);
    await install(root);
  }
  const { build } = await import('./build.mjs');
  await build(root);
}

/**
 * @param {string} root
 * @param {() => Promise<void>} work
 */
async function attempt(root, work) {
  try {
    await work();
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    const denied = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
    const why = denied ? 'it does not belong to lib/, and this user may not write there' : message.split('\n', 1)[0];
    throw new Error(
      `Cannot build ${join(root, 'dist')}: ${why}. Run${denied ? ' as its owner' : ''}: cd '${root}' && npm ci`,
      {
        cause: error,
      },
    );
  }
}

/** @param {string} text */
function say(text) {
  writeSync(2, `${text}\n`);
}
