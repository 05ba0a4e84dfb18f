// dist/sources.json: what dist/ was built from, so that a dist/ of other sources is never run.
import { readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** npm writes it last: where it is missing, nothing (or half of it) is installed. */
export const installStamp = 'node_modules/.package-lock.json';
const fixed = [
  'package.json',
  'package-lock.json',
  'scripts/dev/build.mjs',
  'scripts/dev/client-node.mjs',
  'scripts/dev/merge-chunks.mjs',
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
 * @property {Record<string, number>} outputs Size of each file of the build.
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
      const { stat, youngest } = readStat(`${root}/${name}`);
      const sha256 = hashOf(`${root}/${name}`);
      return [name, youngest < now - coarsestMs ? { sha256, stat } : { sha256 }];
    }),
  );
}

/**
 * Whether dist/ is whole and belongs to its sources, by their content: equal sizes and times are trusted, different
 * ones compared by hash.
 *
 * @param {string} root
 * @param {number} [now] Milliseconds since 1970.
 */
export function isFresh(root, now = Date.now()) {
  const record = readRecord(root);
  if (record === undefined) return false;
  for (const [name, size] of Object.entries(record.outputs)) {
    if (statSync(`${root}/dist/${name}`, { throwIfNoEntry: false })?.size !== size) return false;
  }
  const names = sourceFiles(root);
  // Without node_modules (removed to save space, say) the lock file still tells which dependencies are meant.
  const recorded = Object.keys(record.sources).filter((name) => name !== installStamp || names.includes(name));
  if (names.length !== recorded.length) return false;
  let touched = false;
  for (const name of names) {
    const known = record.sources[name];
    if (known === undefined) return false;
    if (known.stat === readStat(`${root}/${name}`).stat) continue;
    if (known.sha256 !== hashOf(`${root}/${name}`)) return false;
    touched = true;
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

/** @param {string} root */
function sourceFiles(root) {
  const installed = statSync(`${root}/${installStamp}`, { throwIfNoEntry: false }) === undefined ? [] : [installStamp];
  return [...filesBelow(root, 'lib'), ...fixed, ...installed].toSorted();
}

/**
 * Not readdirSync's own recursion: its first use takes longer than all the rest of the check.
 *
 * @param {string} root
 * @param {string} directory
 * @returns {string[]}
 */
function filesBelow(root, directory) {
  return readdirSync(`${root}/${directory}`, { withFileTypes: true }).flatMap((entry) => {
    const name = `${directory}/${entry.name}`;
    if (entry.isDirectory()) return filesBelow(root, name);
    return /\.(?:ts|json)$/u.test(name) ? [name] : [];
  });
}

/** @param {string} path */
function readStat(path) {
  const { size, mtimeMs, ctimeMs } = statSync(path);
  return { stat: `${size} ${mtimeMs} ${ctimeMs}`, youngest: Math.max(mtimeMs, ctimeMs) };
}

/** @param {string} path */
function hashOf(path) {
  const { createHash } = process.getBuiltinModule('node:crypto'); // not imported: it would cost each start 3 ms
  return createHash('sha256').update(readFileSync(path)).digest('hex');
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
 * Keeps the new times of sources that were touched and not changed, so that the next start need not hash them.
 *
 * @param {string} root
 * @param {SourceRecord} record
 * @param {number} now
 */
function refresh(root, record, now) {
  try {
    const sources = readSources(root, now);
    const same = Object.entries(sources).every(([name, { sha256 }]) => record.sources[name]?.sha256 === sha256);
    if (same) writeRecord(root, { ...record, sources: { ...record.sources, ...sources } });
  } catch {
    // An install that nobody may write to: it goes on being compared by content.
  }
}
