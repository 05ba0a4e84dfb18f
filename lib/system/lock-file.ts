import { open, unlink } from 'node:fs/promises';

/**
 * Takes the lock that kubectl takes on a kubeconfig: a file beside it that is there while somebody writes (client-go:
 * tools/clientcmd/config.go, lockFile).
 *
 * @returns Gives it back.
 * @throws The system's error: EEXIST where somebody else has it, EACCES or EROFS where there can be none.
 */
export async function takeLock(file: string): Promise<() => Promise<void>> {
  const path = `${file}.lock`;
  const handle = await open(path, 'wx', 0o600);
  await handle.close();
  return () => unlink(path).catch(() => undefined);
}
