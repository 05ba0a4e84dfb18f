// Two programs timed in turn, so that a machine that slows down slows both.
import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';

/**
 * @typedef {object} Program
 * @property {string} command
 * @property {readonly string[]} args
 * @property {NodeJS.ProcessEnv} [env]
 *
 * @typedef {object} Ratio
 * @property {number} ours Median, in milliseconds.
 * @property {number} theirs Median, in milliseconds.
 * @property {number} ratio Median of the ratios of the pairs.
 */

/**
 * @param {() => Program} ours Asked for each round, since a name may be used once only.
 * @param {() => Program} theirs
 * @param {number} rounds Pairs that count; one more goes before them.
 * @returns {Promise<Ratio>}
 */
export async function comparePrograms(ours, theirs, rounds) {
  /** @type {{ ours: number, theirs: number }[]} */
  const pairs = [];
  for (let round = 0; round <= rounds; round += 1) {
    // Who goes first alternates: the second of a pair finds warmer caches.
    const first = round % 2 === 0 ? await timeOf(ours()) : undefined;
    const second = await timeOf(theirs());
    pairs.push({ ours: first ?? (await timeOf(ours())), theirs: second });
  }
  const counted = pairs.slice(1);
  return {
    ours: median(counted.map((pair) => pair.ours)),
    theirs: median(counted.map((pair) => pair.theirs)),
    ratio: median(counted.map((pair) => pair.ours / pair.theirs)),
  };
}

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = Number.NaN, high = Number.NaN] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return (low + high) / 2;
}

/**
 * Milliseconds from start to end of a whole process, its output read and thrown away.
 *
 * @param {Program} program
 * @returns {Promise<number>}
 */
function timeOf({ command, args, env = process.env }) {
  return new Promise((resolve, reject) => {
    /** @type {Buffer[]} */
    const stderr = [];
    const start = performance.now();
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.resume();
    child.stderr.on('data', (chunk) => stderr.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      const ms = performance.now() - start;
      if (code === 0) resolve(ms);
      else reject(new Error(`${command} ended with ${code}: ${Buffer.concat(stderr).toString('utf8').trim()}`));
    });
  });
}
