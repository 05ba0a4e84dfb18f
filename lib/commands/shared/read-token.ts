import { resolve } from 'node:path';
import { UsageError } from '../../model/errors.ts';
import { BearerToken } from '../../model/secret-text.ts';
import { fileReason } from '../../system/file-reason.ts';
import { readInput } from '../../system/read-input.ts';
import type { Runtime } from '../../system/runtime.ts';

/** Bytes: tokens have about one thousand, with many groups some thousand. */
const longestToken = 2 ** 20;

/**
 * Reads a token from a file, or from stdin for `-`; white space around it is no part of it.
 *
 * @throws {UsageError} It cannot be read, there is nothing in it, or something that surely is no token alone.
 */
export async function readToken(path: string, runtime: Runtime): Promise<BearerToken> {
  const where = path === '-' ? 'stdin' : `"${path}"`;
  if (path === '-' && runtime.stdin.isTTY)
    await runtime.stderr.write('Reading the token from stdin; end it with Ctrl-D\n');
  const bytes = await (path === '-' ? runtime.stdin.read(longestToken) : readNamed(path, runtime, longestToken));
  const unusable = (why: string, hint?: string) =>
    new UsageError(`Cannot read a token from ${where}: ${why}`, { reason: 'NoToken', hint });
  if (bytes.length > longestToken) throw unusable('it has more than 1 MiB');
  const text = bytes.toString('utf8').trim();
  if (text === '') throw unusable('it is empty');
  if (/^(?:authorization:\s*)?bearer\s/iu.test(text)) {
    throw unusable('it begins with "Bearer"', 'That word belongs to the header; a token file has the token alone');
  }
  return new BearerToken(text);
}

/**
 * A file that the user named.
 *
 * @param limit Bytes: a result that is longer is not the whole file.
 * @throws {UsageError} It cannot be read.
 */
export async function readNamed(path: string, { cwd, interruption }: Runtime, limit?: number): Promise<Buffer> {
  const { signal } = interruption;
  try {
    return await readInput(resolve(cwd, path), { limit, signal });
  } catch (error) {
    signal.throwIfAborted();
    throw new UsageError(`Cannot read "${path}": ${fileReason(error)}`, { reason: 'FileNotReadable' });
  }
}
