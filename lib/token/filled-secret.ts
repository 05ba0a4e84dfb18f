import { type KubeSaTokenError, RefusedError, UsageError } from '../model/errors.ts';
import { serviceAccountUidAnnotation } from '../model/ownership.ts';
import { BearerToken } from '../model/secret-text.ts';
import { type FoundServiceAccount, fullName, type SecretRef } from '../model/service-account.ts';
import { claimsMismatch } from './claims.ts';
import { decodeToken } from './decode.ts';
import { accountRecreated } from './recreated.ts';

/** A token Secret that the token controller has filled, and whose token is the one that was asked for. */
export interface FilledSecret {
  readonly token: BearerToken;
  /** Uid of the ServiceAccount, in which controller and token agree. */
  readonly accountUid: string;
  /** The cluster's CA as the controller knows it; undefined without its `--root-ca-file`. */
  readonly caPem: string | undefined;
}

/** What is looked at in a token Secret, read singly or told by a watch. */
export interface SecretContent {
  readonly data?: Readonly<Record<string, string>> | undefined;
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> | undefined } | undefined;
}

/** What a token Secret turned out to be. */
export type Outcome = { readonly filled: FilledSecret } | { readonly failed: KubeSaTokenError };

/**
 * Judges a token Secret as it was read: undefined while it has no token (kubernetes: tokens_controller.go,
 * generateTokenIfNeeded writes token, ca.crt, namespace and the uid annotation in one update). A token that was put
 * there by somebody else is never repaired by the controller, and refused here.
 */
export function judgeSecret(
  object: SecretContent,
  account: FoundServiceAccount,
  secret: SecretRef,
): Outcome | undefined {
  const encoded = object.data?.['token'];
  if (encoded === undefined || encoded === '') return undefined;
  const token = new BearerToken(Buffer.from(encoded, 'base64').toString('utf8'));
  const annotatedUid = object.metadata?.annotations?.[serviceAccountUidAnnotation];
  const uid = account.uid ?? annotatedUid;
  const wrong = mismatch(token, { account, uid, secretName: secret.name });
  if (
    annotatedUid !== undefined &&
    annotatedUid !== uid &&
    mismatch(token, { account, uid: annotatedUid, secretName: secret.name }) === undefined
  ) {
    return { failed: accountRecreated(account, 'its uid is another one than at the start') };
  }
  if (wrong !== undefined || uid === undefined || annotatedUid !== uid) {
    const why =
      wrong ??
      `its uid annotation is ${annotatedUid === undefined ? 'missing' : `"${annotatedUid}", not "${uid ?? ''}"`}`;
    return {
      failed: new RefusedError(`Cannot use the token in Secret "${fullName(secret)}": ${why}`, {
        reason: 'TokenNotOurs',
        hint: 'The token controller fills only an empty Secret: something else wrote this one',
      }),
    };
  }
  const ca = object.data?.['ca.crt'];
  return {
    filled: {
      token,
      accountUid: uid,
      caPem: ca === undefined || ca === '' ? undefined : Buffer.from(ca, 'base64').toString('utf8'),
    },
  };
}

function mismatch(token: BearerToken, expected: Parameters<typeof claimsMismatch>[1]): string | undefined {
  try {
    return claimsMismatch(decodeToken(token), expected);
  } catch (error) {
    if (error instanceof UsageError) return error.message.replace('Cannot decode the token: ', 'it is not a token: ');
    throw error;
  }
}
