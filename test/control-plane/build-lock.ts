import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { sleep } from '../../lib/system/deadline.ts';
import { identifyProcess, isRunning, type ProcessIdentity } from './process-identity.ts';

/**
 * Runs `work` while this process holds the lock file at `path`.
 *
 * The file names its owner by process id and start time, so the lock of a process that is gone is taken over at once,
 * however young it is, and the lock of one that lives is respected, however old. If two waiters take over at the same
 * instant both may run: `work` must be safe then, if wasteful.
 *
 * @param onWait Called once, with the owner, if somebody else holds it.
 */
export async function withBuildLock<T>(
  path: string,
  onWait: (owner: ProcessIdentity) => void,
  work: () => Promise<T>,
): Promise<T> {
  const self = await identifyProcess(process.pid);
  if (self === undefined) throw new Error(`Cannot lock "${path}": the start time of this process is not readable`);
  let waited = false;
  while (!(await acquire(path, self))) {
    const text = await readText(path);
    const owner = ownerOf(text);
    if (owner !== undefined && (await isRunning(owner))) {
      if (!waited) onWait(owner);
      waited = true;
      await sleep(200);
    } else if (text !== undefined) {
      await removeDead(path, text);
    }
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

/** The file appears under its name with its content, by a link: nobody can read it half-written. */
async function acquire(path: string, self: ProcessIdentity): Promise<boolean> {
  const own = `${path}.${randomUUID()}`;
  await writeFile(own, JSON.stringify(self));
  try {
    await link(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(own, { force: true });
  }
}

/** Moves the lock aside, and back if in the meantime it had become another's. */
async function removeDead(path: string, text: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
    if ((await readText(aside)) !== text) await link(aside, path);
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

function ownerOf(text: string | undefined): ProcessIdentity | undefined {
  try {
    const owner = JSON.parse(text ?? '') as Partial<ProcessIdentity>;
    if (typeof owner.pid !== 'number' || typeof owner.started !== 'string') return undefined;
    return { pid: owner.pid, started: owner.started };
  } catch {
    return undefined;
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
