import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** The command lines of all processes on this machine. */
export async function runningCommands(): Promise<string[]> {
  if (process.platform !== 'linux') return (await promisify(execFile)('ps', ['-axo', 'args='])).stdout.split('\n');
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  return await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
}
