import { readlinkSync, rmSync } from 'node:fs';
import { lstat, mkdtemp, readdir, readFile, rm, rmdir, unlink, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownIdentity, parseIdentity } from './process-identity.ts';

/** A file that only its owner reads, in a directory of its own. */
export interface TemporaryFile {
  readonly path: string;
  remove(): Promise<void>;
}

/** Beside the file, and there before it: which process has it. */
const ownerName = 'owner';
const hourMs = 3_600_000;

/**
 * Writes a file (0600) that goes with the process, whatever ends it but a SIGKILL; then it goes with the next one that
 * writes such a file.
 */
export async function writeTemporaryFile(name: string, text: string): Promise<TemporaryFile> {
  const directory = await mkdtemp(join(tmpdir(), 'kube-sa-token-'));
  const options = { recursive: true, force: true };
  const removeAtExit = () => rmSync(directory, options);
  process.on('exit', removeAtExit);
  const path = join(directory, name);
  for (const [file, content] of [
    [join(directory, ownerName), ownIdentity(here())],
    [path, text],
  ] as const) {
    await writeFile(file, content, { mode: 0o600, flag: 'wx' });
  }
  await removeLeft();
  return {
    path,
    async remove() {
      await rm(directory, options);
      process.off('exit', removeAtExit);
    },
  };
}

/** Removes what processes of this user on this host have left behind by being killed. */
async function removeLeft(): Promise<void> {
  for (const name of await readdir(tmpdir()).catch(() => [])) {
    if (!/^kube-sa-token-[A-Za-z0-9]{6}$/u.test(name)) continue;
    await removeIfLeft(join(tmpdir(), name)).catch(() => undefined); // gone meanwhile, or somebody else's
  }
}

async function removeIfLeft(directory: string): Promise<void> {
  const found = await lstat(directory);
  const { mode, mtimeMs, uid } = found;
  if (!found.isDirectory() || uid !== (process.getuid?.() ?? uid)) return;
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) return;
  const names = await readdir(directory);
  const text = names.includes(ownerName) ? await readFile(join(directory, ownerName), 'utf8') : '';
  const owner = parseIdentity(text, here());
  const files = names.filter((name) => name !== ownerName);
  const isLeft = owner?.isHere === true && !owner.isRunning;
  const isBarelyMade = owner === undefined && files.length === 0 && mtimeMs < Date.now() - hourMs;
  if (!isLeft && !isBarelyMade) return;
  // The owner last: what is left by an end in between is found again.
  for (const name of [...files, ...names.filter((one) => one === ownerName)]) await unlink(join(directory, name));
  await rmdir(directory);
}

/** Where process ids mean the same: containers that share a directory may share the host's name as well. */
function here(): string {
  try {
    return `${hostname()}/${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname(); // not Linux
  }
}
