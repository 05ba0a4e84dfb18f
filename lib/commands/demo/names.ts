import { newRunId } from '../../model/ownership.ts';
import type { SecretRef, ServiceAccountRef } from '../../model/service-account.ts';
import type { Runtime } from '../../system/runtime.ts';
import { newSecretName } from '../../token/secret.ts';

/** What one tour makes, named before the first write. */
export interface TourNames {
  readonly namespace: string;
  readonly account: ServiceAccountRef;
  readonly secret: SecretRef;
  readonly run: string;
}

export function newTourNames({ random }: Pick<Runtime, 'random'>): TourNames {
  const namespace = newSecretName('demo', random);
  return {
    namespace,
    account: { namespace, name: 'ci-bot' },
    secret: { namespace, name: newSecretName('ci-bot-token', random) },
    run: newRunId(random),
  };
}
