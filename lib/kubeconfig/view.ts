import { sortedNames } from './not-found.ts';
import type { ClusterEntry, ContextEntry, ExecEntry, Extensions, Kubeconfig, UserEntry } from './types.ts';

/**
 * A value as Go would marshal it. An object has the fields of a struct, in their order; a Map is a Go map: its keys,
 * somebody's own, are sorted.
 */
export type ViewValue = string | number | bigint | boolean | null | readonly ViewValue[] | ViewMap | ViewObject;

type ViewMap = ReadonlyMap<string, ViewValue>;
type ViewObject = Readonly<{ [field: string]: ViewValue | undefined }>;

/** The fields of a value that has some. */
export function fieldsOf(value: object): (readonly [string, ViewValue])[] {
  if (value instanceof Map) return [...(value as ViewMap)];
  return Object.entries(value as ViewObject).filter(isSet);
}

function isSet(field: readonly [string, ViewValue | undefined]): field is [string, ViewValue] {
  return field[1] !== undefined;
}

/**
 * The document that `kubectl config view --raw` shows of a kubeconfig: fields and order of client-go's types
 * (tools/clientcmd/api/v1, kubectl 1.37), entries sorted by name, what is empty left out; paths as they are written.
 * It has the secrets, too, if `redactKubeconfig()` has not been there before.
 */
export function viewKubeconfig(kubeconfig: Kubeconfig): ViewValue {
  const preferences = present({
    colors: kubeconfig.colors,
    extensions: viewExtensions(kubeconfig.preferencesExtensions),
  });
  return {
    kind: 'Config',
    apiVersion: 'v1',
    ...(Object.keys(preferences).length === 0 ? {} : { preferences }),
    clusters: namedEntries(kubeconfig.clusters, 'cluster', viewCluster),
    users: namedEntries(kubeconfig.users, 'user', viewUser),
    contexts: namedEntries(kubeconfig.contexts, 'context', viewContext),
    'current-context': kubeconfig.currentContext,
    ...present({ extensions: viewExtensions(kubeconfig.extensions) }),
  };
}

function viewCluster(cluster: ClusterEntry): ViewValue {
  return {
    server: cluster.server,
    ...present({
      'tls-server-name': cluster.tlsServerName,
      'insecure-skip-tls-verify': cluster.insecureSkipTlsVerify,
      'certificate-authority': cluster.certificateAuthority,
      'certificate-authority-data': onOneLine(cluster.certificateAuthorityData),
      'proxy-url': cluster.proxyUrl,
      'disable-compression': cluster.disableCompression,
      extensions: viewExtensions(cluster.extensions),
    }),
  };
}

function viewUser(user: UserEntry): ViewValue {
  return present({
    'client-certificate': user.clientCertificate,
    'client-certificate-data': onOneLine(user.clientCertificateData),
    'client-key': user.clientKey,
    'client-key-data': onOneLine(user.clientKeyData),
    token: user.token,
    tokenFile: user.tokenFile,
    as: user.as,
    'as-uid': user.asUid,
    'as-groups': user.asGroups,
    'as-user-extra': user.asUserExtra.size === 0 ? undefined : sortedMap(user.asUserExtra),
    username: user.username,
    password: user.password,
    'auth-provider': user.authProvider && {
      name: user.authProvider.name,
      config: user.authProvider.config && sortedMap(user.authProvider.config),
    },
    exec: user.exec && viewExec(user.exec),
    extensions: viewExtensions(user.extensions),
  });
}

function viewExec(exec: ExecEntry): ViewValue {
  return {
    command: exec.command,
    args: exec.args,
    env: exec.env?.map(({ name, value }) => ({ name, value })) ?? null,
    ...present({ apiVersion: exec.apiVersion, installHint: exec.installHint }),
    provideClusterInfo: exec.provideClusterInfo,
    ...present({ interactiveMode: exec.interactiveMode }),
  };
}

function viewContext({ cluster, user, namespace, extensions }: ContextEntry): ViewValue {
  return { cluster, user, ...present({ namespace, extensions: viewExtensions(extensions) }) };
}

function viewExtensions(extensions: Extensions): ViewValue | undefined {
  return namedEntries(extensions, 'extension', viewJson) ?? undefined;
}

/** Null where there is none, as Go shows a list that was never made. */
function namedEntries<T>(entries: ReadonlyMap<string, T>, field: string, view: (entry: T) => ViewValue): ViewValue {
  if (entries.size === 0) return null;
  return [...sortedMap(entries)].map(([name, entry]) => ({ name, [field]: view(entry) }));
}

/** A value of somebody's own, from YAML or JSON. */
function viewJson(value: unknown): ViewValue {
  if (Array.isArray(value)) return value.map(viewJson);
  if (typeof value !== 'object' || value === null) return value as ViewValue;
  return sortedMap(new Map(Object.entries(value).map(([key, entry]) => [key, viewJson(entry)])));
}

function sortedMap<T>(map: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  return new Map(sortedNames(map.keys()).map((key) => [key, map.get(key) as T]));
}

/** Base64 as Go encodes it again: a file may have line breaks in it, and bits that mean nothing at its end. */
function onOneLine(base64: string): string {
  return base64 === '' ? '' : Buffer.from(base64, 'base64').toString('base64');
}

/** Without what Go leaves out as empty. */
function present(fields: Readonly<Record<string, ViewValue | undefined>>): Record<string, ViewValue | undefined> {
  const isEmpty = (value: ViewValue | undefined) =>
    value === undefined || value === '' || value === false || (Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value)));
}
