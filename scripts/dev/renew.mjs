// Makes dist/ that of its sources, on first use and after a change.
import { existsSync, mkdirSync, writeSync } from 'node:fs';
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
  const wrong = existsSync(join(dist, 'main.js')) ? 'it does not belong to lib/' : 'it is missing';
  const onWait = (/** @type {string} */ owner) => say(`note: Waiting for ${owner}, which prepares ${root}`);
  await attempt({ what: `build ${dist}`, wrong, root }, async () => {
    mkdirSync(dist, { recursive: true });
    await withLock(join(dist, '.lock'), () => renewAlone(root, onWait), onWait);
  });
}

/**
 * @param {string} root
 * @param {(owner: string) => void} onWait
 */
async function renewAlone(root, onWait) {
  if (isFresh(root)) return; // by the one we waited for
  const why = needsInstall(root);
  if (why !== undefined) {
    say(`note: Installing the dependencies of ${root} from its lock file, ${why} (npm ci --omit=dev)`);
    const what = `install the dependencies of ${root}`;
    await attempt({ what, wrong: 'some are missing', root }, () => install(root, onWait));
  }
  const { build } = await import('./build.mjs');
  await build(root);
}

/**
 * @param {object} context
 * @param {string} context.what
 * @param {string} context.wrong Why that was to be done.
 * @param {string} context.root
 * @param {() => Promise<void>} work
 */
async function attempt({ what, wrong, root }, work) {
  try {
    await work();
  } catch (error) {
    if (error instanceof CannotStart) throw error;
    const { code, message, errors } = /** @type {NodeJS.ErrnoException & { errors?: unknown[] }} */ (error);
    const run = `cd '${root}' && npm ci`;
    const isOfSources = errors !== undefined; // esbuild's, which has said on stderr where
    const [why, how] = {
      EACCES: [`${wrong}, and this user may not write there`, `As its owner, run: ${run}`],
      EPERM: [`${wrong}, and this user may not write there`, `As its owner, run: ${run}`],
      EROFS: [`${wrong}, and its file system is read-only`, `Where it can be written, run: ${run}`],
      ENOSPC: [`${wrong}, and no space is left there`, `Make some, then run: ${run}`],
    }[code ?? ''] ?? [
      (message.split('\n', 1)[0] ?? '').replace(/:$/u, ''),
      isOfSources ? 'It is told above, with its place' : `Run: ${run}`,
    ];
    throw new CannotStart(`Cannot ${what}: ${why}. ${how}`, { cause: error });
  }
}

/** @param {string} text */
function say(text) {
  writeSync(2, `${text}\n`);
}
