import type { ClientCertificate } from '../transport/tls.ts';

/** Names in lower case; several values are sent as several lines. */
export type IdentityHeaders = Readonly<Record<string, string | string[]>>;

/** Who requests go out as. */
export interface Identity {
  /** `user "jane"`, `ServiceAccount "ci/ci-bot"`, `anonymous` */
  readonly description: string;
  /** The description of whoever authenticates, where the calls go out as somebody else. */
  readonly impersonatedBy?: string | undefined;
  /** Asked for each request, so that a token that is replaced on disk is seen. */
  headers(signal?: AbortSignal): Promise<IdentityHeaders>;
  /** Asked for each request: another one than before means new connections. */
  clientCertificate(signal?: AbortSignal): Promise<ClientCertificate | undefined>;
  /**
   * Gets another credential after a 401; absent where there can be no other. Answers whether there is now one that was
   * not refused yet.
   *
   * @param refused Headers that the refused request had.
   */
  refresh?(refused: IdentityHeaders, signal?: AbortSignal): Promise<boolean>;
}

/** Requests without a credential. */
export const anonymousIdentity: Identity = {
  description: 'anonymous',
  headers: () => Promise.resolve({}),
  clientCertificate: () => Promise.resolve(undefined),
};
