import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UsageError } from '../../model/errors.ts';
import { BearerToken } from '../../model/secret-text.ts';
import type { Runtime } from '../../system/runtime.ts';

/**
 * Reads a token from a file, or from stdin for `-`; white space around it is no part of it.
 *
 * @throws {UsageError} It cannot be read, or there is nothing in it.
 */
export async function readToken(path: string, runtime: Runtime): Promise<BearerToken> {
  const where = path === '-' ? 'stdin' : `"${path}"`;
  if (path === '-' && runtime.stdin.isTTY)
    await runtime.stderr.write('Reading the token from stdin; end it with Ctrl-D\n');
  const text = (path === '-' ? await runtime.stdin.read() : await readNamed(path, runtime)).toString('utf8').trim();
  if (text === '') throw new UsageError(`Cannot read a token from ${where}: it is empty`, { reason: 'NoToken' });
  return new BearerToken(text);
}

/** A file that the user named. @throws {UsageError} */
export async function readNamed(path: string, { cwd }: Runtime): Promise<Buffer> {
  try {
    return await readFile(resolve(cwd, path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const words: Readonly<Record<string, string>> = {
      ENOENT: 'there is no such file',
      EACCES: 'permission denied',
      EISDIR: 'it is a directory',
    };
    throw new UsageError(`Cannot read "${path}": ${words[code ?? ''] ?? code ?? 'unknown reason'}`, {
      reason: 'FileNotReadable',
    });
  }
}
