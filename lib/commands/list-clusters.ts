import { defineCommand } from '../cli/command.ts';
import { createProgress } from '../cli/progress.ts';
import { UsageError } from '../model/errors.ts';
import { listClusters, listContexts } from '../kubeconfig/list.ts';
import { renderClusters, renderContexts } from './list-clusters/render.ts';
import { kubeconfigOptions } from './shared/cluster-options.ts';
import { readKubeconfig } from './shared/clusters.ts';
import { writeStdout } from './shared/deliver.ts';

export const listClustersCommand = defineCommand({
  name: 'list-clusters',
  summary: 'List the clusters of the kubeconfig',
  description:
    'Every cluster of the merged kubeconfig: its address, how its TLS is trusted, and the contexts that use it. Without --probe nothing is asked over the network; no plugin is run.',
  examples: [
    { does: 'The clusters of the kubeconfig', line: '$0' },
    { does: 'A row for each context instead', line: '$0 --contexts-only' },
    { does: 'Names only, for a script', line: '$0 -o name' },
  ],
  options: {
    contextsOnly: { type: 'boolean', help: 'One row a context instead of a cluster' },
    output: {
      type: 'string',
      short: 'o',
      value: 'FORMAT',
      choices: ['table', 'wide', 'json', 'yaml', 'name'],
      default: 'table',
      help: 'How to print them',
    },
    ...kubeconfigOptions,
  },
  input: (flags) => flags,
  run: async (flags, runtime) => {
    void createProgress;
    void UsageError;
    const kubeconfig = await readKubeconfig(flags, runtime);
    const text = flags.contextsOnly
      ? renderContexts(listContexts(kubeconfig), flags.output)
      : renderClusters(listClusters(kubeconfig), flags.output);
    await writeStdout(runtime, text);
    return 0;
  },
});
