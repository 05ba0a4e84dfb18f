import { createPrompter } from '../../cli/prompt.ts';
import type { Progress } from '../../cli/progress.ts';
import { connect } from '../../connection/connect.ts';
import type { Exchange } from '../../connection/attempt.ts';
import type { Connection } from '../../connection/connection.ts';
import { chooseContext, type ContextCandidates, contextNotChosen } from '../../kubeconfig/choose.ts';
import { loadKubeconfigOrInCluster } from '../../kubeconfig/in-cluster.ts';
import { parseKubeconfig } from '../../kubeconfig/parse.ts';
import { UsageError } from '../../model/errors.ts';
import { locateKubeconfig } from '../../kubeconfig/locate.ts';
import { resolveClusterAccess } from '../../kubeconfig/resolve.ts';
import type { Identity } from '../../auth/identity.ts';
import { impersonated } from '../../auth/kubeconfig-user.ts';
import type { Kubeconfig } from '../../kubeconfig/types.ts';
import type { ClusterAccess } from '../../model/cluster-access.ts';
import { unlessAborted } from '../../system/deadline.ts';
import { jitterOf } from '../../system/jitter.ts';
import type { Runtime } from '../../system/runtime.ts';
import { describeExchange, showsRequests } from './progress.ts';
import type { ClusterFlags } from './cluster-options.ts';
import { pluginHost } from './plugins.ts';
import { warnOfOpenFiles } from './warn-of-kubeconfig.ts';

export interface OnClusterOptions {
  readonly runtime: Runtime;
  readonly progress: Progress;
  /**
   * Who to connect as, instead of the user of the kubeconfig (which then need not be usable). The flags that impersonate
   * count all the same, as they do beside kubectl's `--token`.
   */
  readonly identity?: Identity | undefined;
  /** Why a credential plugin must not read stdin: `--data reads it`. */
  readonly stdinTaken?: string | undefined;
  /** Told each request and what came of it. */
  readonly onExchange?: ((exchange: Exchange) => void) | undefined;
}

/**
 * Resolves the flags to one cluster of the kubeconfig, connects, and runs `each` on it.
 *
 * @throws {UsageError} No kubeconfig, an invalid one, or several contexts to choose from and nobody to ask.
 */
export async function onCluster<Value>(
  flags: ClusterFlags,
  { runtime, progress, identity, stdinTaken, onExchange }: OnClusterOptions,
  each: (connection: Connection) => Promise<Value>,
): Promise<Value> {
  const access = await resolveAccess(flags, runtime, { withoutUser: identity !== undefined, progress });
  if (access.cluster.insecureSkipTlsVerify) {
    progress.warn(
      `TLS of ${access.cluster.server} is not verified: anybody on the way can read and change what is said`,
      { always: true },
    );
  }
  const connection = await connect(access, {
    env: runtime.env,
    identity: identity === undefined ? undefined : impersonated(identity, access.user),
    plugins: pluginHost(flags, { runtime, progress, stdinTaken }),
    ...(flags.requestTimeout === 0 ? {} : { requestTimeoutMs: flags.requestTimeout }),
    signal: runtime.interruption.signal,
    now: runtime.now,
    random: jitterOf(runtime),
    onWarning: (text) => progress.warn(`the API server says: ${text}`),
    onNote: (text) => progress.note(text),
    onExchange: (exchange) => {
      onExchange?.(exchange);
      if (flags.v >= showsRequests) progress.note(describeExchange(exchange));
    },
  });
  try {
    return await each(connection);
  } finally {
    connection.close();
  }
}

/**
 * The cluster that the flags choose; asks on a terminal where they leave a choice.
 *
 * @param withoutUser The user of the kubeconfig is not needed.
 * @param progress Is told of files that others can read; for a command that goes on to connect.
 */
export async function resolveAccess(
  flags: ClusterFlags,
  runtime: Runtime,
  { withoutUser = false, progress }: { withoutUser?: boolean; progress?: Progress } = {},
): Promise<ClusterAccess> {
  const kubeconfig = await readKubeconfig(flags, runtime);
  if (progress !== undefined) await warnOfOpenFiles(kubeconfig, runtime, progress);
  const choice = { ...flags, withoutUser };
  const chosen = chooseContext(kubeconfig, choice);
  const context = 'candidates' in chosen ? await ask(chosen, flags, runtime) : chosen.context;
  return resolveClusterAccess(kubeconfig, { ...choice, context }, runtime);
}

/**
 * The merged kubeconfig that `--kubeconfig` or the environment names, else what a pod is given. With `--server` there
 * need not be one.
 */
export function readKubeconfig(
  flags: { readonly kubeconfig: string | undefined } & Partial<ClusterFlags>,
  runtime: Runtime,
): Promise<Kubeconfig> {
  if (flags.kubeconfigText !== undefined) return parseKubeconfig(flags.kubeconfigText, 'sandbox');
  const location = locateKubeconfig({ ...runtime, flag: flags.kubeconfig });
  const loading = loadKubeconfigOrInCluster(location, flags, runtime);
  return withSandboxHint(unlessAborted(loading, runtime.interruption.signal));
}

/** What helps a reader who has no kubeconfig at all. */
export async function withSandboxHint(loading: Promise<Kubeconfig>): Promise<Kubeconfig> {
  try {
    return await loading;
  } catch (error) {
    if (!(error instanceof UsageError) || error.reason !== 'KubeconfigNotFound' || error.hint === undefined)
      throw error;
    const hint = `${error.hint}. Without a cluster: --sandbox`;
    throw new UsageError(error.message, { reason: error.reason, hint });
  }
}

/** @throws {UsageError} There is nobody to ask. */
async function ask(
  candidates: ContextCandidates,
  { noInput }: ClusterFlags,
  { interruption, stderr, stdin }: Runtime,
): Promise<string> {
  const prompter = createPrompter({ stdin, stderr, noInput, signal: interruption.signal });
  const context = prompter.canAsk
    ? await prompter.select(`Which context? (${candidates.why})`, candidates.candidates)
    : undefined;
  if (context === undefined) throw contextNotChosen(candidates);
  return context;
}

/** `context "dev" (https://10.0.0.1:6443, as user "jane")`: said before the first write. */
export function describeTarget({ access, identity }: Connection): string {
  const { cluster, context } = access;
  return `${context === null ? `cluster "${cluster.name}"` : `context "${context}"`} (${cluster.server}, as ${identity.description})`;
}
