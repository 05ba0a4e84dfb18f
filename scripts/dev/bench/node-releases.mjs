// Other releases of Node, for the bench alone: the npm package `node`, in the user's cache directory.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { importTypeScript } from '../import-typescript.mjs';

const run = promisify(execFile);

/**
 * @param {number} major
 * @returns {Promise<string>} Path of its program.
 */
export async function nodeRelease(major) {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  /** @type {typeof import('../../../test/control-plane/cache-directory.ts')} */
  const { cacheDirectory } = await importTypeScript('../../../test/control-plane/cache-directory.ts', import.meta.url);
  const directory = join(cacheDirectory(process.env, homedir(), process.platform), `node-${major}`);
  const program = join(directory, 'node_modules', 'node', 'bin', 'node');
  if (existsSync(program)) return program;
  process.stderr.write(`Installing Node ${major} into ${directory}\n`);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'package.json'), '{ "private": true }\n');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  await run(npm, ['install', '--no-audit', '--no-fund', '--no-save', `node@${major}`], { cwd: directory });
  return program;
}
