import { resolve } from 'node:path';
import type { ClusterAccess, ClusterEndpoint, ExecClusterInfo } from '../model/cluster-access.ts';
import { UsageError } from '../model/errors.ts';
import { isNamespaceName, namespaceRule, requireNamespaceName } from '../model/names.ts';
import { SecretText } from '../model/secret-text.ts';
import { chooseContext, contextNotChosen } from './choose.ts';
import type { ClusterChoice } from './choose.ts';
import { withImpersonation } from './impersonation.ts';
import { nameNotFound, quote } from './not-found.ts';
import { noCluster, noContext, noUser } from './nothing.ts';
import { resolveUser } from './resolve-user.ts';
import { absolutePath } from './paths.ts';
import { readProxyUrl, showProxyUrl } from './proxy-url.ts';
import { readServer, type Server, showServer } from './server.ts';
import type { ClusterEntry, ContextEntry, Kubeconfig, UserEntry } from './types.ts';
import { danglingContext, unusableEntry } from './unusable.ts';
import { clusterProblems, userProblems } from './validate.ts';

export type { ClusterChoice };

/**
 * How the cluster that the flags choose is reached, and as whom. Other flags than those that choose replace one
 * piece, as in kubectl (client-go: client_config.go, getCluster): `--server` also drops the `tls-server-name`,
 * `--certificate-authority` and `--insecure-skip-tls-verify` replace all that the kubeconfig says of trust. Only what
 * is used is checked: the other entries may be broken. Nothing is read from disk.
 *
 * @param cwd Directory that relative paths of the flags start from.
 * @throws {NotFoundError} A name from a flag that the kubeconfig does not have.
 * @throws {UsageError} An entry that client-go refuses, or several contexts to choose from.
 */
export function resolveClusterAccess(
  kubeconfig: Kubeconfig,
  choice: ClusterChoice,
  { cwd }: { cwd?: string | undefined } = {},
): ClusterAccess {
  const chosen = chooseContext(kubeconfig, choice);
  if ('candidates' in chosen) throw contextNotChosen(chosen);
  const { context } = chosen;
  const entry = (context === null ? kubeconfig.inCluster : kubeconfig.contexts.get(context)) ?? noContext;
  const origin: Origin = { context, entry };
  const absolute = withAbsolutePaths(choice, cwd);
  const named = clusterOf(kubeconfig, absolute, origin);
  const cluster = resolveCluster(named, choice);
  const target = { isTls: cluster.server.startsWith('https:'), clusterInfo: () => execClusterInfo(named.cluster) };
  const user = userOf(kubeconfig, choice, origin, target);
  const namespace = resolveNamespace(choice.namespace, origin);
  return { context, cluster, user, namespace, clusterFlags: clusterFlags(absolute) };
}

/** Without those that say as whom, and without the one that verifies nothing. */
function clusterFlags(choice: ClusterChoice): ClusterAccess['clusterFlags'] {
  const flags: [name: string, value: string | undefined][] = [
    ['--kubeconfig', choice.kubeconfig],
    ['--cluster', choice.cluster],
    ['--server', choice.server],
    ['--tls-server-name', choice.tlsServerName],
    ['--certificate-authority', choice.certificateAuthority],
  ];
  return flags.flatMap(([name, value]) => (value ? [[name, value] as const] : []));
}

interface Origin {
  readonly context: string | null;
  readonly entry: ContextEntry;
}

/** What a user needs to know of the cluster. */
interface Target {
  readonly isTls: boolean;
  readonly clusterInfo: () => ExecClusterInfo;
}

interface NamedCluster {
  readonly name: string;
  /** The entry with what the flags replace of it. */
  readonly cluster: ClusterEntry;
}

function clusterOf({ clusters }: Kubeconfig, choice: ClusterChoice, { context, entry }: Origin): NamedCluster {
  if (choice.cluster && !clusters.has(choice.cluster)) throw nameNotFound('cluster', choice.cluster, clusters.keys());
  const name = choice.cluster || entry.cluster;
  const found = clusters.get(name);
  if (found === undefined && !choice.server) throw danglingContext(context, entry.file, 'cluster', name);
  return { name, cluster: withFlags(found ?? noCluster, choice) };
}

function resolveCluster({ name, cluster }: NamedCluster, choice: ClusterChoice): ClusterEndpoint {
  const server = readServer(cluster.server);
  refuseFlags(choice, server);
  const isTls = !('url' in server) || server.url.startsWith('https:');
  const problems = clusterProblems(cluster, isTls);
  if ('problem' in server) throw unusableEntry('cluster', name, cluster.file, [server.problem, ...problems]);
  if (problems.length > 0) throw unusableEntry('cluster', name, cluster.file, problems);
  return {
    name: name || new URL(server.url).host,
    server: server.url,
    tlsServerName: cluster.tlsServerName || undefined,
    insecureSkipTlsVerify: isTls && cluster.insecureSkipTlsVerify,
    certificateAuthority: pemOf(cluster),
    ...proxyOf(cluster.proxyUrl),
  };
}

