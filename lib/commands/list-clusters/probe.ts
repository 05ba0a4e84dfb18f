import type { PluginHost } from '../../auth/plugin-host.ts';
import type { Exchange } from '../../connection/attempt.ts';
import type { ClusterProbe } from '../../connection/probe.ts';
import type { ClusterListItem, ContextListItem } from '../../kubeconfig/list.ts';
import { resolveClusterAccess } from '../../kubeconfig/resolve.ts';
import type { Kubeconfig } from '../../kubeconfig/types.ts';
import { KubeSaTokenError } from '../../model/errors.ts';
import { jitterOf } from '../../system/jitter.ts';
import type { Runtime } from '../../system/runtime.ts';

export type ClusterOrContextList =
  | { readonly kind: 'ClusterList'; readonly items: readonly ClusterListItem[] }
  | { readonly kind: 'ContextList'; readonly items: readonly ContextListItem[] };

export interface NamedProbe {
  /** Of the cluster, or of the context. */
  readonly name: string;
  /** Whose user was asked for; undefined where no context uses the cluster. */
  readonly context: string | undefined;
  readonly probe: ClusterProbe;
}

/** Clusters asked at once. */
const parallel = 16;

/**
 * Asks every cluster of a list, as the user of a context that uses it: the current one if it does, else the first.
 * The result has the order of the list; what fails for one is part of its result.
 */
export async function probeAll(
  list: ClusterOrContextList,
  kubeconfig: Kubeconfig,
  {
    runtime,
    requestTimeoutMs,
    plugins,
    onExchange,
  }: {
    runtime: Runtime;
    requestTimeoutMs: number;
    plugins: PluginHost;
    onExchange?: (name: string, exchange: Exchange) => void;
  },
): Promise<NamedProbe[]> {
  const { probe } = await import('../../connection/probe.ts');
  const targets =
    list.kind === 'ContextList'
      ? list.items.map(({ name }) => ({ name, context: kubeconfig.inCluster === undefined ? name : undefined }))
      : list.items.map(({ contexts, name }) => ({
          name,
          context: contexts.includes(kubeconfig.currentContext) ? kubeconfig.currentContext : contexts[0],
        }));
  const probes: NamedProbe[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < targets.length; index = next++) {
      const { context, name } = targets[index] ?? { name: '', context: undefined };
      probes[index] = { name, context, probe: await probeOne(name, context) };
    }
  };
  const probeOne = async (name: string, context: string | undefined): Promise<ClusterProbe> => {
    try {
      const unused = { context: null, cluster: name, withoutUser: kubeconfig.inCluster === undefined };
      const choice = context === undefined ? unused : { context };
      return await probe(resolveClusterAccess(kubeconfig, choice, runtime), {
        env: runtime.env,
        now: runtime.now,
        random: jitterOf(runtime),
        signal: runtime.interruption.signal,
        requestTimeoutMs,
        plugins,
        onExchange: (exchange) => onExchange?.(name, exchange),
      });
    } catch (error) {
      if (!(error instanceof KubeSaTokenError) || runtime.interruption.signal.aborted) throw error;
      return {
        reachable: false,
        version: undefined,
        latencyMs: undefined,
        certificate: undefined,
        user: undefined,
        error,
      };
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, targets.length) }, worker));
  return probes;
}
