import { closeSync, openSync, readFileSync, unlinkSync } from 'node:fs';
import { readFile, unlink, writeFile } from 'node:fs/promises';
import { RefusedError } from '../model/errors.ts';
import { sleep } from './deadline.ts';
import { ownIdentity, parseIdentity } from './process-identity.ts';

/**
 * Takes a file for as long as this process lives: `FILE.lock` says who has it. One that a process has left behind by
 * being killed is taken over; one of another host cannot be judged, and is not.
 *
 * @returns Gives it back; without effect a second time.
 * @throws {RefusedError} Another process has it, or this one already.
 * @throws The system's error: ENOENT, EACCES or EROFS where there can be none.
 */
export async function takeProcessLock(file: string): Promise<() => Promise<void>> {
  const path = `${file}.lock`;
  const own = `${ownIdentity()}\n`;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await writeFile(path, own, { flag: 'wx', mode: 0o600 });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = await readFile(path, 'utf8').catch(() => undefined);
    if (holder === undefined) continue; // given back meanwhile
    requireLeft(file, attempt < 100 ? holder : '');
    await takeAway(path, holder);
  }
  const removeAtExit = () => {
    try {
      unlinkSync(path);
    } catch {
      // it is gone, or cannot be removed: whoever comes next sees that this process is no more
    }
  };
  process.on('exit', removeAtExit);
  let isOurs = true;
  return async () => {
    if (!isOurs) return;
    isOurs = false;
    process.off('exit', removeAtExit);
    await unlink(path).catch(() => undefined);
  };
}

function requireLeft(file: string, holder: string): void {
  const who = holder.endsWith('\n') ? parseIdentity(holder.slice(0, -1)) : undefined;
  if (who?.isHere === true && !who.isRunning) return;
  const name =
    who === undefined ? 'another process' : `process ${who.pid}${who.isHere ? '' : ` on host "${who.host}"`}`;
  throw new RefusedError(`Cannot use "${file}": ${name} is using it`, {
    reason: 'FileInUse',
    hint: who?.isHere ? 'End that one, or name another file' : `If nobody is any more, remove "${file}.lock"`,
  });
}

/**
 * Removes a lock that was left, and not one that somebody has put in its place since: one process at a time looks and
 * removes, at once.
 */
async function takeAway(path: string, left: string): Promise<void> {
  const looking = `${path}.takeover`;
  try {
    closeSync(openSync(looking, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return await sleep(10);
  }
  try {
    if (readFileSync(path, 'utf8') === left) unlinkSync(path);
  } catch {
    // given back meanwhile
  } finally {
    unlinkSync(looking);
  }
}
