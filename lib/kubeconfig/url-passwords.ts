import { sortedNames } from './not-found.ts';
import type { Kubeconfig } from './types.ts';

/** A URL of a cluster that has a password in it: `https://NAME:PASSWORD@HOST`. */
export interface UrlWithPassword {
  readonly cluster: string;
  readonly field: 'server' | 'proxy-url';
}

/** The URLs that `redactKubeconfig()` leaves as they are, and that hold a password; the URLs themselves are not told. */
export function urlsWithPassword({ clusters }: Kubeconfig): UrlWithPassword[] {
  const found: UrlWithPassword[] = [];
  for (const cluster of sortedNames(clusters.keys())) {
    const { proxyUrl = '', server = '' } = clusters.get(cluster) ?? {};
    if (hasPassword(server)) found.push({ cluster, field: 'server' });
    if (hasPassword(proxyUrl)) found.push({ cluster, field: 'proxy-url' });
  }
  return found;
}

/** Whatever else is wrong with it: a URL that cannot be used is shown all the same. */
export function hasPassword(url: string): boolean {
  return /^(?:[^/?#]*\/\/)?[^/?#]*:[^/?#]+@/u.test(url);
}
