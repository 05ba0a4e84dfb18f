// Installs the dependencies of a bare clone, as the lock file has them.
import { spawn } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installStamp } from './sources.mjs';

// Scripts of packages are not run: none is needed, and our own `prepare` would build what the caller builds next.
const ciArguments = [
  'ci',
  '--omit=dev',
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--prefer-offline',
  '--loglevel=error',
];
// Offline, npm would try for more than a minute.
const patience = { npm_config_fetch_retry_mintimeout: '1000', npm_config_fetch_retry_maxtimeout: '3000' };

/**
 * Whether nothing is installed, or our own install was cut short. A node_modules that somebody else has made, with
 * another tool than npm for one, is left alone.
 *
 * @param {string} root
 */
export function needsInstall(root) {
  if (existsSync(begun(root))) return true; // one that was killed leaves a stamp that means nothing
  return !existsSync(join(root, installStamp)) && !existsSync(join(root, 'node_modules'));
}

/**
 * Runs `npm ci` for what a build needs; what npm says goes to stderr.
 *
 * @param {string} root
 */
export async function install(root) {
  writeFileSync(begun(root), '');
  const { error, code, signal, said } = await npmCi(root);
  if (signal !== null) process.kill(process.pid, signal);
  if (error !== undefined) throw new Error(`npm does not run (${error.message})`);
  if (code !== 0) {
    const [, reason = code] = /^npm (?:error|ERR!) code (\S+)$/mu.exec(said) ?? [];
    throw new Error(`npm ci ended with ${reason}`);
  }
  process.stderr.write(said);
  rmSync(begun(root), { force: true });
}

/** @param {string} root */
function begun(root) {
  return join(root, 'dist', '.installing');
}

/**
 * @param {string} root
 * @returns {Promise<{ error?: Error; code: number | null; signal: NodeJS.Signals | null; said: string }>} `signal` is
 *   the one that this process was sent meanwhile.
 */
function npmCi(root) {
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...patience, ...process.env };
  delete env['npm_config_local_prefix']; // npx sets it to the folder that it was called in
  const windows = process.platform === 'win32';
  /** @type {NodeJS.Signals | null} */
  let sent = null;
  const forward = (/** @type {NodeJS.Signals} */ signal) => {
    sent = signal;
    child.kill(signal);
  };
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
  for (const signal of signals) process.on(signal, forward); // before npm runs: a signal may come at once
  const child = spawn(windows ? 'npm.cmd' : 'npm', ciArguments, {
    cwd: root,
    env,
    stdio: ['ignore', 2, 'pipe'],
    shell: windows, // a .cmd runs no other way; the arguments are constants
  });
  let said = '';
  child.stderr?.on('data', (/** @type {Buffer} */ chunk) => {
    said += chunk.toString();
  });
  return new Promise((resolve) => {
    const settle = (/** @type {number | null} */ code, /** @type {Error | undefined} */ error) => {
      for (const name of signals) process.off(name, forward);
      resolve({ code, signal: sent, said, ...(error === undefined ? {} : { error }) });
    };
    child.once('error', (error) => settle(null, error));
    child.once('close', (code) => settle(code, undefined));
    child.once('exit', (code) => {
      if (sent !== null) settle(code, undefined); // what npm has started may still hold its stderr
    });
  });
}
