import { type FileHandle, open } from 'node:fs/promises';
import { KubeSaTokenError } from '../model/errors.ts';
import { type OutputFile, prepareOutputFile } from './output-file.ts';

/**
 * Prepares other contents for a file that is there. It is replaced by another one where that is possible, so that it is
 * there whole at any moment; else written in place: nothing takes the place of a mount point, such as a file that a
 * container was given, or of another owner's file in a sticky directory.
 *
 * @param path Absolute, and no link.
 * @throws The system's error: it cannot be written to, and nothing was done.
 */
export async function prepareRewrite(
  path: string,
  { random }: { readonly random: (size: number) => Uint8Array },
): Promise<Pick<OutputFile, 'write' | 'discard'>> {
  const handle = await open(path, 'r+');
  await handle.close();
  const beside = await prepareOutputFile(path, { cwd: '/', random }).catch((error: unknown) => {
    if (!(error instanceof KubeSaTokenError)) throw error;
  });
  return {
    async write(data) {
      try {
        if (beside !== undefined) return await beside.write(data);
      } catch (error) {
        if (!(error instanceof KubeSaTokenError)) throw error;
      }
      await writeInPlace(path, Buffer.from(data));
    },
    discard: async () => beside?.discard(),
  };
}

/** What was there is overwritten, not cut off first, and comes back where there is no room for more than that. */
async function writeInPlace(path: string, data: Buffer): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    const before = await handle.readFile();
    try {
      await overwrite(handle, data);
    } catch (error) {
      await overwrite(handle, before).catch(() => undefined);
      throw error;
    }
  } finally {
    await handle.close();
  }
}

async function overwrite(handle: FileHandle, data: Buffer): Promise<void> {
  for (let at = 0; at < data.length;) {
    at += (await handle.write(data, at, data.length - at, at)).bytesWritten;
  }
  await handle.truncate(data.length);
  await handle.sync();
}
