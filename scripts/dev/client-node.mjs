// Prunes the generated client to the operations that lib/ calls: 73 kB instead of 1.5 MB. It rests on the shape of
// generated code, so the version of @kubernetes/client-node is pinned and test/scripts/dist.test.ts calls every one.
import { readFileSync } from 'node:fs';

/**
 * @param {object} kept
 * @param {ReadonlySet<string>} kept.operations Names of methods to keep.
 * @param {readonly string[]} kept.apis Classes that lib/ uses: `CoreV1Api`.
 * @returns {import('esbuild').Plugin}
 */
export function slimClientNode({ operations, apis }) {
  return {
    name: 'slim-client-node',
    setup(build) {
      // Filters are Go's regular expressions: no flag.
      // Our own transport replaces it; undici, which does not load on every supported Node, stays out.
      build.onResolve({ filter: /\/isomorphic-fetch\.js$/ }, () => ({ path: 'no-fetch', namespace: 'stub' }));
      build.onLoad({ filter: /.*/, namespace: 'stub' }, () => ({
        contents: 'export class IsomorphicFetchHttpLibrary { send() { throw new Error("httpApi is required"); } }',
      }));
      build.onLoad(
        {
          filter: /client-node[\\/]dist[\\/]gen[\\/](?:apis[\\/]\w+Api|types[\\/](?:Observable|ObjectParam)API)\.js$/,
        },
        ({ path }) => ({ contents: pruneMethods(readFileSync(path, 'utf8'), operations) }),
      );
      build.onLoad({ filter: /client-node[\\/]dist[\\/]gen[\\/]models[\\/]ObjectSerializer\.js$/ }, ({ path }) => ({
        contents: pruneSerializer(path, operations, apis),
      }));
    },
  };
}

/**
 * Drops the methods of generated classes that are not kept.
 *
 * @param {string} source
 * @param {ReadonlySet<string>} operations
 */
export function pruneMethods(source, operations) {
  return source.replace(/\n {4}(?:async )?(\w+)\([^\n]*\) \{\n[\s\S]*?\n {4}\}(?=\n)/gu, (text, name) =>
    name === 'constructor' || operations.has(name.replace(/WithHttpInfo$/u, '')) ? text : '',
  );
}

/**
 * Leaves the serializer the models that the kept operations send and receive, and what those contain: a type without
 * its model would pass through as it is, with strings for its dates.
 *
 * @param {string} path
 * @param {ReadonlySet<string>} operations
 * @param {readonly string[]} apis
 */
function pruneSerializer(path, operations, apis) {
  const gen = path.replace(/models[\\/]ObjectSerializer\.js$/u, '');
  /** @type {Set<string>} */
  const needed = new Set();
  const scan = (/** @type {string} */ text, /** @type {RegExp} */ types) => {
    for (const [, type = ''] of text.matchAll(types)) {
      for (const name of type.match(/[A-Z]\w+/gu) ?? []) {
        if (needed.has(name) || name === 'Array' || name === 'Date') continue;
        needed.add(name);
        scan(readFileSync(`${gen}models/${name}.js`, 'utf8'), /"type": "([^"]+)"/gu);
      }
    }
  };
  for (const api of apis) {
    const used = pruneMethods(readFileSync(`${gen}apis/${api}.js`, 'utf8'), operations);
    scan(used, /serialize\([^\n]*, "([^"]+)", "[^"]*"\)/gu);
  }
  if (needed.size === 0) throw new Error('No models kept: the generated code of @kubernetes/client-node has changed');
  return readFileSync(path, 'utf8')
    .replace(/^(?:import|export \*) .*models\/(\w+)\.js['"];$/gmu, (line, name) => (needed.has(name) ? line : ''))
    .replace(/^ {4}"(\w+)": \w+,?$/gmu, (line, name) => (needed.has(name) ? line : ''));
}
