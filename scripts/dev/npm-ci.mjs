// Runs `npm ci`, and says in one line why it failed.
import { spawn } from 'node:child_process';

// Scripts of packages are not run: none is needed, and our own `prepare` would build what the caller builds next.
const ciArguments = [
  'ci',
  '--omit=dev',
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--prefer-offline',
  '--loglevel=http',
];
// Offline, npm would try for more than a minute.
const patience = { npm_config_fetch_retry_mintimeout: '1000', npm_config_fetch_retry_maxtimeout: '3000' };
// No setting of npm's bounds a connection that is never answered (tried: 11.19 goes on for minutes).
const silentMs = 30_000;
// What npm gets to end by a signal: with requests under way it does not.
const graceMs = 2000;

const unreachable = /^(?:EAI_AGAIN|ECONN\w+|EHOST\w+|ENET\w+|ENOTCACHED|ENOTFOUND|\w*TIMED?OUT|FETCH_ERROR)$/u;

/**
 * @param {string} root
 * @param {(pid: number) => void} onStart
 * @param {number} [silence] Milliseconds that npm may run without any answer of its registry.
 * @returns {Promise<string>} What npm said on stderr.
 * @throws {Error} Why it failed, in one line. A signal that was sent to this process meanwhile ends npm, then it.
 */
export async function npmCi(root, onStart, silence = silentMs) {
  const { error, code, sent, silent, said } = await runNpm(root, onStart, silence);
  if (sent !== null) process.kill(process.pid, sent);
  if (error !== undefined) throw new Error(`npm does not run (${error.message})`);
  if (silent) throw new Error(`the npm registry has not answered for ${silence / 1000} seconds`);
  if (code !== 0) throw failure(said, code);
  return said;
}

/**
 * @param {string} said
 * @param {number | null} exitCode
 */
function failure(said, exitCode) {
  const lines = [...said.matchAll(/^npm (?:error|ERR!) (.+)$/gmu)].map(([, line = '']) => line);
  const [code] = lines.flatMap((line) => /^code (\S+)$/u.exec(line)?.[1] ?? []);
  if (code === undefined) return new Error(`npm ci ended with ${exitCode}`);
  if (unreachable.test(code)) return new Error(`the npm registry cannot be reached (${code})`);
  const words = lines.find((line) => !/^(?:code|errno|syscall|path|dest) /u.test(line));
  return new Error(`npm ci ended with ${code}${words === undefined ? '' : `: ${words.replace(/\.$/u, '')}`}`);
}

/**
 * @param {string} root
 * @param {(pid: number) => void} onStart
 * @param {number} silence
 * @returns {Promise<{
 *   error?: Error;
 *   code: number | null;
 *   sent: NodeJS.Signals | null;
 *   silent: boolean;
 *   said: string;
 * }>}
 *   `sent` is the signal that this process was sent meanwhile.
 */
function runNpm(root, onStart, silence) {
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...patience, ...process.env };
  delete env['npm_config_local_prefix']; // npx sets it to the folder that it was called in
  const windows = process.platform === 'win32';
  /** @type {NodeJS.Signals | null} */
  let sent = null;
  /** @type {NodeJS.Timeout | undefined} */
  let impatience;
  const forward = (/** @type {NodeJS.Signals} */ signal) => {
    sent = signal;
    child.kill(signal);
    impatience ??= setTimeout(() => child.kill('SIGKILL'), graceMs);
  };
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
  for (const signal of signals) process.on(signal, forward); // before npm runs: a signal may come at once
  const child = spawn(windows ? 'npm.cmd' : 'npm', ciArguments, {
    cwd: root,
    env,
    stdio: ['ignore', 2, 'pipe'],
    shell: windows, // a .cmd runs no other way; the arguments are constants
  });
  if (child.pid !== undefined) onStart(child.pid);
  let silent = false;
  const watchdog = setTimeout(() => {
    silent = true;
    child.kill('SIGKILL'); // npm ends by no other before its requests do
  }, silence);
  let said = '';
  child.stderr?.on('data', (/** @type {Buffer} */ chunk) => {
    said += chunk.toString();
    if (/^npm http fetch /mu.test(said)) clearTimeout(watchdog);
    else watchdog.refresh();
  });
  return new Promise((resolve) => {
    const settle = (/** @type {number | null} */ code, /** @type {Error | undefined} */ error) => {
      clearTimeout(watchdog);
      clearTimeout(impatience);
      for (const name of signals) process.off(name, forward);
      said = said.replaceAll(/^npm (?:http|notice|warn)\b.*\n/gimu, '');
      resolve({ code, sent, silent, said, ...(error === undefined ? {} : { error }) });
    };
    child.once('error', (error) => settle(null, error));
    child.once('close', (code) => settle(code, undefined));
    child.once('exit', (code) => {
      if (sent !== null || silent) settle(code, undefined); // what npm has started may still hold its stderr
    });
  });
}
