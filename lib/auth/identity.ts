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
  headers(): Promise<IdentityHeaders>;
  /** Asked once for each connection. */
  clientCertificate(): Promise<ClientCertificate | undefined>;
}

/** Requests without a credential. */
export const anonymousIdentity: Identity = {
  description: 'anonymous',
  headers: () => Promise.resolve({}),
  clientCertificate: () => Promise.resolve(undefined),
};
