// One process at a time: parallel starts wait for the one that installs or builds.
import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const heartbeatMs = 5000;
const silentMs = 60_000;
const defaultPatienceMs = 15 * 60_000;

/**
 * Runs `work` while it alone holds the lock file. The lock of an owner that is dead is taken over, by exactly one of
 * those who wait; so is one that nobody has touched for a minute (its owner may be in another container).
 *
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 * @param {(owner: string) => void} onWait Told once, if the lock is held by somebody else.
 * @param {number} [patienceMs] How long to wait for an owner that lives.
 * @returns {Promise<T>}
 */
export async function withLock(path, work, onWait, patienceMs = defaultPatienceMs) {
  const mine = JSON.stringify({ pid: process.pid, host: hostname(), id: randomUUID() });
  await acquire(path, mine, onWait, patienceMs);
  const heartbeat = setInterval(() => touch(path), heartbeatMs).unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    if (read(path) === mine) rmSync(path, { force: true });
  }
}

/**
 * Whether a process of this host lives, ours or somebody else's.
 *
 * @param {number} pid
 */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH';
  }
}

/**
 * @param {string} path
 * @param {string} mine
 * @param {(owner: string) => void} onWait
 * @param {number} patienceMs
 */
async function acquire(path, mine, onWait, patienceMs) {
  const until = Date.now() + patienceMs;
  for (let told = false; !create(path, mine);) {
    const held = read(path);
    if (held === undefined) continue;
    if (isDead(path, held)) {
      if (takeOver(path, held, mine)) return;
    } else if (!told) {
      told = true;
      onWait(owner(held));
    }
    if (Date.now() > until) throw new Error(`${path} is still held by ${owner(held)}; if it is gone, remove that file`);
    await sleep(100);
  }
}

/**
 * The claim is named after the lock that it replaces, so only one process can hold it; and while it does, only the
 * dead owner could have changed the lock.
 *
 * @param {string} path
 * @param {string} held
 * @param {string} mine
 */
function takeOver(path, held, mine) {
  const claim = `${path}.${createHash('sha256').update(held).digest('hex').slice(0, 16)}`;
  if (!create(claim, mine)) {
    if (age(claim) > silentMs) rmSync(claim, { force: true });
    return false;
  }
  if (read(path) !== held) {
    rmSync(claim, { force: true });
    return false;
  }
  renameSync(claim, path);
  return true;
}

/**
 * @param {string} path
 * @param {string} text
 */
function create(path, text) {
  try {
    writeFileSync(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * @param {string} path
 * @param {string} held
 */
function isDead(path, held) {
  if (age(path) > silentMs) return true;
  const { pid, host } = parse(held);
  return pid !== undefined && host === hostname() && !isAlive(pid);
}

/** @param {string} held */
function owner(held) {
  const { pid, host } = parse(held);
  return pid === undefined ? 'another process' : `process ${pid} on ${host}`;
}

/**
 * @param {string} held
 * @returns {{ pid?: number; host?: string }}
 */
function parse(held) {
  try {
    return JSON.parse(held);
  } catch {
    return {}; // its owner is just about to write it
  }
}

/** @param {string} path */
function age(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? 0 : Date.now() - stat.mtimeMs;
}

/** @param {string} path */
function touch(path) {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch {
    // taken over while this process was stopped
  }
}
