import type { BearerToken, SecretText } from './secret-text.ts';

/**
 * How one cluster is reached as one user: what a kubeconfig says, resolved for one context. Nothing here was read
 * over the network and no plugin was run. Paths are absolute.
 */
export interface ClusterAccess {
  /** Name of the kubeconfig context; null where the cluster was given by flags alone, or by a pod. */
  readonly context: string | null;
  readonly cluster: ClusterEndpoint;
  readonly user: KubeconfigUser;
  /** Decided once: flag, else the context's, else `default`. */
  readonly namespace: string;
  /** The flags beside the context that made it this cluster, as kubectl takes them: pairs of a name and an absolute value. */
  readonly clusterFlags?: readonly (readonly [name: string, value: string])[] | undefined;
}

/** The `cluster` of a kubeconfig. */
export interface ClusterEndpoint {
  readonly name: string;
  /** As client-go would use it: absolute http(s) URL; a path is kept, query, fragment and trailing slashes are not. */
  readonly server: string;
  readonly tlsServerName?: string | undefined;
  readonly insecureSkipTlsVerify: boolean;
  /** PEM; absent where the kubeconfig names no CA. */
  readonly certificateAuthority?: PemSource | undefined;
  /** http, https or socks5; without the user name and password that may stand in it in the kubeconfig. */
  readonly proxyUrl?: string | undefined;
  readonly proxyCredentials?: { readonly username: string; readonly password: SecretText } | undefined;
}

/** PEM text given inline, or a file that holds it (absolute path, read when it is used). */
export type PemSource = { readonly data: string } | { readonly file: string };

/** A private key: as PemSource, but its text is a secret. */
export type PemKeySource = { readonly data: SecretText } | { readonly file: string };

/** The `user` of a kubeconfig. All its fields are read here; which of them can be acted on, auth/ decides. */
export interface KubeconfigUser {
  /** Empty where the context names no user: calls go out without a credential. */
  readonly name: string;
  readonly clientCertificate?: PemSource | undefined;
  readonly clientKey?: PemKeySource | undefined;
  readonly token?: BearerToken | undefined;
  /** Absolute path; wins over `token` (client-go: transport/token_source.go). */
  readonly tokenFile?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: SecretText | undefined;
  readonly impersonate?: Impersonation | undefined;
  readonly exec?: ExecPlugin | undefined;
  readonly authProvider?: AuthProvider | undefined;
}

export interface Impersonation {
  readonly user: string;
  readonly uid?: string | undefined;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** The `auth-provider` of a kubeconfig user. */
export interface AuthProvider {
  /** `oidc` for one. */
  readonly name: string;
  readonly config: Readonly<Record<string, SecretText>>;
  /** Path of the kubeconfig that defines it: new tokens are kept there. */
  readonly file: string;
}

/** The `exec` of a kubeconfig user: a client-go credential plugin. Its arguments and environment may hold secrets. */
export interface ExecPlugin {
  /** Absolute, or a bare name that is looked for in PATH. */
  readonly command: string;
  readonly args: readonly SecretText[];
  readonly env: readonly { readonly name: string; readonly value: SecretText }[];
  readonly apiVersion: string;
  readonly interactiveMode: 'Never' | 'IfAvailable' | 'Always';
  /** Empty if there is none. */
  readonly installHint: string;
  /** What the plugin is told about the cluster; undefined unless it asks for that (`provideClusterInfo`). */
  readonly clusterInfo?: ExecClusterInfo | undefined;
}

/** As the kubeconfig and the flags have it, and client-go passes it on. */
export interface ExecClusterInfo {
  readonly server: string;
  /** Empty if there is none. */
  readonly tlsServerName: string;
  readonly insecureSkipTlsVerify: boolean;
  readonly certificateAuthority?: PemSource | undefined;
  /** Whole, with the credentials that may stand in it. */
  readonly proxyUrl?: SecretText | undefined;
  readonly disableCompression: boolean;
  /** The cluster's extension `client.authentication.k8s.io/exec`, any JSON; null if there is none. */
  readonly config: unknown;
}
