import type { Connection } from '../connection/connection.ts';
import { coreV1 } from '../connection/typed-api.ts';
import { NotFoundError, ServerError } from '../model/errors.ts';
import { tokenSecretType } from '../model/ownership.ts';
import { BearerToken } from '../model/secret-text.ts';
import { fullName, type SecretRef } from '../model/service-account.ts';

/**
 * The token that a token Secret holds now.
 *
 * @throws {NotFoundError} No such Secret, or the token controller has not filled it.
 * @throws {ServerError} It is a Secret of another type.
 */
export async function readTokenSecret(
  connection: Connection,
  secret: SecretRef,
  signal: AbortSignal,
): Promise<BearerToken> {
  const doing = `read the token of Secret "${fullName(secret)}"`;
  const core = await coreV1(connection, { doing, signal });
  const { type = 'Opaque', data } = await core.readNamespacedSecret({ ...secret });
  if (type !== tokenSecretType) {
    throw new ServerError(`Cannot ${doing}: its type is "${type}", not "${tokenSecretType}"`, {
      reason: 'NotATokenSecret',
    });
  }
  const encoded = data?.['token'] ?? '';
  if (encoded === '') {
    throw new NotFoundError(`Cannot ${doing}: the token controller has not filled it`, {
      reason: 'TokenNotPopulated',
      hint: 'kube-controller-manager needs --service-account-private-key-file',
    });
  }
  return new BearerToken(Buffer.from(encoded, 'base64').toString('utf8'));
}
