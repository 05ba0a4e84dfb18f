import { stat } from 'node:fs/promises';

/**
 * What `load` makes of some files; made anew at the next call once one of them was changed or replaced. While that
 * fails (a file is half-written, or gone), what was made last counts; only a first failure is thrown.
 *
 * @returns Cheap to call for each request: it asks the system when the files were changed.
 */
export function reloaded<T>(files: readonly string[], load: () => Promise<T>): () => Promise<T> {
  let last: { readonly stamp: string; readonly value: T } | undefined;
  let running: Promise<T> | undefined;
  const current = async (): Promise<T> => {
    const stamp = (await Promise.all(files.map(stampOf))).join(' ');
    if (last?.stamp === stamp) return last.value;
    try {
      last = { stamp, value: await load() };
    } catch (error) {
      if (last === undefined) throw error;
    }
    return last.value;
  };
  return () => (running ??= current().finally(() => (running = undefined)));
}

/** Follows links: a mounted Secret is replaced by leading a link elsewhere. What came out of a pipe is not there twice. */
async function stampOf(file: string): Promise<string> {
  try {
    const found = await stat(file, { bigint: true });
    if (!found.isFile()) return 'no file';
    const { ctimeNs, ino, mtimeNs, size } = found;
    return `${ino}:${size}:${mtimeNs}:${ctimeNs}`;
  } catch {
    return 'missing';
  }
}
