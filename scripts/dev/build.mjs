// Bundles lib/ into dist/. By hand and as npm's `prepare`; the launchers call build() when dist/ is not that of lib/.
import { existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { slimClientNode } from './client-node.mjs';
import { differenceOf } from './dependencies.mjs';
import { withLock } from './lock.mjs';
import { mergeChunks } from './merge-chunks.mjs';
import { readSources, recordOutput, writeAside, writeRecord } from './sources.mjs';

const entryPoints = { main: 'lib/main.ts', index: 'lib/index.ts', sandbox: 'lib/sandbox/index.ts' };
const mainJob = 'lib/commands/bootstrap-token/run.ts';

/**
 * Builds dist/ beside programs that run from it: chunks, named by their content, come first and main.js last, each
 * written aside and renamed, and nothing is deleted, so that every main.js finds its chunks. The caller holds the lock.
 *
 * @param {string} root
 * @returns {Promise<string[]>} Names of the files that make up the build.
 */
export async function build(root) {
  const sources = readSources(root);
  const bundled = await bundle(root, usedOfClientNode(root));
  mkdirSync(join(root, 'dist'), { recursive: true });
  const files = [...bundled]
    .map(([name, text]) => ({ name, contents: Buffer.from(text) }))
    .toSorted((a, b) => order(a.name) - order(b.name));
  /** @type {import('./sources.mjs').SourceRecord['outputs']} */
  const outputs = {};
  for (const { name, contents } of files) {
    const path = join(root, 'dist', name);
    writeAside(path, contents);
    outputs[name] = recordOutput(path, contents);
  }
  writeRecord(root, { sources, outputs });
  return files.map(({ name }) => name);
}

/**
 * The files of dist/, not yet written.
 *
 * @param {string} root
 * @param {Parameters<typeof slimClientNode>[0]} used What is kept of the generated client.
 * @returns {Promise<Map<string, string>>} Texts by name.
 */
export async function bundle(root, used) {
  const { outputFiles, metafile } = await esbuild.build({
    absWorkingDir: root,
    entryPoints,
    outdir: 'dist',
    write: false,
    metafile: true,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minifySyntax: true,
    minifyWhitespace: true, // names are kept, so that stack traces can be read
    legalComments: 'none',
    // The same code as ES modules: a third less of it, and it loads faster
    // p-retry's, where it has no time limit of its own: the global would load node:perf_hooks, 1 ms
    define: { 'performance.now': 'Date.now' },
    alias: { yaml: './node_modules/yaml/browser/dist/index.js' },
    plugins: [slimClientNode(used), slimPackageJson, builtinsOfCommonJs],
    logLevel: 'warning',
  });
  const modules = new Map(
    outputFiles.map(({ path, text }) => {
      const { exports, imports } = metafile.outputs[`dist/${basename(path)}`] ?? { exports: [], imports: [] };
      const own = imports.filter(({ external }) => external !== true);
      return [
        basename(path),
        { text, exports, imports: own.map(({ path: other, kind }) => ({ path: basename(other), kind })) },
      ];
    }),
  );
  const [job] = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === mainJob) ?? [''];
  const merged = await mergeChunks(modules, Object.keys(entryPoints).map(fileName), basename(job));
  await esbuild.stop();
  return new Map([...merged].map(([name, text]) => [name, importBuiltins(text)]));
}

/** @param {string} entry */
function fileName(entry) {
  return `${entry}.js`;
}

/**
 * Takes Node's own modules from `process.getBuiltinModule()`. An `import` of one reads each of its properties, and some
 * are getters that load further modules: 2 ms for node:fs on Node 20, 4 for node:util on 22, 17 for node:http there.
 *
 * @param {string} text As esbuild writes it.
 */
export function importBuiltins(text) {
  const taken = text.replace(
    /\bimport(?: (\w+) ?|\{([^{}]*)\}|\*as (\w+) )from"(node:[\w/]+)"/gu,
    (_, whole, names, star, module) => {
      const left = whole ?? star ?? `{${names.replaceAll(' as ', ':')}}`;
      return `const ${left}=process.getBuiltinModule("${module}")`;
    },
  );
  const left = /from"(node:[\w/]+)"/u.exec(taken);
  if (left) throw new Error(`An import of ${left[1]} is written in a way that importBuiltins() does not know`);
  return taken;
}

/**
 * What of the generated client lib/ uses: every name that it calls as a method, and the classes it imports.
 *
 * @param {string} root
 */
export function usedOfClientNode(root) {
  const text = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(root, 'lib', name), 'utf8'))
    .join('\n');
  const operations = new Set([...text.matchAll(/\.(\w+)(?:<[^()\n]*>)?\(/gu)].map(([, name]) => name ?? ''));
  const apis = [...new Set([...text.matchAll(/\bObject(\w+V\d\w*Api)\b/gu)].map(([, name]) => name ?? ''))];
  return { operations, apis };
}

/**
 * Of package.json, what a program says of itself.
 *
 * @type {import('esbuild').Plugin}
 */
const slimPackageJson = {
  name: 'slim-package-json',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]package\.json$/ }, ({ path }) => {
      const { name, version, description } = JSON.parse(readFileSync(path, 'utf8'));
      return { contents: JSON.stringify({ name, version, description }), loader: 'json' };
    });
  },
};

/**
 * Node's own modules for packages that `require()` them: in a bundle of ES modules there is no `require`.
 *
 * @type {import('esbuild').Plugin}
 */
const builtinsOfCommonJs = {
  name: 'builtins-of-commonjs',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^[a-z_/]+$/ }, ({ kind, path }) =>
      kind === 'require-call' && isBuiltin(path) ? { path, namespace: 'builtin' } : undefined,
    );
    onLoad({ filter: /^/, namespace: 'builtin' }, ({ path }) => ({ contents: `export * from 'node:${path}';` }));
  },
};

/** @param {string} name */
function order(name) {
  return name === 'main.js' ? 2 : Object.keys(entryPoints).map(fileName).includes(name) ? 1 : 0;
}

async function main() {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const dist = join(root, 'dist');
  const difference = differenceOf(root);
  if (difference !== undefined) {
    say(`warning: Building with a node_modules that is not what package-lock.json says (${difference}). Run: npm ci`);
  }
  mkdirSync(dist, { recursive: true });
  const files = await withLock(
    join(dist, '.lock'),
    () => build(root),
    (owner) => say(`Waiting for ${owner}`),
  );
  if (process.argv.includes('--clean')) {
    const kept = new Set([...files, 'sources.json', '.lock']);
    for (const name of readdirSync(dist)) if (!kept.has(name)) rmSync(join(dist, name), { recursive: true });
  }
  say(`dist/ built: ${files.length} files`);
}

/** @param {string} text */
function say(text) {
  process.stderr.write(`${text}\n`);
}

const script = process.argv[1];
if (script !== undefined && existsSync(script) && realpathSync(script) === fileURLToPath(import.meta.url)) {
  await main().catch((error) => {
    say(`error: Cannot build dist/: ${error.message.split('\n', 1)[0].replace(/:$/u, '')}`); // esbuild has said the rest
    process.exitCode = 1;
  });
}
