// Gives the launchers dist/main.js: in an installed package as it is; in a clone after a look at whether it belongs to
// lib/, installing and building what is missing. Nothing here prints to stdout.
import { existsSync, writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');
const [oldestMajor, oldestMinor] = [20, 19];

/**
 * Imports once: Node remembers a link that failed, so trying, building and trying again would fail again.
 *
 * @returns {Promise<typeof import('../lib/main.ts')>} Ends the process with one line on stderr if it cannot.
 */
export async function load() {
  try {
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
    if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
      throw new Error(`Node ${process.versions.node} is too old: ${oldestMajor}.${oldestMinor} or later is needed`);
    }
    if (existsSync(new URL('../lib', import.meta.url))) {
      const { isFresh } = await import('./dev/sources.mjs');
      if (!isFresh(root)) await (await import('./dev/renew.mjs')).renew(root);
    } else if (!existsSync(new URL('../dist/main.js', import.meta.url))) {
      throw new Error(
        `${root} has no dist/: npm was kept from running its "prepare". Install it from a packed tarball`,
      );
    }
  } catch (error) {
    writeSync(2, `error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
  return import(new URL('../dist/main.js', import.meta.url).href);
}
