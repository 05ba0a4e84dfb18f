import { lstat, readdir, readFile, unlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { KubeSaTokenError, OutputError, RefusedError, UsageError } from '../model/errors.ts';
import { fileReason } from './file-reason.ts';
import { prepareOutputFile } from './output-file.ts';
import { takeProcessLock } from './process-lock.ts';

/** A file that one process at a time keeps up to date, and that only its owner reads. */
export interface KeptFile {
  readonly path: string;
  /** What it held when it was opened; undefined where it was not there, or empty. */
  readonly text: string | undefined;
  /** Replaces it as a whole. @throws {OutputError} It is as it was before. */
  save(text: string): Promise<void>;
  /** Lets others have it. */
  release(): Promise<void>;
}

/**
 * Opens a file for as long as this process keeps it.
 *
 * @param path Relative to `cwd`.
 * @throws {UsageError} It cannot be read, or there can be none.
 * @throws {RefusedError} Another process has it, or others than its owner may read or write it.
 */
export async function openKeptFile(
  path: string,
  { cwd, random }: { readonly cwd: string; readonly random: (size: number) => Uint8Array },
): Promise<KeptFile> {
  const file = resolve(cwd, path);
  const release = await takeProcessLock(file).catch((error: unknown) => {
    throw unusable(file, error);
  });
  try {
    const text = await readPrivate(file);
    await removeHalves(file);
    return {
      path: file,
      text,
      async save(next) {
        const output = await prepareOutputFile(file, { cwd, random, flag: 'file' }).catch((error: unknown) => {
          if (!(error instanceof UsageError)) throw error;
          throw new OutputError(error.message, { reason: 'OutputNotWritten' }); // it was usable when it was opened
        });
        try {
          await output.write(next);
        } finally {
          await output.discard();
        }
      },
      release,
    };
  } catch (error) {
    await release();
    throw unusable(file, error);
  }
}

async function readPrivate(file: string): Promise<string | undefined> {
  const found = await lstat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined) return undefined;
  if (!found.isFile()) {
    const what = found.isDirectory() ? 'a directory' : 'no regular file';
    throw new UsageError(`Cannot use "${file}": it is ${what}`, { reason: 'FileUnusable' });
  }
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) {
    throw new RefusedError(`Cannot use "${file}": others than its owner may read or write it`, {
      reason: 'FileNotPrivate',
      hint: `chmod 600 "${file}"`,
    });
  }
  return (await readFile(file, 'utf8')) || undefined;
}

/** What a process that was killed had begun to write. Nobody else writes while the file is ours. */
async function removeHalves(file: string): Promise<void> {
  const begin = `.${basename(file)}.`;
  for (const name of await readdir(dirname(file))) {
    const isHalf = name.startsWith(begin) && /^[0-9a-f]{12}\.tmp$/u.test(name.slice(begin.length));
    if (isHalf) await unlink(join(dirname(file), name)).catch(() => undefined);
  }
}

function unusable(file: string, error: unknown): Error {
  if (error instanceof KubeSaTokenError) return error;
  const { code } = error as NodeJS.ErrnoException;
  const why = code === 'ENOENT' ? 'its directory does not exist' : fileReason(error);
  return new UsageError(`Cannot use "${file}": ${why}`, { reason: 'FileUnusable' });
}
