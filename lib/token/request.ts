import type { Connection } from '../connection/connection.ts';
import { coreV1 } from '../connection/typed-api.ts';
import { NotFoundError, ServerError } from '../model/errors.ts';
import { BearerToken } from '../model/secret-text.ts';
import { fullName, type ServiceAccountRef } from '../model/service-account.ts';

/**
 * A bound token of a ServiceAccount, by TokenRequest.
 *
 * @param expirationSeconds 600 at least (kubernetes: registry/core/serviceaccount/storage/token.go); the server may
 *   shorten it, and says so in a warning.
 */
export async function requestToken(
  connection: Connection,
  account: ServiceAccountRef,
  { expirationSeconds, signal }: { expirationSeconds: number; signal: AbortSignal },
): Promise<BearerToken> {
  const doing = `request a token of ServiceAccount "${fullName(account)}"`;
  const core = await coreV1(connection, { doing, signal });
  try {
    const { status } = await core.createNamespacedServiceAccountToken({
      ...account,
      body: {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: { audiences: [], expirationSeconds },
      },
    });
    if (status?.token === undefined || status.token === '') {
      throw new ServerError(`Cannot ${doing}: the answer has no token`, { reason: 'InvalidAnswer' });
    }
    return new BearerToken(status.token);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    throw new NotFoundError(error.message, {
      reason: 'ServiceAccountNotFound',
      hint: `--namespace names the one it is in; looked in "${account.namespace}"`,
    });
  }
}
