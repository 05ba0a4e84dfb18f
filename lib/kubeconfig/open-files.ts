import { stat } from 'node:fs/promises';
import { secretsGiven } from './secrets-given.ts';
import type { ClusterEntry, Kubeconfig, UserEntry } from './types.ts';
import { hasPassword } from './url-passwords.ts';

/** A kubeconfig file of which others can do more than they should. */
export interface OpenFile {
  readonly file: string;
  /** Permission bits: 0o644. */
  readonly mode: number;
  /** Who else can read the credentials that it holds; undefined where nobody can, or it holds none. */
  readonly readableBy: Others | undefined;
  readonly changeableBy: Others | undefined;
}

export type Others = 'its group' | 'everybody';

/**
 * The files of a kubeconfig that hold a credential and can be read by their group or by everybody, and those that
 * others can change: an exec plugin put into one runs as whoever uses it. Nothing on Windows, where modes say nothing.
 */
export async function openFiles(kubeconfig: Kubeconfig, platform: NodeJS.Platform): Promise<OpenFile[]> {
  if (platform === 'win32') return [];
  const { clusters, users } = kubeconfig;
  const secret = new Set(
    [[...users.values()].filter(hasCredential), [...clusters.values()].filter(hasUrlWithPassword)].flatMap((entries) =>
      entries.map(({ file }) => file),
    ),
  );
  const found = await Promise.all(
    kubeconfig.files.map(async (file): Promise<OpenFile> => {
      const mode = await modeOf(file);
      const readableBy = secret.has(file) ? othersIn(mode >> 2) : undefined;
      return { file, mode, readableBy, changeableBy: othersIn(mode >> 1) };
    }),
  );
  return found.filter(({ changeableBy, readableBy }) => (readableBy ?? changeableBy) !== undefined);
}

/** @param bits Of which the last of each three counts. */
function othersIn(bits: number): Others | undefined {
  return bits & 0o001 ? 'everybody' : bits & 0o010 ? 'its group' : undefined;
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

function hasCredential({ token, password, clientKeyData, authProvider, exec }: UserEntry): boolean {
  const hasOwn = token !== '' || password !== '' || clientKeyData !== '' || (authProvider?.config?.size ?? 0) > 0;
  return hasOwn || (exec !== undefined && secretsGiven(exec).length > 0);
}

function hasUrlWithPassword({ proxyUrl, server }: ClusterEntry): boolean {
  return hasPassword(proxyUrl) || hasPassword(server);
}
