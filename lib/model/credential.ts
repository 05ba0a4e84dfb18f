import type { BearerToken } from './secret-text.ts';
import type { SecretRef, ServiceAccountRef } from './service-account.ts';

/** How it was seen that a token authenticates as its ServiceAccount; null where nobody looked. */
export type VerifiedBy = 'SelfSubjectReview' | 'SelfSubjectAccessReview' | 'Forbidden' | null;

/** A ServiceAccount token with all that one needs to use it: the document of `bootstrap-token -o json`. */
export interface Credential {
  readonly context: string | null;
  readonly cluster: CredentialCluster;
  readonly serviceAccount: ServiceAccountRef & { readonly uid: string };
  readonly method: 'secret';
  readonly secret: SecretRef & { readonly uid: string };
  /** `system:serviceaccount:<namespace>:<name>` */
  readonly subject: string;
  readonly audiences: readonly string[];
  /** RFC 3339; null for a legacy token, which says neither. */
  readonly issuedAt: string | null;
  readonly expiresAt: string | null;
  /** RFC 3339: when the owner wants it replaced. The token stays valid past that date. */
  readonly rotateAfter: string | null;
  readonly verified: boolean;
  readonly verifiedBy: VerifiedBy;
  /** From the answer to the create until the token was there. */
  readonly waitedMs: number;
  readonly token: BearerToken;
  /** Base64 of the PEM against which the proof was (or would be) verified; null for the system's roots. */
  readonly certificateAuthorityData: string | null;
}

export interface CredentialCluster {
  readonly name: string;
  readonly server: string;
  readonly tlsServerName: string | null;
  /** The proxy-url of the kubeconfig, without name and password; absent where it has none. */
  readonly proxyUrl?: string;
  readonly insecureSkipTlsVerify: boolean;
  /** Hex SHA-256 of the DER of the first certificate of the CA; null for the system's roots. */
  readonly certificateAuthoritySha256: string | null;
}
