import { readFile, stat } from 'node:fs/promises';

/**
 * Reads a file whose path the user gave, and which may as well be a pipe (`mkfifo`, `<(…)`) or a terminal: one that
 * nobody writes to is waited for without a thread, so that a signal ends the process all the same.
 *
 * @param limit Bytes of what is no file: a result that is longer is not the whole.
 * @throws What the system says (`ENOENT`, `EISDIR`, …).
 */
export async function readAnyFile(path: string, limit?: number): Promise<Buffer> {
  if ((await stat(path)).isFile()) return readFile(path);
  const { readInput } = await import('./read-input.ts');
  return readInput(path, { limit, signal: new AbortController().signal });
}
