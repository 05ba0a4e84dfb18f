// dist/sources.json: what dist/ was built from and what it is, so that no other is ever run.

// Not imported, as in scripts/_load.mjs.
const { readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } = process.getBuiltinModule('node:fs');
const { join } = process.getBuiltinModule('node:path');

/** npm writes it last: where it is missing, nothing (or half of it) is installed. */
export const installStamp = 'node_modules/.package-lock.json';
const fixed = [
  'package.json',
  'package-lock.json',
  'tsconfig.json', // esbuild reads it
  'scripts/dev/build.mjs',
  'scripts/dev/client-node.mjs',
  'scripts/dev/merge-chunks.mjs',
  'scripts/dev/sources.mjs',
];

// Some file systems tell times two seconds apart only.
const coarsestMs = 2000;

/**
 * @typedef {object} Source
 * @property {string} sha256
 * @property {string} [stat] Absent where the file was so young that its times could hide a second change.
 *
 * @typedef {object} SourceRecord
 * @property {Record<string, Source>} sources
 * @property {Record<string, Source>} outputs Each file of the build.
 */

/**
 * What dist/ would be built from now. Taken before the build reads the files: one that changes meanwhile is seen as
 * different at the next start.
 *
 * @param {string} root
 * @param {number} [now] Milliseconds since 1970.
 * @returns {Record<string, Source>}
 */
export function readSources(root, now = Date.now()) {
  return Object.fromEntries(
    sourceFiles(root).map((name) => {
      const path = `${root}/${name}`;
      const { stat, youngest } = statOf(path);
      const sha256 = hashOf(readFileSync(path));
      return [name, youngest < now - coarsestMs ? { sha256, stat } : { sha256 }];
    }),
  );
}

/**
 * A file of the build that was just written. Its times are trusted at once: nobody but a build writes there.
 *
 * @param {string} path
 * @param {Uint8Array} contents
 * @returns {Source}
 */
export function recordOutput(path, contents) {
  return { sha256: hashOf(contents), stat: statOf(path).stat };
}

/**
 * Whether dist/ is whole and belongs to its sources, by their content: equal sizes and times are trusted, different
 * ones compared by hash.
 *
 * @param {string} root
 * @param {{ now?: number, without?: string | undefined }} [options] `now`: milliseconds since 1970. `without`: a directory
 *   from which this start loads nothing; a look at each of its files would take time all the same.
 */
export function isFresh(root, { now = Date.now(), without } = {}) {
  const record = readRecord(root);
  if (record === undefined) return false;
  let touched = false;
  const same = (/** @type {string} */ path, /** @type {Source | undefined} */ known) => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined || known === undefined) return false;
    if (known.stat === describe(stat)) return true;
    touched = true;
    return known.sha256 === hashOf(readFileSync(path));
  };
  for (const [name, known] of Object.entries(record.outputs)) {
    if (!same(`${root}/dist/${name}`, known)) return false;
  }
  const names = sourceFiles(root, without);
  // Without node_modules (removed to save space, say) the lock file still tells which dependencies are meant.
  const isMeant = (/** @type {string} */ name) => name !== installStamp || names.includes(name);
  const recorded = Object.keys(record.sources).filter((name) => !name.startsWith(`${without}/`) && isMeant(name));
  if (names.length !== recorded.length) return false;
  for (const name of names) {
    if (!same(`${root}/${name}`, record.sources[name])) return false;
  }
  if (touched) refresh(root, record, now);
  return true;
}

/**
 * @param {string} root
 * @param {SourceRecord} record
 */
export function writeRecord(root, record) {
  writeAside(join(root, 'dist', 'sources.json'), `${JSON.stringify(record, undefined, 1)}\n`);
}

/**
 * Writes a file beside its place and renames it: nobody ever reads half of it.
 *
 * @param {string} path
 * @param {string | Uint8Array} contents
 */
export function writeAside(path, contents) {
  const aside = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(aside, contents);
    renameSync(aside, path);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
}

/**
 * @param {string} root
 * @param {string} [without]
 */
function sourceFiles(root, without) {
  const installed = statSync(`${root}/${installStamp}`, { throwIfNoEntry: false }) === undefined ? [] : [installStamp];
  return [...filesBelow(root, 'lib', without), ...fixed, ...installed].toSorted();
}

/**
 * Not readdirSync's own recursion: its first use takes longer than all the rest of the check.
 *
 * @param {string} root
 * @param {string} directory
 * @param {string | undefined} without
 * @returns {string[]}
 */
function filesBelow(root, directory, without) {
  return readdirSync(`${root}/${directory}`, { withFileTypes: true }).flatMap((entry) => {
    const name = `${directory}/${entry.name}`;
    if (entry.isDirectory()) return name === without ? [] : filesBelow(root, name, without);
    return /\.(?:ts|json)$/u.test(name) ? [name] : [];
  });
}

/** @param {string} path */
function statOf(path) {
  const stat = statSync(path);
  return { stat: describe(stat), youngest: Math.max(stat.mtimeMs, stat.ctimeMs) };
}

/** @param {import('node:fs').Stats} stat */
function describe({ size, mtimeMs, ctimeMs }) {
  return `${size} ${mtimeMs} ${ctimeMs}`;
}

/** @param {Uint8Array} contents */
function hashOf(contents) {
  const { createHash } = process.getBuiltinModule('node:crypto'); // not imported: it would cost each start 3 ms
  return createHash('sha256').update(contents).digest('hex');
}

/**
 * @param {string} root
 * @returns {SourceRecord | undefined}
 */
function readRecord(root) {
  try {
    return JSON.parse(readFileSync(join(root, 'dist', 'sources.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Keeps the new times of files that were touched and not changed, so that the next start need not hash them.
 *
 * @param {string} root
 * @param {SourceRecord} record
 * @param {number} now
 */
function refresh(root, record, now) {
  try {
    const sources = readSources(root, now);
    const same = Object.entries(sources).every(([name, { sha256 }]) => record.sources[name]?.sha256 === sha256);
    if (!same) return;
    const outputs = Object.fromEntries(
      Object.entries(record.outputs).map(([name, { sha256 }]) => {
        const output = recordOutput(`${root}/dist/${name}`, readFileSync(`${root}/dist/${name}`));
        return [name, output.sha256 === sha256 ? output : { sha256 }];
      }),
    );
    writeRecord(root, { sources: { ...record.sources, ...sources }, outputs });
  } catch {
    // An install that nobody may write to: it goes on being compared by content.
  }
}
