/**
 * What kubeconfig files say, merged or of one file. As in client-go, what is absent is empty: '', false, an empty
 * list or map. Passwords, tokens and keys are plain strings here, so a Kubeconfig is never shown: `resolve.ts`,
 * `list.ts` and `redact.ts` say what may be; `view-config --raw` alone shows it whole.
 */
export interface Kubeconfig {
  /** Absolute paths of the files, in their order of precedence. */
  readonly files: readonly string[];
  readonly currentContext: string;
  readonly clusters: ReadonlyMap<string, ClusterEntry>;
  readonly users: ReadonlyMap<string, UserEntry>;
  readonly contexts: ReadonlyMap<string, ContextEntry>;
  /** The context, which has no name, where a pod is the source instead of files. */
  readonly inCluster?: ContextEntry | undefined;
  /** `preferences.colors`; nothing reads it, but `kubectl config view` shows it. */
  readonly colors: boolean;
  readonly preferencesExtensions: Extensions;
  readonly extensions: Extensions;
}

/** Values of others, by name; any JSON. */
export type Extensions = ReadonlyMap<string, unknown>;

interface Entry {
  /** Absolute path of the file that defines it: relative paths in it start from that file's directory. */
  readonly file: string;
  readonly extensions: Extensions;
}

export interface ClusterEntry extends Entry {
  readonly server: string;
  readonly tlsServerName: string;
  readonly insecureSkipTlsVerify: boolean;
  /** A path as written, relative or absolute. So are all paths of entries. */
  readonly certificateAuthority: string;
  /** Base64 as written, known to be valid. So are all `…Data` fields. */
  readonly certificateAuthorityData: string;
  readonly proxyUrl: string;
  readonly disableCompression: boolean;
}

export interface UserEntry extends Entry {
  readonly clientCertificate: string;
  readonly clientCertificateData: string;
  readonly clientKey: string;
  readonly clientKeyData: string;
  readonly token: string;
  readonly tokenFile: string;
  readonly as: string;
  readonly asUid: string;
  readonly asGroups: readonly string[];
  readonly asUserExtra: ReadonlyMap<string, readonly string[] | null>;
  readonly username: string;
  readonly password: string;
  readonly authProvider: AuthProviderEntry | undefined;
  readonly exec: ExecEntry | undefined;
}

export interface AuthProviderEntry {
  readonly name: string;
  readonly config: ReadonlyMap<string, string> | null;
}

export interface ExecEntry {
  readonly command: string;
  readonly args: readonly string[] | null;
  readonly env: readonly { readonly name: string; readonly value: string }[] | null;
  readonly apiVersion: string;
  readonly installHint: string;
  readonly provideClusterInfo: boolean;
  /** `Never`, `IfAvailable` or `Always` in a valid one; what v1beta1 leaves open is filled in. */
  readonly interactiveMode: string;
}

export interface ContextEntry extends Entry {
  readonly cluster: string;
  readonly user: string;
  readonly namespace: string;
}
