import { posix, win32 } from 'node:path';
import type { Env } from '../system/runtime.ts';

/** Where a kubeconfig is looked for. */
export interface KubeconfigLocation {
  /** Absolute paths, in their order of precedence. */
  readonly files: readonly string[];
  /** One file, named by the flag: it must exist. */
  readonly explicit: boolean;
  /** Only the first of the files that exists counts: Windows has several home directories. */
  readonly firstOnly: boolean;
}

/**
 * The files that make up the kubeconfig, as client-go looks for them: `flag`, else the list in KUBECONFIG (an empty
 * name in it is skipped, a repeated one taken once), else `~/.kube/config`.
 *
 * @param home The home directory. client-go has none where HOME is unset and then reads `.kube/config` in the working
 *   directory; a kubeconfig that may run plugins is not taken from there.
 */
export function locateKubeconfig({
  flag,
  env,
  home,
  cwd,
  platform,
}: {
  flag?: string | undefined;
  env: Env;
  home: string | undefined;
  cwd: string;
  platform: NodeJS.Platform;
}): KubeconfigLocation {
  const path = platform === 'win32' ? win32 : posix;
  const absolute = (file: string) => path.resolve(cwd, file);
  if (flag !== undefined && flag !== '') return { files: [absolute(flag)], explicit: true, firstOnly: false };
  const list = env['KUBECONFIG'] ?? '';
  if (list !== '') {
    const names = platform === 'win32' ? splitWindowsList(list) : list.split(':');
    const files = names.filter((name) => name !== '').map(absolute);
    return { files: [...new Set(files)], explicit: false, firstOnly: false };
  }
  const homes = platform === 'win32' ? windowsHomes(env, home) : home === undefined ? [] : [home];
  const files = homes.map((directory) => path.join(absolute(directory), '.kube', 'config'));
  return { files: [...new Set(files)], explicit: false, firstOnly: true };
}

/** Go: path/filepath.SplitList. A semicolon in double quotes does not separate; the quotes are dropped. */
function splitWindowsList(list: string): string[] {
  return (list.match(/(?:"[^"]*"?|[^;"])*(?:;|$)/gu) ?? [])
    .map((name) => name.replace(/;$/u, '').replaceAll('"', ''))
    .filter((name) => name !== '');
}

/** client-go: util/homedir. */
function windowsHomes(env: Env, home: string | undefined): string[] {
  const { HOME, HOMEDRIVE, HOMEPATH, USERPROFILE } = env;
  const drive = HOMEDRIVE === undefined || HOMEPATH === undefined ? '' : `${HOMEDRIVE}${HOMEPATH}`;
  return [HOME, drive, USERPROFILE, home].filter(
    (directory) => directory !== undefined && directory !== '',
  ) as string[];
}
