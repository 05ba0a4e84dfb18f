// Installs the dependencies of a bare clone, as the lock file has them.
import { spawn } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installStamp } from './sources.mjs';

/**
 * Whether nothing is installed, or our own install was cut short. A node_modules that somebody else has made, with
 * another tool than npm for one, is left alone.
 *
 * @param {string} root
 */
export function needsInstall(root) {
  if (existsSync(join(root, installStamp))) return false;
  return !existsSync(join(root, 'node_modules')) || existsSync(begun(root));
}

/**
 * Runs `npm ci` for what a build needs; what npm says goes to stderr. The packages' own scripts are not run: none of
 * them is needed, and ours would build what the caller builds next.
 *
 * @param {string} root
 */
export async function install(root) {
  writeFileSync(begun(root), '');
  const { code, signal } = await run(root, [
    'ci',
    '--omit=dev',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    '--loglevel=error',
  ]);
  if (signal !== null) process.kill(process.pid, signal);
  if (code !== 0) throw new Error(`npm ci ended with ${signal ?? code}`);
  rmSync(begun(root), { force: true });
}

/** @param {string} root */
function begun(root) {
  return join(root, 'dist', '.installing');
}

/**
 * @param {string} root
 * @param {string[]} args
 * @returns {Promise<{ code: number | null; signal: NodeJS.Signals | null }>}
 */
function run(root, args) {
  const env = { ...process.env };
  delete env['npm_config_local_prefix']; // npx sets it to the folder that it was called in
  const child = spawn(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, {
    cwd: root,
    env,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32', // a .cmd runs no other way; the arguments are constants
  });
  const forward = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
  for (const signal of signals) process.on(signal, forward);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      for (const name of signals) process.off(name, forward);
      resolve({ code, signal });
    });
  });
}
