import type { Connection } from '../connection/connection.ts';
import { coreV1 } from '../connection/typed-api.ts';
import { KubeSaTokenError, NotFoundError } from '../model/errors.ts';
import type { VerifiedBy } from '../model/credential.ts';
import {
  invalidSinceLabel,
  isOurs,
  purposeAnnotation,
  rotateAfterAnnotation,
  serviceAccountUidAnnotation,
  stateLabel,
} from '../model/ownership.ts';
import { type FoundServiceAccount, fullName, type SecretRef } from '../model/service-account.ts';
import type { ReadyToken } from './credential.ts';
import { type FilledSecret, judgeSecret } from './filled-secret.ts';
import { takeOver } from './hand-over.ts';
import { leftOvers, type TokenSecretList, type TokenSecretMetadata } from './list.ts';

export interface ReuseOptions {
  readonly account: FoundServiceAccount;
  readonly purpose: string | undefined;
  readonly run: string;
  readonly signal: AbortSignal;
  prove(filled: FilledSecret): Promise<VerifiedBy>;
  onWarning?: ((text: string) => void) | undefined;
}

/**
 * Takes the newest token Secret of this suite that fits: same ServiceAccount uid and purpose, delivered or left over, not
 * past its `rotate-after`, and its proof succeeds. One that fails is named and skipped.
 *
 * @returns undefined where none fits.
 */
export async function reuseTokenSecret(
  connection: Connection,
  list: TokenSecretList,
  options: ReuseOptions,
): Promise<ReadyToken | undefined> {
  for (const candidate of candidates(list, options)) {
    const secret = { namespace: options.account.namespace, name: candidate.name ?? '', uid: candidate.uid ?? '' };
    try {
      if (candidate.labels?.[stateLabel] === 'pending') await takeOver(connection, secret, options);
      const filled = await readFilled(connection, secret, options);
      const rotateAfter = candidate.annotations?.[rotateAfterAnnotation] ?? null;
      return {
        secret,
        filled,
        verifiedBy: await options.prove(filled),
        rotateAfter,
        waitedMs: 0,
        pending: candidate.labels?.[stateLabel] === 'pending',
      };
    } catch (error) {
      if (!(error instanceof KubeSaTokenError) || options.signal.aborted) throw error;
      options.onWarning?.(`Secret "${fullName(secret)}" is not reused: ${error.message}`);
    }
  }
  return undefined;
}

/** The Secrets that fit by their metadata, newest first. */
export function candidates(
  list: TokenSecretList,
  { account, purpose }: Pick<ReuseOptions, 'account' | 'purpose'>,
): TokenSecretMetadata[] {
  const leftOver = new Set(leftOvers(list));
  return list.items
    .filter((metadata) => {
      const { labels, annotations, deletionTimestamp } = metadata;
      const rotateAfter = Date.parse(annotations?.[rotateAfterAnnotation] ?? '');
      return (
        isOurs(metadata) &&
        deletionTimestamp === undefined &&
        (labels?.[invalidSinceLabel] ?? '') === '' &&
        (labels?.[stateLabel] === 'delivered' || leftOver.has(metadata)) &&
        (account.uid === undefined || annotations?.[serviceAccountUidAnnotation] === account.uid) &&
        annotations?.[purposeAnnotation] === purpose &&
        !(rotateAfter <= list.serverTime)
      );
    })
    .toSorted((a, b) => Date.parse(b.creationTimestamp ?? '') - Date.parse(a.creationTimestamp ?? ''));
}

async function readFilled(
  connection: Connection,
  secret: SecretRef,
  { account, signal }: ReuseOptions,
): Promise<FilledSecret> {
  const core = await coreV1(connection, { doing: `read Secret "${fullName(secret)}"`, signal });
  const outcome = judgeSecret(
    await core.readNamespacedSecret({ namespace: secret.namespace, name: secret.name }),
    account,
    secret,
  );
  if (outcome === undefined) {
    throw new NotFoundError('it has no token', { reason: 'TokenNotPopulated' });
  }
  if ('failed' in outcome) throw outcome.failed;
  return outcome.filled;
}
