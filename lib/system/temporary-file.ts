import { rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file that only its owner reads, in a directory of its own. */
export interface TemporaryFile {
  readonly path: string;
  remove(): Promise<void>;
}

/** Writes a file (0600) that goes with the process, whatever ends it but a SIGKILL. */
export async function writeTemporaryFile(name: string, text: string): Promise<TemporaryFile> {
  const directory = await mkdtemp(join(tmpdir(), 'kube-sa-token-'));
  const options = { recursive: true, force: true };
  const removeAtExit = () => rmSync(directory, options);
  process.on('exit', removeAtExit);
  const path = join(directory, name);
  await writeFile(path, text, { mode: 0o600, flag: 'wx' });
  return {
    path,
    async remove() {
      await rm(directory, options);
      process.off('exit', removeAtExit);
    },
  };
}
