// Fewer files for Node to load: esbuild makes a chunk of each set of modules that the same entries share, and each file
// of a program takes Node half a millisecond at every start.
import { createHash } from 'node:crypto';
import * as esbuild from 'esbuild';

/** Characters; less than that is read sooner than another file is found. */
const smallest = 8192;

/**
 * @typedef {{ text: string, imports: readonly { path: string, kind: string }[], exports: readonly string[] }} Module
 * @typedef {ReadonlyMap<string, Module>} Modules Files of a build, by name.
 */

/**
 * Joins the chunks that a start always loads to one, with small ones that need nothing else; all that the main job needs
 * besides to another; and of the others those that the same entries need.
 *
 * Names tell contents, as before: a file of another name is another file, also where only what it imports was joined
 * otherwise.
 *
 * @param {Modules} modules
 * @param {readonly string[]} entries They keep their names. The first is the program, whose start it is about.
 * @param {string} [job] File that runs the main job.
 * @returns {Promise<Map<string, string>>} Texts by name.
 */
export async function mergeChunks(modules, entries, job) {
  const groups = groupChunks(modules, entries, job);
  const renamed = new Map(
    [...modules.keys()].map((name) => [name, entries.includes(name) ? name : finalName(name, modules, groups)]),
  );
  const fileOf = (/** @type {string} */ name) => renamed.get(groups.get(name)?.[0] ?? name) ?? name;
  const { outputFiles } = await esbuild.build({
    entryPoints: [...new Set([...modules.keys()].map((name) => groups.get(name)?.[0] ?? name))].map((name) => ({
      in: name,
      out: fileOf(name).replace(/\.js$/u, ''),
    })),
    outdir: '/',
    write: false,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    plugins: [{ name: 'merge-chunks', setup: (build) => resolveChunks(build, { modules, groups, fileOf }) }],
    logLevel: 'warning',
  });
  return new Map(outputFiles.map(({ path, text }) => [path.slice(path.lastIndexOf('/') + 1), text]));
}

/**
 * @param {Modules} modules
 * @param {readonly string[]} entries
 * @param {string | undefined} job
 * @returns {Map<string, string[]>} For each chunk, all chunks of its group.
 */
function groupChunks(modules, entries, job) {
  const [main = ''] = entries;
  const dynamic = new Set([...modules.values()].flatMap(({ imports }) => dynamicOf(imports)));
  const commands = dynamicOf(modules.get(main)?.imports ?? []);
  const atStart = reach([main, ...commands], modules, staticOf);
  const ofJob = reach(job === undefined ? [] : [job], modules, staticOf);
  /** @type {Map<string, string[]>} */
  const byKey = new Map();
  for (const name of [...modules.keys()].toSorted()) {
    if (entries.includes(name) || dynamic.has(name)) continue;
    const users = [...dynamic].filter((entry) => reach([entry], modules, staticOf).has(name)).toSorted();
    const key = atStart.has(name) ? 'start' : ofJob.has(name) ? 'job' : users.join(' ');
    byKey.set(key, [...(byKey.get(key) ?? []), name]);
  }
  const { start = [], ...others } = Object.fromEntries(byKey);
  const ofNode = builtinsOf(start, modules);
  /** @type {string[][]} */
  const groups = [start];
  for (const group of Object.values(others)) {
    const size = group.reduce((sum, name) => sum + (modules.get(name)?.text.length ?? 0), 0);
    const needs = group.flatMap((name) => staticOf(modules.get(name)?.imports ?? []));
    const isSmall = size < smallest && [...builtinsOf(group, modules)].every((name) => ofNode.has(name));
    if (isSmall && needs.every((name) => start.includes(name) || group.includes(name))) start.push(...group);
    else groups.push(group);
  }
  return new Map(groups.flatMap((group) => group.map((name) => [name, group])));
}

/**
 * Node's own modules that they load: up to 4 ms for one that nothing else has loaded.
 *
 * @param {readonly string[]} names
 * @param {Modules} modules
 */
function builtinsOf(names, modules) {
  const texts = names.map((name) => modules.get(name)?.text ?? '');
  return new Set(texts.flatMap((text) => [...text.matchAll(/\bfrom"(node:[\w/]+)"/gu)].map(([, name]) => name)));
}

/**
 * @param {import('esbuild').PluginBuild} build
 * @param {{ modules: Modules, groups: Map<string, string[]>, fileOf: (name: string) => string }} graph
 */
function resolveChunks(build, { modules, groups, fileOf }) {
  const nameIn = (/** @type {readonly string[]} */ group, /** @type {string} */ member, /** @type {string} */ id) =>
    `${id}$${group.indexOf(member)}`;
  build.onResolve({ filter: /.*/ }, ({ path, kind, pluginData }) => {
    const name = path.replace(/^\.\//u, '');
    if (kind === 'entry-point') return { path: name, namespace: groups.has(name) ? 'group' : 'module' };
    if (!modules.has(name)) return { path, external: true };
    if (kind === 'dynamic-import') return { path: `./${fileOf(name)}`, external: true };
    const group = groups.get(name);
    if (group === undefined) return { path: `./${fileOf(name)}`, external: true };
    return { path: name, namespace: pluginData === group ? 'module' : 'facade' };
  });
  build.onLoad({ filter: /.*/, namespace: 'module' }, ({ path }) => ({
    contents: modules.get(path)?.text ?? '',
    pluginData: groups.get(path),
  }));
  build.onLoad({ filter: /.*/, namespace: 'group' }, ({ path }) => {
    const group = groups.get(path) ?? [];
    const lines = group.map((member) => {
      const names = (modules.get(member)?.exports ?? []).map((id) => `${id} as ${nameIn(group, member, id)}`);
      return `import './${member}'; export { ${names.join(', ')} } from './${member}';`;
    });
    return { contents: lines.join('\n'), pluginData: group };
  });
  build.onLoad({ filter: /.*/, namespace: 'facade' }, ({ path }) => {
    const group = groups.get(path) ?? [];
    const names = (modules.get(path)?.exports ?? []).map((id) => `${nameIn(group, path, id)} as ${id}`);
    const from = `'./${fileOf(path)}'`;
    return { contents: `import ${from}; export { ${names.join(', ')} } from ${from};` };
  });
}

/**
 * @param {string} name
 * @param {Modules} modules
 * @param {Map<string, string[]>} groups
 */
function finalName(name, modules, groups) {
  const below = reach(groups.get(name) ?? [name], modules, allOf);
  const content = [...below].toSorted().map((each) => `${each}: ${(groups.get(each) ?? []).join(' ')}`);
  const hash = createHash('sha256').update(content.join('\n')).digest('hex').slice(0, 10);
  return `${name.replace(/-\w+\.js$/u, '')}-${hash}.js`;
}

/**
 * @param {readonly string[]} from
 * @param {Modules} modules
 * @param {(imports: Module['imports']) => string[]} next
 * @returns {Set<string>} `from` too.
 */
function reach(from, modules, next) {
  const seen = new Set(from);
  for (const name of seen) for (const other of next(modules.get(name)?.imports ?? [])) seen.add(other);
  return seen;
}

/** @param {Module['imports']} imports */
function staticOf(imports) {
  return imports.filter(({ kind }) => kind === 'import-statement').map(({ path }) => path);
}

/** @param {Module['imports']} imports */
function dynamicOf(imports) {
  return imports.filter(({ kind }) => kind === 'dynamic-import').map(({ path }) => path);
}

/** @param {Module['imports']} imports */
function allOf(imports) {
  return [...staticOf(imports), ...dynamicOf(imports)];
}
