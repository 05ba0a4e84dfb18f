import { join } from 'node:path';
import type { Env } from '../../lib/system/runtime.ts';

/** Where programs are kept between runs: KUBE_SA_TOKEN_CACHE_DIR, else where the user's caches are on this system. */
export function cacheDirectory(env: Env, home: string, platform: NodeJS.Platform): string {
  if (env['KUBE_SA_TOKEN_CACHE_DIR']) return env['KUBE_SA_TOKEN_CACHE_DIR'];
  if (env['XDG_CACHE_HOME']) return join(env['XDG_CACHE_HOME'], 'kube-sa-token');
  return join(home, platform === 'darwin' ? 'Library/Caches' : '.cache', 'kube-sa-token');
}
