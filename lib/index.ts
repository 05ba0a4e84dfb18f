// What others import. The commands are built of the same pieces.
import { bearerIdentity } from './auth/bearer.ts';
import type { PluginHost } from './auth/plugin-host.ts';
import { connect } from './connection/connect.ts';
import type { Connection } from './connection/connection.ts';
import { chooseContext } from './kubeconfig/choose.ts';
import { loadKubeconfigOrInCluster } from './kubeconfig/in-cluster.ts';
import { locateKubeconfig } from './kubeconfig/locate.ts';
import { type ClusterChoice, resolveClusterAccess } from './kubeconfig/resolve.ts';
import type { ClusterAccess } from './model/cluster-access.ts';
import type { Credential } from './model/credential.ts';
import { UsageError } from './model/errors.ts';
import type { PolicyKind } from './model/plugin-policy.ts';
import type { BearerToken } from './model/secret-text.ts';
import { jitterOf } from './system/jitter.ts';
import { nodeSurroundings } from './system/node-runtime.ts';
import { bootstrapToken } from './token/bootstrap.ts';
import { bootstrapInputOf, type BootstrapOptions } from './token/bootstrap-options.ts';

export type { Connection } from './connection/connection.ts';
export { readSelfSubject, type SelfSubject } from './connection/self-subject.ts';
export { clientNodeOptions, type ClientNodeOptions } from './export/client-node.ts';
export type { ClusterChoice } from './kubeconfig/resolve.ts';
export type { ClusterAccess } from './model/cluster-access.ts';
export type { Credential } from './model/credential.ts';
export {
  CredentialError,
  DeniedError,
  InterruptedError,
  KubeSaTokenError,
  NotFoundError,
  OutputError,
  RefusedError,
  ServerError,
  UnreachableError,
  UsageError,
  WaitTimeoutError,
} from './model/errors.ts';
export { BearerToken, SecretText } from './model/secret-text.ts';
export type { BootstrapOptions } from './token/bootstrap-options.ts';
export { type DecodedToken, decodeToken } from './token/decode.ts';
export type { BootstrapStep } from './token/step.ts';
export { verifyToken } from './token/verify.ts';

/** Which kubeconfig, and which cluster of it; as kubectl's flags of the same names. */
export interface KubeconfigChoice extends ClusterChoice {
  /** Path of the kubeconfig; if unset, `$KUBECONFIG`, else `~/.kube/config`. */
  readonly kubeconfig?: string | undefined;
}

/**
 * Reads the kubeconfig as client-go does, without going to the network; without one, in a pod, what that is given.
 *
 * @throws {UsageError} No kubeconfig, an invalid one, or several contexts to choose from.
 * @throws {NotFoundError} It has no such context, cluster or user.
 */
export async function loadClusterAccess(choice: KubeconfigChoice = {}): Promise<ClusterAccess> {
  const surroundings = nodeSurroundings();
  const location = locateKubeconfig({ ...surroundings, flag: choice.kubeconfig });
  const kubeconfig = await loadKubeconfigOrInCluster(location, choice, surroundings);
  const chosen = chooseContext(kubeconfig, choice);
  if ('candidates' in chosen) {
    throw new UsageError(`Cannot choose a context: ${chosen.why}`, { reason: 'NoContextChosen', hint: 'Name one' });
  }
  return resolveClusterAccess(kubeconfig, { ...choice, context: chosen.context }, surroundings);
}

export interface ConnectionOptions {
  /** Goes out instead of all that the kubeconfig's user has. */
  readonly token?: BearerToken | undefined;
  /** Ends `connect…()`; calls have signals of their own. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for one request; none if unset. */
  readonly requestTimeoutMs?: number | undefined;
  /** Takes what the API server warns of. */
  readonly onWarning?: ((text: string) => void) | undefined;
  /** Which credential plugins may run; if unset, what kubectl's kuberc says, else all of them. */
  readonly execPolicy?: PolicyKind | undefined;
  /** Takes what a credential plugin says on its stderr, line by line, escaped. It cannot ask on the terminal. */
  readonly onPluginOutput?: ((text: string) => void) | undefined;
}

/**
 * Connects to the cluster of the kubeconfig, as its user, over verified TLS. The connection has to be closed.
 *
 * @throws As `loadClusterAccess()`; nothing is sent before the first call.
 */
export async function connectWithKubeconfig(
  choice: KubeconfigChoice = {},
  options: ConnectionOptions = {},
): Promise<Connection> {
  return connectTo(await loadClusterAccess(choice), options);
}

/**
 * Connects to the cluster of an access, as its user or, with `token`, with that alone. The connection has to be closed.
 *
 * @throws {UsageError} What decides where requests go, as whom, or what is trusted cannot be used as given.
 */
export function connectTo(access: ClusterAccess, options: ConnectionOptions = {}): Promise<Connection> {
  const { token, ...rest } = options;
  const surroundings = nodeSurroundings();
  const { env, now } = surroundings;
  const identity = token === undefined ? undefined : bearerIdentity(token);
  const plugins = pluginHost(surroundings, rest);
  return connect(access, { ...rest, identity, plugins, env, now, random: jitterOf(surroundings) });
}

/** A plugin of a library's user has nobody to ask, and as long as one of a program without a terminal. */
function pluginHost(
  { cwd, env, home, now, platform, random }: ReturnType<typeof nodeSurroundings>,
  { execPolicy, onPluginOutput, onWarning }: ConnectionOptions,
): PluginHost {
  return {
    env,
    shared: new Map(),
    platform,
    now,
    random,
    stdin: { unavailable: 'a library does not read it' },
    timeoutMs: 60_000,
    relay: (text) => onPluginOutput?.(text.replace(/\n$/u, '')),
    policy: async () => {
      const { loadPluginPolicy } = await import('./kubeconfig/kuberc.ts');
      return loadPluginPolicy({ env, home, cwd }, { flag: execPolicy, onWarning: (text) => onWarning?.(text) });
    },
  };
}

/**
 * The main job: a token of a ServiceAccount, made by a token Secret, compared with what was asked for and proven by a
 * direct call. What it made is removed again if it fails or is aborted.
 *
 * @throws {KubeSaTokenError} One for each way to fail: see its `reason`. Options that make no sense are a UsageError,
 *   before anything is sent.
 * @throws The reason of `signal`, as it is, once that has aborted.
 */
export async function bootstrap(connection: Connection, options: BootstrapOptions): Promise<Credential> {
  const { now, random } = nodeSurroundings();
  const { namespace } = connection.access;
  return bootstrapToken(connection, bootstrapInputOf(options, { namespace, now, random }));
}
