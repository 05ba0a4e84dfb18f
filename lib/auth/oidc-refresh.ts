import { realpath } from 'node:fs/promises';
import { readProviderConfig, replaceProviderConfig } from '../kubeconfig/replace-values.ts';
import type { AuthProvider } from '../model/cluster-access.ts';
import { CredentialError } from '../model/errors.ts';
import { escapeLine } from '../model/escape.ts';
import { sleep, withDeadline } from '../system/deadline.ts';
import { fileReason } from '../system/file-reason.ts';
import { takeLock } from '../system/lock-file.ts';
import { prepareRewrite } from '../system/rewritten-file.ts';
import { failure, isItThere, providerOf, unusable } from './oidc-failure.ts';
import { type GrantInput, requestGrant } from './oidc-grant.ts';

export interface RefreshedTokens {
  readonly idToken: string;
  readonly refreshToken: string;
}

export interface RefreshInput extends GrantInput, Pick<AuthProvider, 'file'> {
  readonly user: string;
  readonly signal: AbortSignal | undefined;
}

/** Milliseconds for discovery and grant. */
const limitMs = 30_000;
/** Milliseconds that somebody else may take to refresh the same login. */
const lockMs = 5000;

/**
 * Asks the identity provider for another id-token, which the API server judges. kubectl writes it into the kubeconfig each
 * time; here that is done only where the provider gives another refresh-token with it, for the old one is worth nothing
 * then. So nothing is asked for before it is sure that this could be saved, under kubectl's lock, and it is saved before
 * anything else is looked at. Nothing but the two values changes.
 *
 * @throws {CredentialError} The provider refuses, cannot be reached, or its refresh-token could not be saved.
 */
export async function refreshTokens(input: RefreshInput): Promise<RefreshedTokens> {
  const { config, file, signal, user, who } = input;
  const target = await realpath(file).catch(() => file);
  const unlock = await lockFor(target, input);
  const reason = () => failure(who, `the ${providerOf(config)} did not answer within 30s`, isItThere);
  let prepared: Prepared | undefined;
  try {
    // somebody else may have been given another one while we waited for the lock
    const refreshToken = await readProviderConfig(target, user, 'refresh-token').catch(() => undefined);
    if (refreshToken === undefined || !(await isReplaceable(target, user))) {
      throw notSaveable(who, target, 'it has none of this user that can be replaced alone');
    }
    prepared = await prepareRewrite(target, input.host).catch((error: unknown) => {
      throw notSaveable(who, target, fileReason(error));
    });
    const given = await withDeadline(limitMs, { signal, reason }, (limited) =>
      requestGrant({ ...input, refreshToken }, limited),
    );
    const next = given.refreshToken ?? refreshToken;
    if (next !== refreshToken) await save(target, prepared, { ...input, idToken: given.idToken, refreshToken: next });
    if (given.accessToken === undefined) {
      throw unusable(who, 'it has no access_token');
    }
    if (given.idToken === undefined) {
      throw failure(who, 'the identity provider gave no id_token: the login has to ask for the scope openid');
    }
    return { idToken: given.idToken, refreshToken: next };
  } finally {
    await prepared?.discard();
    await unlock();
  }
}

type Prepared = Awaited<ReturnType<typeof prepareRewrite>>;

/** By doing it, but for the writing, with values that are none. */
async function isReplaceable(target: string, user: string): Promise<boolean> {
  const values = { 'refresh-token': ' next ', 'id-token': ' next ' };
  return (await replaceProviderConfig(target, user, values).catch(() => undefined)) !== undefined;
}

async function lockFor(target: string, { host, signal, who }: RefreshInput): Promise<() => Promise<void>> {
  const until = host.now() + Math.min(lockMs, host.timeoutMs);
  for (;;) {
    try {
      return await takeLock(target);
    } catch (error) {
      const isTaken = (error as NodeJS.ErrnoException).code === 'EEXIST';
      if (isTaken && host.now() < until) await sleep(50, signal);
      else throw notSaveable(who, target, isTaken ? 'somebody else has its lock' : fileReason(error), isTaken);
    }
  }
}

async function save(
  target: string,
  prepared: Prepared,
  { idToken, refreshToken, user, who }: RefreshInput & { idToken: string | undefined },
): Promise<void> {
  const values = { 'refresh-token': refreshToken, ...(idToken === undefined ? {} : { 'id-token': idToken }) };
  let why = 'it has changed meanwhile';
  try {
    const text = await replaceProviderConfig(target, user, values);
    if (text !== undefined) return await prepared.write(text);
  } catch (error) {
    why = fileReason(error);
  }
  throw new CredentialError(
    `Cannot save the new refresh-token of ${who} in "${escapeLine(target)}": ${why}; the one before may not be valid any more`,
    { reason: 'RefreshNotSaved', hint: 'Log in again with what made this kubeconfig' },
  );
}

function notSaveable(who: string, file: string, why: string, isTaken = false): CredentialError {
  return new CredentialError(
    `Cannot refresh the id-token of ${who}: a new refresh-token could not be saved in "${escapeLine(file)}": ${why}; nothing was asked of the identity provider`,
    {
      reason: 'RefreshNotSaved',
      hint: isTaken ? `If nobody writes to it, remove "${escapeLine(file)}.lock"` : undefined,
    },
  );
}
