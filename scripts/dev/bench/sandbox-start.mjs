// How long a program waits for a sandbox, and what it then holds: each time in a process of its own.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { median } from './pairs.mjs';

const run = promisify(execFile);
const sandbox = new URL('../../../dist/sandbox.js', import.meta.url).href;
const program = `
const start = performance.now();
const { startSandbox } = await import(${JSON.stringify(sandbox)});
const running = await startSandbox();
const ms = performance.now() - start;
process.stdout.write(JSON.stringify({ ms, rss: process.memoryUsage.rss() }));
await running.close();
`;

/**
 * @param {{ node: string, rounds: number }} options `node`: path of the program.
 * @returns {Promise<{ ms: number, rss: number }>} Medians: milliseconds from the import to accepting connections, and
 *   bytes of memory that the whole process takes then.
 */
export async function measureSandboxStart({ node, rounds }) {
  /** @type {{ ms: number, rss: number }[]} */
  const starts = [];
  for (let round = 0; round <= rounds; round += 1) {
    const { stdout } = await run(node, ['--input-type=module', '--eval', program]);
    starts.push(JSON.parse(stdout));
  }
  const counted = starts.slice(1); // the first one finds cold caches
  return { ms: median(counted.map(({ ms }) => ms)), rss: median(counted.map(({ rss }) => rss)) };
}
