import { requireGrantable, requireOwn } from '../account/grantable.ts';
import { missingSecretRights } from '../account/caller-rights.ts';
import type { Grant } from '../account/grant.ts';
import { lookUpServiceAccount, type ServiceAccountLookup } from '../account/service-account.ts';
import type { Connection } from '../connection/connection.ts';
import { DeniedError } from '../model/errors.ts';
import type { ServiceAccountRef } from '../model/service-account.ts';
import { together } from '../system/together.ts';
import { leftOvers, listTokenSecrets, type TokenSecretList } from './list.ts';

export interface PreflightOptions {
  readonly account: ServiceAccountRef;
  readonly grants: readonly Grant[];
  readonly adopt: boolean;
  readonly reuse: boolean;
  readonly signal: AbortSignal;
  now(): number;
  onWarning?: ((text: string) => void) | undefined;
}

/**
 * All that can be known before the first write, asked for at once, so that it costs one round trip.
 *
 * @throws {DeniedError} Secrets cannot be created or read here; for `reuse`, not listed either.
 * @throws As `requireGrantable()` and `requireOwn()`.
 */
export async function preflight(
  connection: Connection,
  options: PreflightOptions,
): Promise<{ lookup: ServiceAccountLookup; tokens: TokenSecretList | undefined }> {
  const { account, adopt, grants, onWarning, reuse, signal } = options;
  const [lookup, missing, tokens] = await together(signal, (limited) => [
    lookUpServiceAccount(connection, account, limited),
    missingSecretRights(connection, account.namespace, ['create', 'get', 'delete'], limited),
    listIfAllowed(connection, { ...options, signal: limited }),
    requireGrantable(connection, account, grants, { signal: limited, onWarning }),
  ]);
  const needed = missing.filter((verb) => verb !== 'delete');
  if (needed.length > 0) {
    throw new DeniedError(
      `Cannot make a token in namespace "${account.namespace}": ${connection.identity.description} may not ${needed.join(' nor ')} Secrets there`,
      {
        reason: 'Forbidden',
        status: 403,
        hint: 'It needs create, get, watch, patch and delete on secrets: the Role is in the README',
      },
    );
  }
  if (missing.includes('delete'))
    onWarning?.('Secrets cannot be deleted (delete is denied): a run that fails cannot clean up after itself');
  if (grants.length > 0 && typeof lookup === 'object') requireOwn(lookup, { adopt, onWarning });
  for (const { name = '', creationTimestamp = '' } of tokens === undefined || reuse ? [] : leftOvers(tokens)) {
    onWarning?.(
      `Secret "${account.namespace}/${name}" was left over by a run of ${creationTimestamp}: --reuse takes it, or delete it`,
    );
  }
  return { lookup, tokens };
}

async function listIfAllowed(
  connection: Connection,
  { account, now, reuse, signal }: PreflightOptions,
): Promise<TokenSecretList | undefined> {
  try {
    return await listTokenSecrets(connection, account, { signal, now: now() });
  } catch (error) {
    if (error instanceof DeniedError && error.status === 403 && !reuse) return undefined;
    throw error;
  }
}
