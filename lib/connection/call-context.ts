import type { Trust } from '../transport/trust.ts';

/** What messages about a failed call name besides the failure. */
export interface CallContext {
  /** Completes "Cannot …". */
  readonly doing: string;
  /** URL, as it may be shown. */
  readonly server: string;
  /** `http://proxy.test:3128 (HTTPS_PROXY)`; undefined for the direct way. */
  readonly proxy: string | undefined;
  /** Name and password went out to the proxy. */
  readonly proxyLogin?: boolean | undefined;
  /** Of the kubeconfig; null where flags alone named the cluster. Escaped. */
  readonly context: string | null;
  /** Name of the cluster in the kubeconfig. Escaped. */
  readonly cluster: string;
  readonly trust: Trust['source'];
  /** `user "jane"`, `anonymous` */
  readonly identity: string;
  /** Whose credential went out, where `identity` is impersonated. */
  readonly impersonatedBy?: string | undefined;
}

/** `Cannot create a Secret in namespace "ci" of context "dev"`: for what the API server says. */
export function describeTask({ context, doing }: CallContext): string {
  return `Cannot ${doing}${context === null ? '' : ` of context "${context}"`}`;
}

/** `Cannot create a Secret in namespace "ci": https://10.0.0.1:6443 of context "dev"`: for what becomes of the call. */
export function describeCall({ cluster, context, doing, proxy, server }: CallContext): string {
  const through = proxy === undefined ? '' : ` through proxy ${proxy}`;
  return `Cannot ${doing}: ${server} of ${context === null ? `cluster "${cluster}"` : `context "${context}"`}${through}`;
}
