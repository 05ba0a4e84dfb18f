import pRetry from 'p-retry';
import { lookUpServiceAccount } from '../account/service-account.ts';
import { bearerIdentity } from '../auth/bearer.ts';
import type { Connection } from '../connection/connection.ts';
import { readSelfSubject, type SelfSubject } from '../connection/self-subject.ts';
import type { VerifiedBy } from '../model/credential.ts';
import { DeniedError, KubeSaTokenError, RefusedError, UnreachableError } from '../model/errors.ts';
import type { BearerToken } from '../model/secret-text.ts';
import { fullName, type ServiceAccountRef, subjectOf } from '../model/service-account.ts';
import { withDeadline } from '../system/deadline.ts';
import { accountRecreated } from './recreated.ts';
import type { PreparedProof } from './prepare-proof.ts';
import { trustForProof } from './proof-trust.ts';

/** Milliseconds for the whole proof. */
const proofMs = 10_000;
/**
 * Milliseconds for which a 401 does not count. The authenticator's own cache may still hold the empty Secret: measured
 * on one API server in 5 of 100 first uses, for up to 116 ms under load; with several servers longer.
 */
const defaultRefusalMs = 5000;

/** Reasons of a server that was not trusted: the request was not sent. */
const notTrusted = new Set([
  'CertificateNotTrusted',
  'CertificateForOtherName',
  'CertificateForOtherPurpose',
  'CertificateExpired',
  'CertificateNotYetValid',
]);

export interface TokenToVerify {
  readonly token: BearerToken;
  readonly account: ServiceAccountRef;
  /** Of the ServiceAccount. */
  readonly uid: string;
  /** The `ca.crt` of its Secret, PEM: verifies the server where the connection does not. */
  readonly caPem?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for which a 401 does not count; 5 s if unset. */
  readonly refusalMs?: number | undefined;
  /** Of the same connection and ServiceAccount. It is closed in the end. */
  readonly prepared?: PreparedProof | undefined;
}

/**
 * Proves that a token authenticates as its ServiceAccount: one call with the token as its only identity, over verified
 * TLS.
 *
 * @throws {RefusedError} There is no verified TLS to send it over (see `trustForProof()`), or the server refuses the token for longer than a fresh one needs, takes it for somebody else, or
 *   is not the one that `ca.crt` vouches for (then the token was not sent).
 * @throws {UnreachableError} No answer within 10 s.
 */
export async function verifyToken(
  connection: Connection,
  { token, account, uid, caPem, signal, refusalMs = defaultRefusalMs, prepared }: TokenToVerify,
): Promise<Exclude<VerifiedBy, null>> {
  const trust = trustForProof(connection, caPem);
  const bearer =
    prepared?.connection ??
    connection.withIdentity(bearerIdentity(token, `ServiceAccount "${fullName(account)}"`), trust);
  prepared?.use(token);
  const reason = () =>
    new UnreachableError(`Cannot prove the token: the API server did not answer within ${proofMs / 1000}s`, {
      reason: 'NoAnswer',
    });
  try {
    const subject = await withDeadline(proofMs, { signal, reason }, (limited) =>
      askRepeatedly(bearer, account, { refusalMs, signal: limited }),
    );
    requireSubject(subject, account, uid);
    return subject.by;
  } catch (error) {
    if (error instanceof UnreachableError && trust.source === 'token-secret' && notTrusted.has(error.reason)) {
      throw new RefusedError(
        `Cannot prove the token: the ca.crt of its Secret does not verify the server, so that it was not sent: ${error.message}`,
        {
          reason: 'TlsNotVerified',
          hint: 'Name the CA of the address in use with --certificate-authority',
        },
      );
    }
    if (error instanceof RefusedError && error.reason === 'TokenRefused')
      throw (await recreated(connection, account, uid, signal)) ?? error;
    throw error;
  } finally {
    bearer.close();
  }
}

/** The error for a ServiceAccount that is no longer the one of the token; undefined if it still is, or cannot be read. */
async function recreated(
  connection: Connection,
  account: ServiceAccountRef,
  uid: string,
  signal: AbortSignal | undefined,
): Promise<RefusedError | undefined> {
  try {
    const lookup = await lookUpServiceAccount(connection, account, signal);
    if (lookup === 'unreadable' || (typeof lookup === 'object' && lookup.uid === uid)) return undefined;
    return accountRecreated(account, 'after its token was made');
  } catch (error) {
    if (error instanceof KubeSaTokenError && signal?.aborted !== true) return undefined;
    throw error;
  }
}

async function askRepeatedly(
  bearer: Connection,
  account: ServiceAccountRef,
  { refusalMs, signal }: { refusalMs: number; signal: AbortSignal },
): Promise<SelfSubject> {
  try {
    return await pRetry(() => readSelfSubject(bearer, signal), {
      retries: Infinity,
      minTimeout: 5,
      maxTimeout: 400,
      factor: 1.7,
      maxRetryTime: refusalMs,
      signal,
      shouldRetry: ({ error }) => error instanceof DeniedError && error.status === 401,
    });
  } catch (error) {
    if (!(error instanceof DeniedError)) throw error;
    const why =
      error.status === 401
        ? `still refuses it (401) after ${refusalMs / 1000}s`
        : `answers 403 without naming whom it denies`;
    throw new RefusedError(`Cannot prove the token of ServiceAccount "${fullName(account)}": the API server ${why}`, {
      reason: 'TokenRefused',
      hint: 'Does this address lead to the cluster on which the token was made?',
    });
  }
}

function requireSubject(subject: SelfSubject, account: ServiceAccountRef, uid: string): void {
  if (subject.username === undefined) return; // the server has checked the signature, and says no more
  const wrongUid = subject.by === 'SelfSubjectReview' && subject.uid !== uid;
  if (subject.username === subjectOf(account) && !wrongUid) return;
  const who = `"${subject.username}"${wrongUid ? ` with uid "${subject.uid ?? ''}"` : ''}`;
  throw new RefusedError(
    `Cannot use the token: the API server takes it for ${who}, not for "${subjectOf(account)}" with uid "${uid}"`,
    {
      reason: 'TokenOfSomebodyElse',
      hint: 'Does this address lead to the cluster on which the token was made?',
    },
  );
}
