import { base64Of, booleanOf, child, entriesAt, listAt, mappingAt, stringAt, stringOf } from './fields.ts';
import type { Mapping, Place } from './fields.ts';
import type { ClusterEntry, ContextEntry, ExecEntry, Extensions, Kubeconfig, UserEntry } from './types.ts';

/**
 * The Kubeconfig that a document holds, as client-go decodes it (client-go: tools/clientcmd/api/v1): unknown fields
 * are ignored, a value of the wrong kind or a name that occurs twice is an error for the whole file.
 *
 * @param refuse Gets the place and the problem: `users[3].user.token is a number, …`.
 */
export function decodeKubeconfig(document: unknown, file: string, refuse: (problem: string) => never): Kubeconfig {
  const root = mappingAt({ value: document, path: () => '', refuse });
  checkKind(root);
  const preferences = mappingAt(child(root, 'preferences'));
  return {
    files: [file],
    currentContext: stringOf(root, 'current-context'),
    clusters: named(root, 'clusters', 'cluster', (cluster) => decodeCluster(cluster, file)),
    users: named(root, 'users', 'user', (user) => decodeUser(user, file)),
    contexts: named(root, 'contexts', 'context', (context) => decodeContext(context, file)),
    colors: booleanOf(preferences, 'colors'),
    preferencesExtensions: extensions(preferences),
    extensions: extensions(root),
  };
}

/** `apiVersion` and `kind` may be missing, and are found in any case of their letters (encoding/json). */
function checkKind(root: Mapping): void {
  const wanted = { apiversion: ['', '/', 'v1', '/v1'], kind: ['', 'Config'] };
  for (const [lowerCase, accepted] of Object.entries(wanted)) {
    const keys = Object.keys(root.value).filter((key) => key.toLowerCase() === lowerCase);
    const given = keys.toSorted().map((key) => stringOf(root, key));
    if (!accepted.includes(given.at(-1) ?? '')) root.refuse(`${keys[0]} is not that of a kubeconfig (v1, Config)`);
  }
}

function named<T>(root: Mapping, field: string, content: string, decode: (entry: Mapping) => T): Map<string, T> {
  const places = new Map<string, number>();
  const entries = listAt(child(root, field), (item): [string, T] => {
    const entry = mappingAt(item);
    const name = stringOf(entry, 'name');
    const earlier = places.get(name);
    if (earlier !== undefined) root.refuse(`${item.path()} has the same name as ${field}[${earlier}]`);
    places.set(name, places.size);
    return [name, decode(mappingAt(child(entry, content)))];
  });
  return new Map(entries);
}

function decodeCluster(cluster: Mapping, file: string): ClusterEntry {
  return {
    file,
    server: stringOf(cluster, 'server'),
    tlsServerName: stringOf(cluster, 'tls-server-name'),
    insecureSkipTlsVerify: booleanOf(cluster, 'insecure-skip-tls-verify'),
    certificateAuthority: stringOf(cluster, 'certificate-authority'),
    certificateAuthorityData: base64Of(cluster, 'certificate-authority-data'),
    proxyUrl: stringOf(cluster, 'proxy-url'),
    disableCompression: booleanOf(cluster, 'disable-compression'),
    extensions: extensions(cluster),
  };
}

function decodeUser(user: Mapping, file: string): UserEntry {
  const authProvider = child(user, 'auth-provider');
  const exec = child(user, 'exec');
  return {
    file,
    clientCertificate: stringOf(user, 'client-certificate'),
    clientCertificateData: base64Of(user, 'client-certificate-data'),
    clientKey: stringOf(user, 'client-key'),
    clientKeyData: base64Of(user, 'client-key-data'),
    token: stringOf(user, 'token'),
    tokenFile: stringOf(user, 'tokenFile'),
    as: stringOf(user, 'as'),
    asUid: stringOf(user, 'as-uid'),
    asGroups: listAt(child(user, 'as-groups'), stringAt) ?? [],
    asUserExtra: entriesAt(child(user, 'as-user-extra'), (values) => listAt(values, stringAt)) ?? new Map(),
    username: stringOf(user, 'username'),
    password: stringOf(user, 'password'),
    authProvider: isAbsent(authProvider) ? undefined : decodeAuthProvider(mappingAt(authProvider)),
    exec: isAbsent(exec) ? undefined : decodeExec(mappingAt(exec)),
    extensions: extensions(user),
  };
}

function decodeAuthProvider(provider: Mapping): UserEntry['authProvider'] {
  return { name: stringOf(provider, 'name'), config: entriesAt(child(provider, 'config'), stringAt) };
}

function decodeExec(exec: Mapping): ExecEntry {
  const apiVersion = stringOf(exec, 'apiVersion');
  const isBeta = /^client\.authentication\.k8s\.io\/v1(?:alpha1|beta1)$/u.test(apiVersion);
  return {
    command: stringOf(exec, 'command'),
    args: listAt(child(exec, 'args'), stringAt),
    env: listAt(child(exec, 'env'), (item) => {
      const variable = mappingAt(item);
      return { name: stringOf(variable, 'name'), value: stringOf(variable, 'value') };
    }),
    apiVersion,
    installHint: stringOf(exec, 'installHint'),
    provideClusterInfo: booleanOf(exec, 'provideClusterInfo'),
    interactiveMode: stringOf(exec, 'interactiveMode') || (isBeta ? 'IfAvailable' : ''),
  };
}

function decodeContext(context: Mapping, file: string): ContextEntry {
  return {
    file,
    cluster: stringOf(context, 'cluster'),
    user: stringOf(context, 'user'),
    namespace: stringOf(context, 'namespace'),
    extensions: extensions(context),
  };
}

function extensions(owner: Mapping): Extensions {
  const list = child(owner, 'extensions');
  const found = new Map<string, unknown>();
  listAt(list, (item) => {
    const extension = mappingAt(item);
    const name = stringOf(extension, 'name');
    if ((found.get(name) ?? null) !== null) owner.refuse(`${list.path()} has two entries of one name`);
    found.set(name, extension.value['extension'] ?? null);
  });
  return found;
}

function isAbsent({ value }: Place): boolean {
  return value === undefined || value === null;
}
