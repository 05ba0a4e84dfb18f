import type { Fault } from './fault.ts';

/** The least that kube-apiserver takes as its --service-account-max-token-expiration. */
export const clampedExpiry: Fault = { cluster: (cluster) => ({ ...cluster, maxTokenExpirationSeconds: 3600 }) };
