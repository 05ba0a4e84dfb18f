// What is installed beside what the lock file says.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installStamp } from './sources.mjs';

/**
 * @typedef {object} Package
 * @property {string} [version]
 * @property {string} [integrity]
 * @property {boolean} [dev]
 * @property {boolean} [devOptional]
 * @property {boolean} [optional] Of another platform, perhaps.
 * @property {boolean} [link]
 * @property {boolean} [extraneous]
 */

/**
 * What of node_modules is not as package-lock.json has it, among what a build needs. What only developing needs, and
 * what an install for this platform leaves out, may be absent.
 *
 * @param {string} root
 * @returns {string | undefined} The first difference in words; undefined if there is none, or nothing to compare.
 */
export function differenceOf(root) {
  const meant = readPackages(join(root, 'package-lock.json'));
  const installed = readPackages(join(root, installStamp));
  if (meant === undefined || installed === undefined) return undefined;
  for (const [path, { version, integrity, dev, devOptional, optional, link }] of Object.entries(meant)) {
    if (!path.startsWith('node_modules/') || dev || link) continue;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const found = installed[path];
    if (found === undefined) {
      if (optional || devOptional) continue;
      return `${name} ${version} is missing`;
    }
    if (found.version !== version) return `${name} ${found.version} instead of ${version}`;
    if (found.integrity !== undefined && integrity !== undefined && found.integrity !== integrity) {
      return `another ${name} ${version}`;
    }
  }
  return undefined;
}

/**
 * Whether node_modules holds what `npm ci --omit=dev` would take away: somebody develops here.
 *
 * @param {string} root
 */
export function holdsMore(root) {
  const installed = Object.values(readPackages(join(root, installStamp)) ?? {});
  return installed.some(({ dev, devOptional, link, extraneous }) => dev || devOptional || link || extraneous);
}

/**
 * @param {string} path
 * @returns {Record<string, Package> | undefined}
 */
function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return undefined;
  }
}
