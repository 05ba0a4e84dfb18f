import type { TokenCache } from './authentication/token-cache.ts';
import type { ImpersonationMode } from './authorization/wanted-user.ts';
import type { SigningKey } from './authentication/signing-key.ts';
import type { Store } from './store/store.ts';

/** All that the parts of one sandbox share. */
export interface Cluster {
  readonly store: Store;
  readonly signingKey: SigningKey;
  /** `iss` of bound tokens, and their audience where none is asked for. */
  readonly issuer: string;
  readonly caPem: string;
  readonly tokenCache: TokenCache;
  /** By the name of who asked, in which way he was last allowed to be taken for somebody else. */
  readonly lastImpersonations: Map<string, ImpersonationMode>;
  /** Seconds to which a TokenRequest is shortened. */
  readonly maxTokenExpirationSeconds: number | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly random: (size: number) => Uint8Array;
}