/** What is wrong with a flag is not blamed on the kubeconfig. */
function refuseFlags({ certificateAuthority, insecureSkipTlsVerify, server: flag }: ClusterChoice, server: Server) {
  if (flag && 'problem' in server) {
    const why = server.problem.replace(/^its server/u, 'it');
    throw new UsageError(`Cannot use --server ${quote(showServer(flag))}: ${why}`, { reason: 'InvalidValue' });
  }
  const isTls = 'url' in server && server.url.startsWith('https:');
  if (isTls && certificateAuthority && insecureSkipTlsVerify === true) {
    throw new UsageError('Cannot use --certificate-authority together with --insecure-skip-tls-verify', {
      reason: 'FlagsClash',
    });
  }
}

function withAbsolutePaths(choice: ClusterChoice, cwd: string | undefined): ClusterChoice {
  const absolute = (path: string | undefined) => (path && cwd !== undefined ? resolve(cwd, path) : path);
  const { certificateAuthority, kubeconfig } = choice;
  return { ...choice, certificateAuthority: absolute(certificateAuthority), kubeconfig: absolute(kubeconfig) };
}

function withFlags(cluster: ClusterEntry, choice: ClusterChoice): ClusterEntry {
  const { server, tlsServerName, certificateAuthority = '', insecureSkipTlsVerify = false } = choice;
  const trust = { insecureSkipTlsVerify, certificateAuthority, certificateAuthorityData: '' };
  return {
    ...cluster,
    server: server || cluster.server,
    tlsServerName: tlsServerName || server ? (tlsServerName ?? '') : cluster.tlsServerName,
    ...(insecureSkipTlsVerify || certificateAuthority !== '' ? trust : {}),
  };
}

function pemOf(cluster: ClusterEntry): ClusterEndpoint['certificateAuthority'] {
  const { certificateAuthority, certificateAuthorityData, file } = cluster;
  if (certificateAuthorityData !== '') return { data: Buffer.from(certificateAuthorityData, 'base64').toString() };
  if (certificateAuthority !== '') return { file: absolutePath(certificateAuthority, file) };
  return undefined;
}

/** What client-go tells a plugin of the cluster (rest: exec.go, ConfigToExecCluster; clientcmd: client_config.go). */
function execClusterInfo(cluster: ClusterEntry): ExecClusterInfo {
  const { disableCompression, extensions, insecureSkipTlsVerify, proxyUrl, server, tlsServerName } = cluster;
  return {
    server: /^[a-z][a-z0-9+.-]*:\/\/[^/?#]+\/[^?#]*/iu.exec(server)?.[0] ?? server, // query and fragment end a path
    tlsServerName,
    insecureSkipTlsVerify,
    certificateAuthority: pemOf(cluster),
    proxyUrl: proxyUrl === '' ? undefined : new SecretText(proxyUrl, 'proxy URL'),
    disableCompression,
    config: extensions.get('client.authentication.k8s.io/exec') ?? null,
  };
}

function proxyOf(text: string): Pick<ClusterEndpoint, 'proxyUrl' | 'proxyCredentials'> {
  const url = text === '' ? undefined : readProxyUrl(text);
  return url === undefined ? {} : { proxyUrl: showProxyUrl(url), proxyCredentials: url.credentials };
}

function userOf(
  { users }: Kubeconfig,
  choice: ClusterChoice,
  { context, entry }: Origin,
  target: Target,
): ClusterAccess['user'] {
  if (choice.withoutUser === true) return usable('', withImpersonation(noUser, choice), target);
  if (choice.user && !users.has(choice.user)) throw nameNotFound('user', choice.user, users.keys());
  const name = choice.user || entry.user;
  const user = users.get(name);
  // kubectl would go on as anonymous, or ask for a password.
  if (user === undefined && name !== '') throw danglingContext(context, entry.file, 'user', name);
  return usable(name, withImpersonation(user ?? noUser, choice), target);
}

function usable(name: string, user: UserEntry, { isTls, clusterInfo }: Target): ClusterAccess['user'] {
  const problems = userProblems(user, isTls);
  if (problems.length > 0) throw unusableEntry('user', name, user.file, problems);
  return resolveUser(name, user, clusterInfo);
}

function resolveNamespace(flag: string | undefined, { context, entry }: Origin): string {
  // kubectl takes `-n ns/dev`, too.
  const given = flag?.replace(/^(?:namespaces|namespace|ns)\/(?=.)/iu, '') ?? '';
  const namespace = given || entry.namespace || 'default';
  if (given !== '') requireNamespaceName(namespace);
  if (isNamespaceName(namespace)) return namespace;
  throw unusableEntry('context', context ?? '', entry.file, [
    `its namespace ${quote(namespace)} is not valid: ${namespaceRule}`,
  ]);
}
