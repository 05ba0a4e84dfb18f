import { readFile, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { RefusedError } from '../../model/errors.ts';
import { prepareOutputFile } from '../../system/output-file.ts';
import { ownIdentity, parseIdentity } from '../../system/process-identity.ts';
import { takeProcessLock } from '../../system/process-lock.ts';
import type { Runtime } from '../../system/runtime.ts';
import { type TemporaryFile, writeTemporaryFile } from '../../system/temporary-file.ts';

/** Where the kubeconfig of a sandbox lies while it runs. */
export interface KubeconfigPlace {
  /** Returns the path. @throws {RefusedError} The file has become somebody else's. */
  write(text: string): Promise<string>;
  /** Removes what was written, and nothing that somebody has made of it since. Returns whether nothing is left of it. */
  remove(): Promise<boolean>;
}

export interface PlaceOptions {
  /** A file that is not there, or that a sandbox which runs no more has left; a temporary one if unset. */
  readonly path: string | undefined;
  /** The file stays where it is: it is of use as soon as its sandbox runs again. */
  readonly stays?: boolean;
}

/**
 * @throws {RefusedError} The file is somebody else's, or of a sandbox that runs.
 * @throws {UsageError} It cannot be written.
 */
export async function placeKubeconfig(
  { path, stays = false }: PlaceOptions,
  runtime: Runtime,
): Promise<KubeconfigPlace> {
  if (path === undefined) return temporaryPlace();
  const file = resolve(runtime.cwd, path);
  await requireFree(file, path);
  const prepared = await prepareOutputFile(path, { ...runtime, flag: '--kubeconfig-out' });
  let written: string | undefined;
  return {
    async write(text) {
      const unlock = await takeProcessLock(file); // kubectl's lock too
      try {
        await requireFree(file, path);
        const marked = `${mark}: process ${ownIdentity()}\n${text}`;
        await prepared.write(marked);
        written = marked;
      } finally {
        await unlock();
      }
      return prepared.path;
    },
    async remove() {
      await prepared.discard();
      if (written === undefined || stays) return true;
      const found = await readFile(file, 'utf8').catch(() => undefined);
      if (found === written) await rm(file, { force: true });
      return found === undefined || found === written;
    },
  };
}

function temporaryPlace(): KubeconfigPlace {
  let file: TemporaryFile | undefined;
  return {
    async write(text) {
      file = await writeTemporaryFile('kubeconfig', text);
      return file.path;
    },
    async remove() {
      await file?.remove();
      return true;
    },
  };
}

/** How the file begins; the rest of the line says which process has written it. */
const mark = '# Written by kube-sa-token sandbox, and of use while it runs';

async function requireFree(file: string, path: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => undefined); // why it cannot be read is told by who writes it
  if (text === undefined) return;
  if (!text.startsWith(mark)) {
    throw new RefusedError(`Cannot write --kubeconfig-out "${path}": it is there, and no sandbox has written it`, {
      reason: 'FileNotOurs',
      hint: 'Name another file, or remove it',
    });
  }
  const user = parseIdentity(/^.*: process (.+)\n/u.exec(text)?.[1] ?? '');
  if (user === undefined || !user.isRunning) return;
  throw new RefusedError(`Cannot write --kubeconfig-out "${path}": the sandbox of process ${user.pid} uses it`, {
    reason: 'FileInUse',
    hint: 'Name another file, or end that sandbox',
  });
}
