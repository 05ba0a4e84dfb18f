import { mayDo } from '../../../account/caller-rights.ts';
import { readServerVersion } from '../../../connection/server-version.ts';
import { DeniedError } from '../../../model/errors.ts';
import { shellWord } from '../../../model/shell-word.ts';
import { describeTarget } from '../../shared/clusters.ts';
import type { Tour } from '../tour.ts';

/** The one cluster to which the credential and all calls go. */
export async function chooseStep({
  commandLine,
  connection,
  kubectl,
  names,
  plainKubectl,
  runtime,
  stage,
}: Tour): Promise<void> {
  const { cluster } = connection.access;
  const { signal } = runtime.interruption;
  const { namespace } = names;
  await stage.play(
    {
      id: 'choose',
      title: 'Choose one, and see whether it answers',
      about:
        'The credential and all calls go to this one cluster. In the documentation the Secret is made on the cluster of the current context, and the call goes to CLUSTER_NAME: they may be two. The tour also asks whether it may make a namespace, and remove it again.',
      commands: [
        commandLine('call-api', '/version'),
        kubectl('auth', 'can-i', 'create', 'namespaces'),
        kubectl('auth', 'can-i', 'delete', `namespaces/${namespace}`),
      ],
      insteadOf: [
        `export CLUSTER_NAME=${shellWord(cluster.name)}`,
        `APISERVER=$(${plainKubectl('config', 'view')} -o jsonpath=\\`,
        String.raw`"{.clusters[?(@.name==\"$CLUSTER_NAME\")].cluster.server}")`,
      ],
    },
    async () => {
      const version = await readServerVersion(connection, signal);
      for (const verb of ['create', 'delete'] as const) await requireRight(verb);
      return [
        `Kubernetes ${version} at ${cluster.server}`,
        `The tour works on ${describeTarget(connection)}, in a namespace of its own, "${namespace}". It removes that, and all in it, at the end.`,
      ];
    },
  );

  async function requireRight(verb: 'create' | 'delete'): Promise<void> {
    const object = verb === 'create' ? {} : { name: namespace, namespace };
    if (await mayDo(connection, { verb, resource: 'namespaces', ...object }, signal)) return;
    throw new DeniedError(
      `Cannot give a tour of ${describeTarget(connection)}: ${connection.identity.description} may not ${verb} namespaces`,
      {
        reason: 'Forbidden',
        status: 403,
        hint: 'It works in a namespace of its own, and removes it at the end. Without a cluster: --sandbox',
      },
    );
  }
}
