import { readFile, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { RefusedError } from '../../model/errors.ts';
import { prepareOutputFile } from '../../system/output-file.ts';
import type { Runtime } from '../../system/runtime.ts';
import { type TemporaryFile, writeTemporaryFile } from '../../system/temporary-file.ts';

/** Where the kubeconfig of a sandbox lies while it runs. */
export interface KubeconfigPlace {
  /** Returns the path. */
  write(text: string): Promise<string>;
  remove(): Promise<void>;
}

const mark = '# Written by kube-sa-token sandbox, and of use while it runs\n';

/**
 * @param path A file that is not there, or that a sandbox has left; a temporary one if unset.
 * @throws {RefusedError} The file is somebody else's.
 * @throws {UsageError} It cannot be written.
 */
export async function placeKubeconfig(path: string | undefined, runtime: Runtime): Promise<KubeconfigPlace> {
  if (path === undefined) {
    let file: TemporaryFile | undefined;
    return {
      async write(text) {
        file = await writeTemporaryFile('kubeconfig', text);
        return file.path;
      },
      remove: async () => file?.remove(),
    };
  }
  await requireOwn(resolve(runtime.cwd, path), path);
  const prepared = await prepareOutputFile(path, { ...runtime, flag: '--kubeconfig-out' });
  let isWritten = false;
  return {
    async write(text) {
      await prepared.write(`${mark}${text}`);
      isWritten = true;
      return prepared.path;
    },
    async remove() {
      if (isWritten) await rm(prepared.path, { force: true });
      else await prepared.discard();
    },
  };
}

async function requireOwn(file: string, path: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => undefined); // why it cannot be read is told by who writes it
  if (text === undefined || text.startsWith(mark)) return;
  throw new RefusedError(`Cannot write --kubeconfig-out "${path}": it is there, and no sandbox has written it`, {
    reason: 'FileNotOurs',
    hint: 'Name another file, or remove it',
  });
}
