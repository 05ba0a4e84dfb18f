import { stat } from 'node:fs/promises';
import type { Kubeconfig, UserEntry } from './types.ts';

/** A kubeconfig file of which others can do more than they should. */
export interface OpenFile {
  readonly file: string;
  /** Permission bits: 0o644. */
  readonly mode: number;
  readonly danger: 'read' | 'change';
}

/**
 * The files of a kubeconfig that hold a credential and can be read by their group or by everybody, and those that
 * others can change: an exec plugin put into one runs as whoever uses it. Nothing on Windows, where modes say nothing.
 */
export async function openFiles(kubeconfig: Kubeconfig, platform: NodeJS.Platform): Promise<OpenFile[]> {
  if (platform === 'win32') return [];
  const secret = new Set([...kubeconfig.users.values()].filter(hasCredential).map(({ file }) => file));
  const found = await Promise.all(
    kubeconfig.files.map(async (file) => {
      const mode = await modeOf(file);
      const danger = mode & 0o022 ? 'change' : mode & 0o044 && secret.has(file) ? 'read' : undefined;
      return danger === undefined ? [] : [{ file, mode, danger } as const];
    }),
  );
  return found.flat();
}

/** 0 for what is no file, such as a pipe, or is gone. */
async function modeOf(file: string): Promise<number> {
  try {
    const found = await stat(file);
    return found.isFile() ? found.mode & 0o777 : 0;
  } catch {
    return 0;
  }
}

function hasCredential({ token, password, clientKeyData, authProvider }: UserEntry): boolean {
  return token !== '' || password !== '' || clientKeyData !== '' || (authProvider?.config?.size ?? 0) > 0;
}
