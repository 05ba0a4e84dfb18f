import { defineCommand } from '../cli/command.ts';
import { refuseGiven } from '../cli/given-flags.ts';
import { defineOptions } from '../cli/options.ts';
import { clusterOptions, kubeconfigOptions } from './shared/cluster-options.ts';
import { checkSandbox } from './shared/on-sandbox.ts';

/** Of --probe alone. */
const { execPolicy, requestTimeout, v } = clusterOptions;
const probeOptions = defineOptions({ execPolicy, requestTimeout, v });

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
    contextsOnly: {
      type: 'boolean',
      help: 'One row a context instead of a cluster; in a pod without a kubeconfig one for its own access',
    },
    output: {
      type: 'string',
      short: 'o',
      value: 'FORMAT',
      choices: ['table', 'wide', 'json', 'yaml', 'name'],
      default: 'table',
      help: 'How to print them',
    },
    ...probeOptions,
    ...kubeconfigOptions,
  },
  input: (flags) => {
    checkSandbox(flags);
    if (!flags.probe) refuseGiven(probeOptions, flags, 'without --probe: nothing is asked over the network');
    return flags;
  },
  run: async (flags, runtime) => (await import('./list-clusters/run.ts')).runListClusters(flags, runtime),
});
