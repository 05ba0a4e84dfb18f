import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../model/errors.ts';
import { escapeLine } from '../model/escape.ts';
import { fileReason } from '../system/file-reason.ts';
import type { Env } from '../system/runtime.ts';
import type { ClusterChoice } from './choose.ts';
import { loadKubeconfig } from './load.ts';
import type { KubeconfigLocation } from './locate.ts';
import { noCluster, noContext, noUser } from './nothing.ts';
import { readServer } from './server.ts';
import type { Kubeconfig } from './types.ts';

/** What tells a process that it runs in a pod. */
export interface PodSurroundings {
  readonly env: Env;
  /** Where the kubelet mounts `token`, `ca.crt` and `namespace`. */
  readonly serviceAccountDirectory: string;
}

/** Name of cluster and user where a pod itself is the source. */
const inCluster = 'in-cluster';

/**
 * The kubeconfig; where it has neither contexts nor a current one, and no flag asks for something of it, what a pod is
 * given to reach its own cluster, as client-go does (clientcmd: merged_client_builder.go; rest: InClusterConfig). kubectl
 * goes there also with contexts, if none is current: that is left to the user here.
 *
 * @throws {UsageError} No kubeconfig and no pod; some file is unreadable or invalid; the pod's variables make no sense.
 */
export async function loadKubeconfigOrInCluster(
  location: KubeconfigLocation,
  choice: Pick<ClusterChoice, 'context' | 'cluster' | 'user' | 'server'>,
  pod: PodSurroundings,
): Promise<Kubeconfig> {
  const { cluster, context, server, user } = choice;
  const isChosen = [cluster, context, server, user].some((name) => name !== undefined && name !== '');
  if (isChosen) return loadKubeconfig(location, { optional: server !== undefined });
  const host = hostOf(pod.env);
  if (host === undefined) return loadKubeconfig(location);
  const isMounted = await isFile(join(pod.serviceAccountDirectory, 'token'));
  const kubeconfig = await loadKubeconfig(location, { optional: isMounted }).catch((error: unknown) => {
    throw isMounted ? error : withoutToken(error);
  });
  const isEmpty = kubeconfig.contexts.size === 0 && kubeconfig.currentContext === '';
  return isMounted && isEmpty ? inClusterKubeconfig(host, pod) : kubeconfig;
}

/** `10.96.0.1:443`, `[fd00::1]:443` */
function hostOf({ KUBERNETES_SERVICE_HOST: host = '', KUBERNETES_SERVICE_PORT: port = '' }: Env): string | undefined {
  if (host === '' || port === '') return undefined;
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

async function inClusterKubeconfig(
  host: string,
  { env, serviceAccountDirectory: file }: PodSurroundings,
): Promise<Kubeconfig> {
  refuseUnusable(host, env);
  const at = (name: string) => join(file, name);
  const certificateAuthority = (await isFile(at('ca.crt'))) ? at('ca.crt') : '';
  const namespace = env['POD_NAMESPACE'] || (await readText(at('namespace')));
  return {
    files: [file],
    currentContext: '',
    clusters: new Map([[inCluster, { ...noCluster, file, server: `https://${host}`, certificateAuthority }]]),
    users: new Map([[inCluster, { ...noUser, file, tokenFile: at('token') }]]),
    contexts: new Map(),
    inCluster: { ...noContext, file, cluster: inCluster, user: inCluster, namespace },
    colors: false,
    preferencesExtensions: new Map(),
    extensions: new Map(),
  };
}

/** @throws {UsageError} Names the variable: no kubeconfig is to blame. */
function refuseUnusable(host: string, env: Env): void {
  const { KUBERNETES_SERVICE_PORT: port = '' } = env;
  const isPort = /^\d{1,5}$/u.test(port) && Number(port) <= 65_535;
  if (isPort && 'url' in readServer(`https://${host}`)) return;
  const [variable, noun] = isPort ? ['KUBERNETES_SERVICE_HOST', 'host'] : ['KUBERNETES_SERVICE_PORT', 'port'];
  throw new UsageError(
    `Cannot reach the cluster of this pod: ${variable} is "${escapeLine(env[variable] ?? '')}", which is no ${noun}`,
    { reason: 'PodEnvironmentInvalid', hint: 'The kubelet sets it; something in the pod has overwritten it' },
  );
}

async function isFile(path: string): Promise<boolean> {
  try {
    return !(await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

/** Empty where there is no such file. @throws {UsageError} It cannot be read. */
async function readText(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw new UsageError(`Cannot read "${escapeLine(path)}": ${fileReason(error)}`, { reason: 'KubeconfigUnreadable' });
  }
}

function withoutToken(error: unknown): unknown {
  if (!(error instanceof UsageError) || error.reason !== 'KubeconfigNotFound') return error;
  return new UsageError(error.message, {
    reason: error.reason,
    hint: 'In this pod no token of a ServiceAccount is mounted (automountServiceAccountToken)',
  });
}
