import type { ExecEntry, Extensions, Kubeconfig, UserEntry } from '../../lib/kubeconfig/types.ts';

/** The JSON that `kubectl config view --raw` shows of a kubeconfig: paths as they are written. */
export function viewOf(kubeconfig: Kubeconfig): Record<string, unknown> {
  const preferences = present({
    colors: kubeconfig.colors,
    extensions: extensionsOf(kubeconfig.preferencesExtensions),
  });
  return present(
    {
      kind: 'Config',
      apiVersion: 'v1',
      preferences: Object.keys(preferences).length === 0 ? undefined : preferences,
      clusters: named(kubeconfig.clusters, 'cluster', (cluster) => ({
        server: cluster.server,
        ...present({
          'tls-server-name': cluster.tlsServerName,
          'insecure-skip-tls-verify': cluster.insecureSkipTlsVerify,
          'certificate-authority': cluster.certificateAuthority,
          'certificate-authority-data': canonical(cluster.certificateAuthorityData),
          'proxy-url': cluster.proxyUrl,
          'disable-compression': cluster.disableCompression,
          extensions: extensionsOf(cluster.extensions),
        }),
      })),
      users: named(kubeconfig.users, 'user', userOf),
      contexts: named(kubeconfig.contexts, 'context', (context) => ({
        cluster: context.cluster,
        user: context.user,
        ...present({ namespace: context.namespace, extensions: extensionsOf(context.extensions) }),
      })),
      'current-context': kubeconfig.currentContext,
      extensions: extensionsOf(kubeconfig.extensions),
    },
    ['clusters', 'users', 'contexts', 'current-context'],
  );
}

function userOf(user: UserEntry): Record<string, unknown> {
  return present({
    'client-certificate': user.clientCertificate,
    'client-certificate-data': canonical(user.clientCertificateData),
    'client-key': user.clientKey,
    'client-key-data': canonical(user.clientKeyData),
    token: user.token,
    tokenFile: user.tokenFile,
    as: user.as,
    'as-uid': user.asUid,
    'as-groups': user.asGroups,
    'as-user-extra': user.asUserExtra.size === 0 ? undefined : Object.fromEntries(user.asUserExtra),
    username: user.username,
    password: user.password,
    'auth-provider': user.authProvider && {
      name: user.authProvider.name,
      config: user.authProvider.config && Object.fromEntries(user.authProvider.config),
    },
    exec: user.exec && execOf(user.exec),
    extensions: extensionsOf(user.extensions),
  });
}

function execOf({ command, args, env, provideClusterInfo, ...rest }: ExecEntry): Record<string, unknown> {
  return { command, args, env, provideClusterInfo, ...present(rest) };
}

function extensionsOf(extensions: Extensions): unknown[] | undefined {
  return extensions.size === 0 ? undefined : (named(extensions, 'extension', (extension) => extension) ?? undefined);
}

function named<T>(entries: ReadonlyMap<string, T>, field: string, show: (entry: T) => unknown): unknown[] | null {
  const shown = [...entries].map(([name, entry]) => ({ name, [field]: show(entry) }));
  return shown.length === 0 ? null : shown.toSorted((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
}

function canonical(base64: string): string {
  return Buffer.from(base64, 'base64').toString('base64');
}

/** Without what Go leaves out as empty. */
function present(fields: Readonly<Record<string, unknown>>, always: readonly string[] = []): Record<string, unknown> {
  const isEmpty = (value: unknown) =>
    value === undefined || value === '' || value === false || (Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(fields).filter(([name, value]) => always.includes(name) || !isEmpty(value)));
}
