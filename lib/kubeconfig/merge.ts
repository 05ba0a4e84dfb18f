import type { Kubeconfig } from './types.ts';

/**
 * Merges kubeconfigs as client-go does (tools/clientcmd/loader.go): of entries with one name the first file's is
 * taken whole, of `current-context` the first that is set. `colors` is on if any file has it on.
 */
export function mergeKubeconfigs(kubeconfigs: readonly Kubeconfig[]): Kubeconfig {
  return {
    files: [...new Set(kubeconfigs.flatMap(({ files }) => files))],
    currentContext: kubeconfigs.find(({ currentContext }) => currentContext !== '')?.currentContext ?? '',
    clusters: firstOfEachName(kubeconfigs.map(({ clusters }) => clusters)),
    users: firstOfEachName(kubeconfigs.map(({ users }) => users)),
    contexts: firstOfEachName(kubeconfigs.map(({ contexts }) => contexts)),
    colors: kubeconfigs.some(({ colors }) => colors),
    preferencesExtensions: firstOfEachName(kubeconfigs.map(({ preferencesExtensions }) => preferencesExtensions)),
    extensions: firstOfEachName(kubeconfigs.map(({ extensions }) => extensions)),
  };
}

function firstOfEachName<T>(maps: readonly ReadonlyMap<string, T>[]): ReadonlyMap<string, T> {
  const [only] = maps;
  if (maps.length === 1 && only !== undefined) return only;
  const merged = new Map<string, T>();
  for (const map of maps) {
    for (const [name, entry] of map) if (!merged.has(name)) merged.set(name, entry);
  }
  return merged;
}
