import type { Kubeconfig } from '../../../kubeconfig/types.ts';
import { listClusters } from '../../../kubeconfig/list.ts';
import { renderList } from '../../list-clusters/render.ts';
import { shellWord } from '../../../model/shell-word.ts';
import type { CommandLine, KubectlLine } from '../command-line.ts';
import type { Stage } from '../stage.ts';

/** What there is before a cluster is chosen. */
export interface BeforeTour {
  readonly kubeconfig: Kubeconfig;
  /** The file that is made for the tour. */
  readonly path: string | undefined;
  readonly commandLine: CommandLine;
  readonly plainKubectl: KubectlLine;
}

/** The clusters of the kubeconfig. */
export async function listStep(
  stage: Stage,
  { commandLine, kubeconfig, path, plainKubectl }: BeforeTour,
): Promise<void> {
  await stage.play(
    {
      id: 'list',
      title: 'List the clusters of your kubeconfig',
      about:
        'A kubeconfig file names clusters, users, and contexts: a context is a cluster with a user. To call the API you need the address of the API server, a way to trust it, and a credential. Nothing is sent yet.',
      commands: [...(path === undefined ? [] : [`export KUBECONFIG=${shellWord(path)}`]), commandLine('list-clusters')],
      insteadOf: [
        String.raw`${plainKubectl('config', 'view')} -o jsonpath='{"Cluster name\tServer\n"}'` + '\\',
        String.raw`'{range .clusters[*]}{.name}{"\t"}{.cluster.server}{"\n"}{end}'`,
      ],
    },
    async () => linesOf(await renderList({ kind: 'ClusterList', items: listClusters(kubeconfig) }, 'table')),
  );
}

export function linesOf(text: string): string[] {
  return text.trimEnd().split('\n');
}
