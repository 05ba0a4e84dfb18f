import { defineCommand } from '../cli/command.ts';
import { exitCodeOf } from '../cli/exit-code.ts';
import { createProgress } from '../cli/progress.ts';
import { renderError } from '../cli/render-error.ts';
import { listClusters, listContexts } from '../kubeconfig/list.ts';
import { probeAll } from './list-clusters/probe.ts';
import { renderList } from './list-clusters/render.ts';
import { clusterOptions, kubeconfigOptions } from './shared/cluster-options.ts';
import { readKubeconfig } from './shared/clusters.ts';
import { writeStdout } from './shared/deliver.ts';

export const listClustersCommand = defineCommand({
  name: 'list-clusters',
  summary: 'List the clusters of the kubeconfig',
  description:
    'Every cluster of the merged kubeconfig: its address, how its TLS is trusted, and the contexts that use it. Without --probe nothing is asked over the network; no plugin is run.',
  examples: [
    { does: 'The clusters of the kubeconfig', line: '$0' },
    { does: 'Ask each one whether it answers, and who we are there', line: '$0 --probe' },
    { does: 'A row for each context instead', line: '$0 --contexts-only' },
    { does: 'Names only, for a script', line: '$0 -o name' },
  ],
  options: {
    probe: {
      type: 'boolean',
      help: 'Ask each cluster: reachable, version, latency, end of its certificate, who the user of the kubeconfig is there',
    },
    contextsOnly: { type: 'boolean', help: 'One row a context instead of a cluster' },
    output: {
      type: 'string',
      short: 'o',
      value: 'FORMAT',
      choices: ['table', 'wide', 'json', 'yaml', 'name'],
      default: 'table',
      help: 'How to print them',
    },
    requestTimeout: clusterOptions.requestTimeout,
    ...kubeconfigOptions,
  },
  input: (flags) => flags,
  run: async (flags, runtime) => {
    const kubeconfig = await readKubeconfig(flags, runtime);
    const list = flags.contextsOnly
      ? { kind: 'ContextList' as const, items: listContexts(kubeconfig) }
      : { kind: 'ClusterList' as const, items: listClusters(kubeconfig) };
    if (!flags.probe) {
      await writeStdout(runtime, renderList(list, flags.output));
      return 0;
    }
    const { stderr, env } = runtime;
    const progress = createProgress({ stderr, env, quiet: flags.quiet, noColor: flags.noColor });
    progress.step(`Asking ${list.items.length} cluster${list.items.length === 1 ? '' : 's'}`);
    const probes = await probeAll(list, kubeconfig, { runtime, requestTimeoutMs: flags.requestTimeout });
    await progress.end();
    await writeStdout(runtime, renderList(list, flags.output, probes));
    for (const { probe } of probes) {
      if (probe.error !== undefined) await stderr.write(renderError(probe.error));
    }
    return Math.max(0, ...probes.map(({ probe }) => (probe.error === undefined ? 0 : exitCodeOf(probe.error))));
  },
});
