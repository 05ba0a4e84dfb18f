import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadKubeconfigOrInCluster } from '../../lib/kubeconfig/in-cluster.ts';
import { listClusters } from '../../lib/kubeconfig/list.ts';
import { locateKubeconfig } from '../../lib/kubeconfig/locate.ts';
import { type ClusterChoice, resolveClusterAccess } from '../../lib/kubeconfig/resolve.ts';
import { UsageError } from '../../lib/model/errors.ts';
import { renderKubeconfig, simpleKubeconfig } from '../support/kubeconfig.ts';
import { type PodFiles, writePod } from '../support/pod.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const files: PodFiles = { token: 'pods-token\n', 'ca.crt': 'PEM', namespace: 'ci\n' };

interface Case {
  readonly server?: string;
  readonly files?: PodFiles;
  readonly env?: Readonly<Record<string, string>>;
  readonly choice?: ClusterChoice;
  /** Text of the file that KUBECONFIG names; no such file if unset. */
  readonly kubeconfig?: string;
  readonly flag?: string;
}

async function load(directory: string, { server = 'https://10.96.0.1', choice = {}, flag, ...given }: Case) {
  await mkdir(join(directory, 'pod'));
  const pod = await writePod(join(directory, 'pod'), server, given.files ?? files);
  const config = join(directory, 'config');
  if (given.kubeconfig !== undefined) await writeFile(config, given.kubeconfig);
  const env = { KUBECONFIG: config, ...pod.env, ...given.env };
  const location = locateKubeconfig({ env, flag, home: undefined, cwd: directory, platform: 'linux' });
  const kubeconfig = await loadKubeconfigOrInCluster(location, choice, { ...pod, env });
  return { pod, kubeconfig, access: () => resolveClusterAccess(kubeconfig, choice) };
}

describe('loadKubeconfigOrInCluster() in a pod', () => {
  test('takes address, token, CA and namespace from what the pod is given', async () => {
    await using directory = await temporaryDirectory();
    const { access, kubeconfig, pod } = await load(directory.path, {});
    const at = (name: string) => join(pod.serviceAccountDirectory, name);
    expect(access()).toMatchObject({
      context: null,
      cluster: {
        name: 'in-cluster',
        server: 'https://10.96.0.1:443',
        insecureSkipTlsVerify: false,
        certificateAuthority: { file: at('ca.crt') },
      },
      user: { name: 'in-cluster', tokenFile: at('token') },
      namespace: 'ci',
    });
    expect(listClusters(kubeconfig)).toEqual([
      {
        name: 'in-cluster',
        server: 'https://10.96.0.1:443',
        current: true,
        contexts: [],
        trust: 'certificate-authority',
        file: pod.serviceAccountDirectory,
      },
    ]);
  });

  test.each<[what: string, given: Case, expected: object]>([
    [
      'puts an IPv6 address in brackets',
      { server: 'https://[fd00::1]:6443' },
      { cluster: { server: 'https://[fd00::1]:6443' } },
    ],
    ['prefers POD_NAMESPACE to the mounted one', { env: { POD_NAMESPACE: 'other' } }, { namespace: 'other' }],
    ['prefers the namespace of the flag', { choice: { namespace: 'mine' } }, { namespace: 'mine' }],
    ['is in "default" where nothing names a namespace', { files: { token: 't' } }, { namespace: 'default' }],
    [
      "trusts the system's roots without a CA",
      { files: { token: 't' } },
      { cluster: { certificateAuthority: undefined } },
    ],
    [
      'has its CA replaced by a flag',
      { choice: { certificateAuthority: '/ca' } },
      { cluster: { certificateAuthority: { file: '/ca' } } },
    ],
    ['impersonates whom a flag names', { choice: { as: 'bob' } }, { user: { impersonate: { user: 'bob' } } }],
    ['counts where the kubeconfig is empty', { kubeconfig: '' }, { cluster: { name: 'in-cluster' } }],
    [
      'counts where the kubeconfig has clusters only',
      { kubeconfig: renderKubeconfig({ clusters: { a: { server: 'https://a' } } }) },
      { cluster: { name: 'in-cluster' } },
    ],
    ['gives way to a kubeconfig', { kubeconfig: renderKubeconfig(simpleKubeconfig('dev')) }, { context: 'dev' }],
    [
      'gives way to --server, and sends it no token',
      { choice: { server: 'https://a.test' } },
      { cluster: { server: 'https://a.test' }, user: { tokenFile: undefined } },
    ],
  ])('%s', async (_, given, expected) => {
    await using directory = await temporaryDirectory();
    const { access } = await load(directory.path, given);
    expect(access()).toMatchObject(expected);
  });

  test.each<[what: string, given: Case, message: RegExp, hint?: RegExp]>([
    [
      'without a token, naming what is missing',
      { files: {} },
      /^Cannot find a kubeconfig: /u,
      /no token of a ServiceAccount is mounted/u,
    ],
    ['with --context', { choice: { context: 'dev' } }, /^Cannot find a kubeconfig: /u, /--kubeconfig/u],
    ['with --cluster', { choice: { cluster: 'dev' } }, /^Cannot find a kubeconfig: /u],
    ['with --kubeconfig and no such file', { flag: 'missing' }, /^Cannot find kubeconfig ".*missing"$/u],
    ['with a broken kubeconfig', { kubeconfig: ': [' }, /^Cannot /u],
    [
      'outside a pod, with files that lie there',
      { env: { KUBERNETES_SERVICE_HOST: '' } },
      /^Cannot find a kubeconfig: /u,
      /--kubeconfig/u,
    ],
    ['outside a pod, with a port alone', { env: { KUBERNETES_SERVICE_PORT: '' } }, /^Cannot find a kubeconfig: /u],
  ])('does not count %s', async (_, given, message, hint = /./u) => {
    await using directory = await temporaryDirectory();
    const error = await load(directory.path, given).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({ message: expect.stringMatching(message) });
    const { hint: said = '-' } = error as UsageError;
    expect(said).toMatch(hint);
  });

  test.each([
    ['KUBERNETES_SERVICE_PORT', 'abc', 'port'],
    ['KUBERNETES_SERVICE_PORT', '65536', 'port'],
    ['KUBERNETES_SERVICE_HOST', 'a b', 'host'],
  ])('names the variable that makes no sense: %s=%s', async (variable, value, noun) => {
    await using directory = await temporaryDirectory();
    await expect(load(directory.path, { env: { [variable]: value } })).rejects.toMatchObject({
      name: 'UsageError',
      message: `Cannot reach the cluster of this pod: ${variable} is "${value}", which is no ${noun}`,
    });
  });

  test('leaves a kubeconfig whose contexts are not current to the user, where kubectl would go to its own cluster', async () => {
    await using directory = await temporaryDirectory();
    const kubeconfig = renderKubeconfig({ ...simpleKubeconfig('dev'), currentContext: '' });
    const { access } = await load(directory.path, { kubeconfig });
    expect(access).toThrow('Cannot choose a context: no context is current');
  });
});
