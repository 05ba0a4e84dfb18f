import type { Connection } from '../connection/connection.ts';
import type { VerifiedBy } from '../model/credential.ts';
import { type ServiceAccountRef, subjectOf } from '../model/service-account.ts';
import { authorityDifference } from './authority.ts';
import type { FilledSecret } from './filled-secret.ts';
import { oldServerWarning } from './old-server.ts';
import type { BootstrapStep } from './step.ts';
import type { PreparedProof } from './prepare-proof.ts';
import { verifyToken } from './verify.ts';

export interface ProveOptions {
  /** Make the proving call; without it only the CA is compared. */
  readonly verify: boolean;
  /** The API server may refuse a fresh token for a while; one that was used before it accepts at once. True if unset. */
  readonly isNew?: boolean;
  readonly prepared?: PreparedProof | undefined;
  readonly signal: AbortSignal;
  onStep?: ((step: BootstrapStep) => void) | undefined;
  onWarning?: ((text: string) => void) | undefined;
}

/**
 * Proves the token of a filled Secret over the connection's own trust, else that of its `ca.crt`, and tells where the
 * two differ.
 *
 * @returns How it was proven; null if it was not to be.
 * @throws As `verifyToken()`.
 */
export async function prove(
  connection: Connection,
  account: ServiceAccountRef,
  filled: FilledSecret,
  { isNew = true, prepared, verify, signal, onStep, onWarning }: ProveOptions,
): Promise<VerifiedBy> {
  const difference = authorityDifference(connection.trust, filled.caPem);
  if (difference !== undefined) onWarning?.(difference);
  if (!verify) return null;
  const by = await verifyToken(connection, {
    token: filled.token,
    account,
    uid: filled.accountUid,
    caPem: filled.caPem,
    signal,
    refusalMs: isNew ? undefined : 300,
    prepared,
  });
  const old = by === 'SelfSubjectReview' ? undefined : await oldServerWarning(connection, signal);
  if (old !== undefined) onWarning?.(old);
  onStep?.({ step: 'verified', by, subject: subjectOf(account) });
  return by;
}
