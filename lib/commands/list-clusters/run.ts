import { usesColour } from '../../cli/colour.ts';
import { exitCodeOf } from '../../cli/exit-code.ts';
import { renderError } from '../../cli/render-error.ts';
import { listClusters, listContexts } from '../../kubeconfig/list.ts';
import type { PolicyKind } from '../../model/plugin-policy.ts';
import type { Runtime } from '../../system/runtime.ts';
import { readKubeconfig } from '../shared/clusters.ts';
import { onSandbox } from '../shared/on-sandbox.ts';
import { writeStdout } from '../shared/deliver.ts';
import { pluginHost } from '../shared/plugins.ts';
import { describeExchange, progressOf, showsRequests } from '../shared/progress.ts';
import { probeFailure } from './failure.ts';
import { warnOfOpenFiles } from '../shared/warn-of-kubeconfig.ts';
import { probeAll } from './probe.ts';
import { type ListFormat, renderList } from './render.ts';

export interface ListClustersInput {
  readonly kubeconfig: string | undefined;
  readonly kubeconfigText?: string;
  readonly sandbox: boolean;
  readonly contextsOnly: boolean;
  readonly probe: boolean;
  readonly output: ListFormat;
  readonly requestTimeout: number;
  readonly v: number;
  readonly quiet: boolean;
  readonly noColor: boolean;
  readonly noInput: boolean;
  readonly execPolicy: PolicyKind | undefined;
}

/** Lists the clusters; with `probe` asks each, and the exit code is the highest that one of them brought. */
export async function runListClusters(input: ListClustersInput, runtime: Runtime): Promise<number> {
  return onSandbox(input, runtime, (flags) => listThem(flags, runtime));
}

async function listThem(flags: ListClustersInput, runtime: Runtime): Promise<number> {
  const kubeconfig = await readKubeconfig(flags, runtime);
  const list = flags.contextsOnly
    ? { kind: 'ContextList' as const, items: listContexts(kubeconfig) }
    : { kind: 'ClusterList' as const, items: listClusters(kubeconfig) };
  if (!flags.probe) {
    await writeStdout(runtime, await renderList(list, flags.output));
    return 0;
  }
  const { stderr } = runtime;
  const noun = list.kind === 'ClusterList' ? 'cluster' : 'context';
  const progress = progressOf(flags, runtime);
  if (listClusters(kubeconfig).some(({ trust }) => trust === 'insecure-skip-tls-verify')) {
    progress.warn('TLS of the clusters with insecure-skip-tls-verify is not verified: anybody on the way can answer', {
      always: true,
    });
  }
  await warnOfOpenFiles(kubeconfig, runtime, progress);
  progress.step(`Asking ${list.items.length} ${noun}${list.items.length === 1 ? '' : 's'}`);
  const probes = await probeAll(list, kubeconfig, {
    runtime,
    requestTimeoutMs: flags.requestTimeout,
    plugins: pluginHost(flags, { runtime, progress, stdinTaken: 'several clusters are asked at once' }),
    onExchange: (name, exchange) => {
      if (flags.v >= showsRequests) progress.note(`${noun} "${name}": ${describeExchange(exchange)}`);
    },
  });
  await progress.end();
  await writeStdout(runtime, await renderList(list, flags.output, probes));
  const colour = usesColour(stderr, runtime.env, flags);
  for (const asked of probes) {
    const failure = probeFailure(noun, asked);
    if (failure !== undefined) await stderr.write(renderError(failure, { colour }));
  }
  return Math.max(0, ...probes.map(({ probe }) => (probe.error === undefined ? 0 : exitCodeOf(probe.error))));
}
