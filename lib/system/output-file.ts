import { constants, type Stats, unlinkSync } from 'node:fs';
import { type FileHandle, lstat, open, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { OutputError, RefusedError, UsageError } from '../model/errors.ts';
import { fileReason } from './file-reason.ts';

/** A file that will be there whole or not at all. */
export interface OutputFile {
  readonly path: string;
  /** Writes it, flushes it to the disk and puts it in place. @throws {OutputError} Nothing was put in place. */
  write(data: string | Uint8Array): Promise<void>;
  /** Removes what was prepared; without effect once it was written. */
  discard(): Promise<void>;
}

/**
 * Prepares a file for a secret, so that what cannot work shows before anything has been done. A new file is 0600; an
 * existing one keeps owner, group and mode, less what others may do.
 *
 * @param path Relative to `cwd`.
 * @param random For the name of the temporary file beside it.
 * @param flag Which flag names it: errors say so.
 * @throws {UsageError} No such directory, not writable, or the target is a directory, a link or a device.
 * @throws {RefusedError} Owner, group or mode of the existing file cannot be kept.
 */
export async function prepareOutputFile(
  path: string,
  { cwd, random, flag = '--output-file' }: { cwd: string; random: (size: number) => Uint8Array; flag?: string },
): Promise<OutputFile> {
  const target = resolve(cwd, path);
  const existing = await existingFile(target, { path, flag });
  const temporary = join(dirname(target), `.${basename(target)}.${Buffer.from(random(6)).toString('hex')}.tmp`);
  const handle = await openNew(temporary, { path, flag });
  const forget = removeAtExit(temporary);
  try {
    if (existing !== undefined) await keepOwnerAndMode(handle, existing, path);
  } catch (error) {
    await handle.close();
    await unlink(temporary);
    forget();
    throw error;
  }
  let pending = true;
  return {
    path: target,
    async write(data) {
      try {
        await handle.writeFile(data);
        await handle.sync();
        await handle.close();
        await rename(temporary, target);
        pending = false;
        forget();
      } catch (error) {
        throw new OutputError(`Cannot write "${path}": ${fileReason(error)}`, { reason: 'OutputNotWritten' });
      }
      await syncDirectory(dirname(target));
    },
    async discard() {
      if (!pending) return;
      pending = false;
      await handle.close().catch(() => undefined); // closed by a write that failed later
      await unlink(temporary).catch(() => undefined);
      forget();
    },
  };
}

/** The path as it was given, and by which flag. */
interface Named {
  readonly path: string;
  readonly flag: string;
}

async function existingFile(target: string, named: Named): Promise<Stats | undefined> {
  let found: Stats;
  try {
    found = await lstat(target);
  } catch (error) {
    if (code(error) === 'ENOENT') return undefined;
    throw unusable(named, fileReason(error));
  }
  if (found.isSymbolicLink()) throw unusable(named, 'it is a symbolic link', 'Name the file that it leads to');
  if (found.isDirectory()) throw unusable(named, 'it is a directory');
  if (!found.isFile())
    throw unusable(named, 'it is not a regular file', 'Without --output-file the result goes to stdout');
  return found;
}

async function openNew(temporary: string, named: Named): Promise<FileHandle> {
  try {
    const noFollow = constants.O_NOFOLLOW ?? 0; // Windows has none
    return await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | noFollow, 0o600);
  } catch (error) {
    const missing = code(error) === 'ENOENT' && !(await exists(dirname(temporary)));
    throw unusable(named, missing ? 'its directory does not exist' : fileReason(error));
  }
}

/** For a process that ends at once, by a second signal: nobody calls `discard()` then. @returns Takes it back. */
function removeAtExit(temporary: string): () => void {
  const remove = () => {
    try {
      unlinkSync(temporary);
    } catch {
      // it is gone, or cannot be removed: nobody is left to tell
    }
  };
  process.on('exit', remove);
  return () => process.off('exit', remove);
}

async function keepOwnerAndMode(handle: FileHandle, existing: Stats, path: string): Promise<void> {
  try {
    const own = await handle.stat();
    if (own.uid !== existing.uid || own.gid !== existing.gid) await handle.chown(existing.uid, existing.gid);
    await handle.chmod(existing.mode & 0o770);
  } catch (error) {
    throw new RefusedError(`Cannot replace "${path}": its owner and mode cannot be kept: ${fileReason(error)}`, {
      reason: 'OwnerNotKept',
      hint: 'Name another file, or run as the owner of this one',
    });
  }
}

async function syncDirectory(directory: string): Promise<void> {
  try {
    const handle = await open(directory, constants.O_RDONLY);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // Not every file system lets a directory be flushed; the file itself is.
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}

function unusable({ path, flag }: Named, why: string, hint?: string): UsageError {
  return new UsageError(`Cannot write ${flag} "${path}": ${why}`, { reason: 'OutputFileUnusable', hint });
}

function code(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
