import type { V1Secret } from '@kubernetes/client-node';
import {
  ownedMetadata,
  purposeAnnotation,
  rotateAfterAnnotation,
  serviceAccountNameAnnotation,
  stateLabel,
  tokenSecretType,
} from '../model/ownership.ts';
import type { ServiceAccountRef } from '../model/service-account.ts';

/** What the owner wants remembered about a token; kept as annotations of its Secret. */
export interface TokenIntent {
  readonly purpose?: string | undefined;
  /** RFC 3339 */
  readonly rotateAfter?: string | undefined;
}

// Kubernetes' own for generated names (apimachinery: util/rand): no vowels, no look-alikes.
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
const suffixLength = 10;
const longestName = 253;

/**
 * A name for a new token Secret: `prefix`, `-` and ten random characters. It is chosen before the create, so that an
 * unanswered create can be resolved by reading it; and no name is ever used twice, because with an RSA key a second
 * Secret of one name brings back the first one's token, revoked or not.
 */
export function newSecretName(prefix: string, random: (size: number) => Uint8Array): string {
  let suffix = '';
  while (suffix.length < suffixLength) {
    for (const byte of random(2 * suffixLength)) {
      // 243 = 9 × 27: larger bytes would favour the first characters
      if (byte < 243 && suffix.length < suffixLength) suffix += alphabet[byte % alphabet.length];
    }
  }
  const head = prefix.slice(0, longestName - suffixLength - 1).replace(/[-.]+$/u, '');
  return `${head}-${suffix}`;
}

/**
 * The token Secret to create. It has no uid annotation (a wrong one makes the controller delete it), is not immutable
 * (the controller could not fill it) and is not put into `serviceAccount.secrets` (the token would count as
 * auto-generated: a warning with each call, and in reach of the cleaner).
 */
export function tokenSecretManifest(
  account: ServiceAccountRef,
  name: string,
  run: string,
  intent: TokenIntent = {},
): V1Secret {
  const { labels, annotations } = ownedMetadata(run);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name,
      namespace: account.namespace,
      labels: { ...labels, [stateLabel]: 'pending' },
      annotations: {
        [serviceAccountNameAnnotation]: account.name,
        ...annotations,
        ...(intent.purpose === undefined ? {} : { [purposeAnnotation]: intent.purpose }),
        ...(intent.rotateAfter === undefined ? {} : { [rotateAfterAnnotation]: intent.rotateAfter }),
      },
    },
    type: tokenSecretType,
  };
}
