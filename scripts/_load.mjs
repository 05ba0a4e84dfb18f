// Gives the launchers dist/main.js: in an installed package as it is; in a clone after a look at whether it belongs to
// lib/, installing and building what is missing. Nothing here prints to stdout.
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
    // An import would read all their properties, among them getters that load more: 2 ms of node:fs on Node 20.
    const [{ existsSync }, { dirname }] = [process.getBuiltinModule('node:fs'), process.getBuiltinModule('node:path')];
    const root = dirname(import.meta.dirname);
    // Node 22 and later keep there what they compiled, 6 ms less at the next start. Who may write there may write dist/.
    const modules = process.getBuiltinModule('node:module');
    if ('enableCompileCache' in modules && typeof modules.enableCompileCache === 'function') {
      modules.enableCompileCache(`${root}/dist/.compile-cache`);
    }
    if (existsSync(`${root}/lib`)) {
      const { isFresh } = await import('./dev/sources.mjs');
      const without = process.argv.some((word) => /sandbox|demo/u.test(word)) ? undefined : 'lib/sandbox';
      if (!isFresh(root, { without })) await (await import('./dev/renew.mjs')).renew(root);
    } else if (!existsSync(`${root}/dist/main.js`)) {
      throw new Error(
        `${root} has no dist/: npm was kept from running its "prepare". Install it from a packed tarball`,
      );
    }
  } catch (error) {
    const { writeSync } = await import('node:fs');
    writeSync(2, `error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
  return import(new URL('../dist/main.js', import.meta.url).href);
}
