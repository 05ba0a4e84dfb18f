import type { ClientCertificate } from '../transport/tls.ts';

/** Who requests go out as. */
export interface Identity {
  /** `user "jane"`, `ServiceAccount "ci/ci-bot"`, `anonymous` */
  readonly description: string;
  /** Asked for each request, so that a token that is replaced on disk is seen. */
  headers(): Promise<Readonly<Record<string, string>>>;
  /** Asked once for each connection. */
  clientCertificate(): Promise<ClientCertificate | undefined>;
}

/** Requests without a credential. */
export const anonymousIdentity: Identity = {
  description: 'anonymous',
  headers: () => Promise.resolve({}),
  clientCertificate: () => Promise.resolve(undefined),
};
