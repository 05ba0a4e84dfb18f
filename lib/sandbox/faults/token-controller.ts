import type { Fault } from './fault.ts';

/** kube-controller-manager without --service-account-private-key-file: it runs all controllers but this one. */
export const controllerOff: Fault = { tokenController: 'off' };

export const slowController: Fault = { tokenController: { delayMs: 2000 } };

/** kube-controller-manager that knows no CA: neither --root-ca-file, nor one in its own kubeconfig. */
export const noCa: Fault = { tokenController: { cluster: (cluster) => ({ ...cluster, caPem: '' }) } };
