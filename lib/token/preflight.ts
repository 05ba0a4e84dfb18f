import { requireGrantable, requireOwn } from '../account/grantable.ts';
import { missingSecretRights, type SecretVerb } from '../account/caller-rights.ts';
import type { Grant } from '../account/grant.ts';
import { warnOfVerbs } from '../account/verbs.ts';
import { lookUpServiceAccount, type ServiceAccountLookup } from '../account/service-account.ts';
import type { Connection } from '../connection/connection.ts';
import { DeniedError, KubeSaTokenError, UnreachableError } from '../model/errors.ts';
import { deleteCommand } from '../model/made-object.ts';
import type { ServiceAccountRef } from '../model/service-account.ts';
import { withDeadline } from '../system/deadline.ts';
import { together } from '../system/together.ts';
import { requireTls } from './proof-trust.ts';
import { watchDenied } from './wait.ts';
import { leftOvers, listTokenSecrets, type TokenSecretList } from './list.ts';

export interface PreflightOptions {
  readonly account: ServiceAccountRef;
  readonly grants: readonly Grant[];
  readonly adopt: boolean;
  readonly reuse: boolean;
  /** Waits for the list of tokens, which what comes next needs. Else it goes on beside that, over a connection that is there. */
  readonly listFirst: boolean;
  /** The token will be proven. */
  readonly verify: boolean;
  readonly signal: AbortSignal;
  now(): number;
  onWarning?: ((text: string) => void) | undefined;
}

export interface Preflight {
  readonly lookup: ServiceAccountLookup;
  readonly missing: readonly SecretVerb[];
  readonly tokens: Promise<TokenSecretList | undefined>;
}

/** Milliseconds for what is only asked to tell more: it stops nobody. */
const optionalMs = 3000;

/**
 * All that can be known before the first write, asked for at once, so that it costs one round trip.
 *
 * @returns `missing`: rights on Secrets that the caller lacks and can do without. `tokens`: those that there are, ours
 *   too if it is made meanwhile; it never rejects, and is undefined where they cannot be listed.
 * @throws {DeniedError} Secrets cannot be created or read here; for `reuse`, not listed either.
 * @throws {RefusedError} Over plain http a token could not be proven.
 * @throws As `requireGrantable()` and `requireOwn()`.
 */
export async function preflight(connection: Connection, options: PreflightOptions): Promise<Preflight> {
  const { account, adopt, grants, listFirst, onWarning, reuse, signal, verify } = options;
  if (verify) requireTls(connection);
  warnOfVerbs(grants, onWarning);
  const [lookup, missing, listed] = await together(signal, (limited) => [
    lookUpServiceAccount(connection, account, limited),
    withOptional(limited, (brief) => missingSecretRights(connection, account.namespace, verbs, brief)),
    listFirst ? listTokens(connection, { ...options, signal: limited }) : Promise.resolve(undefined),
    requireGrantable(connection, account, grants, { signal: limited, onWarning }),
  ]);
  const lacking = missing ?? [];
  const needed = lacking.filter((verb) => verb === 'create' || verb === 'get');
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
  for (const verb of lacking) onWarning?.(withoutVerb[verb] ?? `Secrets: ${verb} is denied`);
  if (grants.length > 0 && typeof lookup === 'object') requireOwn(lookup, { adopt, onWarning });
  const tokens = listFirst ? Promise.resolve(listed) : listTokens(connection, options).catch(() => undefined);
  if (!reuse) void tokens.then((list) => warnOfLeftOvers(connection, list, account.namespace, onWarning));
  return { lookup, missing: lacking, tokens };
}

const verbs = ['create', 'get', 'delete', 'watch', 'patch'] as const;

const withoutVerb: Readonly<Partial<Record<SecretVerb, string>>> = {
  delete: 'Secrets cannot be deleted (delete is denied): a run that fails cannot clean up after itself',
  watch: watchDenied,
  patch:
    'Secrets cannot be labelled (patch is denied): the Secret stays labelled "pending", and in ten minutes counts as left over',
};

function warnOfLeftOvers(
  connection: Connection,
  tokens: TokenSecretList | undefined,
  namespace: string,
  onWarning: PreflightOptions['onWarning'],
): void {
  for (const { name = '', creationTimestamp = '' } of tokens === undefined ? [] : leftOvers(tokens)) {
    const remove = deleteCommand({ kind: 'Secret', namespace, name }, connection.access);
    onWarning?.(
      `Secret "${namespace}/${name}" was left over by a run of ${creationTimestamp}: --reuse takes it; if nobody uses its token: ${remove}`,
    );
  }
}

/** The tokens that there are. Without `reuse` it only tells more, and is left out where it does not come. */
function listTokens(connection: Connection, { account, now, reuse, signal }: PreflightOptions) {
  const list = (limited: AbortSignal) => listTokenSecrets(connection, account, { signal: limited, now: now() });
  return reuse ? list(signal) : withOptional(signal, list);
}

/** What `work` brings within a short time; undefined where it fails. */
async function withOptional<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
  const reason = () => new UnreachableError('No answer in time', { reason: 'NoAnswer' });
  try {
    return await withDeadline(optionalMs, { signal, reason }, work);
  } catch (error) {
    if (error instanceof KubeSaTokenError && !signal.aborted) return undefined;
    throw error;
  }
}
