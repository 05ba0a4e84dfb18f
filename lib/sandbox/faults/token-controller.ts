import { restoreSigningKey } from '../authentication/signing-key.ts';
import { keyPair } from '../certificates/key-pair.ts';
import type { Fault } from './fault.ts';

/** kube-controller-manager without --service-account-private-key-file: it runs all controllers but this one. */
export const controllerOff: Fault = { tokenController: 'off' };

export const slowController: Fault = { tokenController: { delayMs: 2000 } };

/** kube-controller-manager that knows no CA: neither --root-ca-file, nor one in its own kubeconfig. */
export const noCa: Fault = { tokenController: { cluster: (cluster) => ({ ...cluster, caPem: '' }) } };

export const bogusToken: Fault = {
  tokenController: {
    cluster: (cluster) => ({ ...cluster, signingKey: { ...cluster.signingKey, sign: () => 'bogus' } }),
  },
};

/** kube-apiserver has another --service-account-key-file than what belongs to the controller's private key. */
export const foreignToken: Fault = {
  tokenController: {
    cluster: (cluster) => ({
      ...cluster,
      signingKey: restoreSigningKey({ algorithm: 'ES256', keyPem: keyPair().keyPem }),
    }),
  },
};
