import { sortedNames } from './not-found.ts';
import { showServer } from './server.ts';
import type { ClusterEntry, Kubeconfig } from './types.ts';

/** One cluster of the kubeconfig: an item of `list-clusters -o json`. */
export interface ClusterListItem {
  readonly name: string;
  /** As it is called; as it is written where that is no server. Never with a password in it. */
  readonly server: string;
  /** The current context uses it, or this is a pod of it. */
  readonly current: boolean;
  /** The contexts that use it, sorted. */
  readonly contexts: readonly string[];
  readonly trust: ClusterListTrust;
  /** Absolute path of the kubeconfig file that defines it, or of what is mounted in a pod. */
  readonly file: string;
}

export type ClusterListTrust =
  | 'certificate-authority-data'
  | 'certificate-authority'
  | 'system'
  | 'insecure-skip-tls-verify'
  | 'none';

/** One context of the kubeconfig: a row of `list-clusters --contexts-only`. */
export interface ContextListItem {
  readonly name: string;
  readonly current: boolean;
  readonly cluster: string;
  /** Empty where the context names none. */
  readonly user: string;
  /** Empty where the context names none: `default` then. */
  readonly namespace: string;
  /** What of these is not in the kubeconfig. */
  readonly missing: readonly ('cluster' | 'user')[];
  readonly file: string;
}

/** Every cluster, sorted by name as `kubectl config get-clusters` does. A broken entry is listed like any other. */
export function listClusters(kubeconfig: Kubeconfig): ClusterListItem[] {
  const { clusters, contexts, currentContext, inCluster } = kubeconfig;
  const currentCluster = (contexts.get(currentContext) ?? inCluster)?.cluster;
  const users = contextsByCluster(kubeconfig);
  return sortedNames(clusters.keys()).flatMap((name) => {
    const cluster = clusters.get(name);
    if (cluster === undefined) return [];
    const server = showServer(cluster.server);
    const using = users.get(name) ?? [];
    return [
      {
        name,
        server,
        current: name === currentCluster,
        contexts: using,
        trust: trustOf(cluster, server),
        file: cluster.file,
      },
    ];
  });
}

/**
 * Every context, sorted by name as `kubectl config get-contexts` does, those of a missing cluster too. Where a pod is the
 * source there is none to name: its own access stands for it, under the name of its cluster.
 */
export function listContexts(kubeconfig: Kubeconfig): ContextListItem[] {
  const { clusters, contexts, currentContext, inCluster, users } = kubeconfig;
  if (inCluster !== undefined) {
    const { cluster, file, namespace, user } = inCluster;
    return [{ name: cluster, current: true, cluster, user, namespace, missing: [], file }];
  }
  return sortedNames(contexts.keys()).flatMap((name) => {
    const context = contexts.get(name);
    if (context === undefined) return [];
    const { cluster, file, namespace, user } = context;
    const missing = [
      ...(clusters.has(cluster) ? [] : (['cluster'] as const)),
      ...(user === '' || users.has(user) ? [] : (['user'] as const)),
    ];
    return [{ name, current: name === currentContext, cluster, user, namespace, missing, file }];
  });
}

function contextsByCluster({ contexts }: Kubeconfig): Map<string, string[]> {
  const byCluster = new Map<string, string[]>();
  for (const name of sortedNames(contexts.keys())) {
    const cluster = contexts.get(name)?.cluster ?? '';
    const names = byCluster.get(cluster);
    if (names === undefined) byCluster.set(cluster, [name]);
    else names.push(name);
  }
  return byCluster;
}

function trustOf(cluster: ClusterEntry, server: string): ClusterListTrust {
  if (server.startsWith('http:')) return 'none';
  if (cluster.insecureSkipTlsVerify) return 'insecure-skip-tls-verify';
  if (cluster.certificateAuthorityData !== '') return 'certificate-authority-data';
  return cluster.certificateAuthority === '' ? 'system' : 'certificate-authority';
}
