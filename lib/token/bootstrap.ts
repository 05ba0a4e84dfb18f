import { bind, type BindOptions } from '../account/bind.ts';
import { listGrantedRoles } from '../account/earlier.ts';
import type { KnownServiceAccount } from '../account/service-account.ts';
import { ensureServiceAccount } from '../account/ensure.ts';
import type { Grant } from '../account/grant.ts';
import { requireOwn } from '../account/grantable.ts';
import type { Connection } from '../connection/connection.ts';
import type { Credential } from '../model/credential.ts';
import type { MadeObject } from '../model/made-object.ts';
import { requireNamespaceName, requireObjectName, requireRoleName } from '../model/names.ts';
import type { ServiceAccountRef } from '../model/service-account.ts';
import type { Interruption } from '../system/runtime.ts';
import { cleanUpAfter, record, type RunRecord } from './clean-up.ts';
import { credentialOf, type ReadyToken } from './credential.ts';
import { markHandedOver } from './hand-over.ts';
import { deliveredRuns, type TokenSecretList } from './list.ts';
import { mintToken } from './mint.ts';
import { preflight } from './preflight.ts';
import { prove } from './prove.ts';
import { reuseTokenSecret } from './reuse.ts';
import type { TokenIntent } from './secret.ts';
import type { BootstrapStep } from './step.ts';
import { openTokenWatch } from './token-watch.ts';

export interface BootstrapInput {
  readonly account: ServiceAccountRef;
  readonly createNamespace: boolean;
  readonly createServiceAccount: boolean;
  readonly grants: readonly Grant[];
  /** Give rights to a ServiceAccount, and take over Roles and bindings, that this suite did not make. */
  readonly adopt: boolean;
  /** Take a token Secret of this suite that fits, instead of making one. */
  readonly reuse: boolean;
  /** A new name (`newSecretName()`), never one that was used before. */
  readonly secretName: string;
  readonly intent: TokenIntent;
  /** Names this run in all that it makes. */
  readonly run: string;
  /** Make the proving call. */
  readonly verify: boolean;
  /** Milliseconds from the answer to the create until the token has to be there; 0 looks once. */
  readonly waitTimeoutMs: number;
  readonly interruption: Interruption;
  now(): number;
  /** Hands the credential out; resolves when its bytes are flushed. */
  deliver(credential: Credential): Promise<void>;
  onStep?: ((step: BootstrapStep) => void) | undefined;
  onWarning?: ((text: string) => void) | undefined;
}

/**
 * The main job on one cluster: a token Secret for a ServiceAccount, filled by the token controller, its token compared
 * with what was asked for, proven by a direct call, and handed over.
 *
 * Rights come before the Secret, so that no token is out before them. If anything fails before the hand-over, or a
 * signal ends the run, what this run has made is removed again, except a ServiceAccount and a Namespace; from the first
 * byte handed over nothing is removed any more.
 *
 * @throws {KubeSaTokenError} One for each way to fail; what was made is removed before it is thrown. A name that there
 *   cannot be is a UsageError, before anything is sent.
 */
export async function bootstrapToken(connection: Connection, given: BootstrapInput): Promise<Credential> {
  const input = { ...given, onWarning: eachOnce(given.onWarning) };
  const { account: wanted, grants, interruption, onStep, onWarning } = input;
  const { signal } = interruption;
  requireNames(input);
  const secret = { namespace: wanted.namespace, name: input.secretName };
  const run: RunRecord = { made: [], stays: [] };
  const onMaking = (object: MadeObject) => record(run.made, object);
  const watch = openTokenWatch(connection, secret);
  try {
    return await cleanUpAfter(connection, run, input, async () => {
      const listFirst = input.reuse || grants.length > 0;
      const { lookup, missing, tokens } = await preflight(connection, { ...input, listFirst, signal });
      const account = await ensureServiceAccount(connection, wanted, lookup, {
        ...input,
        signal,
        onMaking: (object) => record(run.stays, object),
        onMade: (object) => onStep?.({ step: 'made', object }),
      });
      if (grants.length > 0)
        await giveRights(connection, account, {
          ...input,
          signal,
          onMaking,
          tokens: await tokens,
          isNew: typeof lookup !== 'object',
        });
      const reused = input.reuse ? await reuse(connection, account, await tokens, input) : undefined;
      const token = reused ?? (await mintToken(connection, account, { ...input, secret, watch, signal, onMaking }));
      const credential = credentialOf(connection, account, token);
      await interruption.hold(async () => {
        await input.deliver(credential);
        run.made.length = 0; // the point of no return
        if (token.pending && !missing.includes('patch')) await markHandedOver(connection, credential.secret, onWarning);
      });
      const counted = await tokens;
      if (counted !== undefined) {
        const others = counted.items.filter(({ name }) => name !== credential.secret?.name).length;
        onStep?.({ step: 'counted', account, tokens: others + 1, more: counted.more });
      }
      return credential;
    });
  } finally {
    watch.close();
  }
}

/** They become segments of paths: whatever road they came by, none is sent that a server could take for another path. */
function requireNames({ account, grants, secretName }: BootstrapInput): void {
  requireObjectName(account.name, 'ServiceAccount');
  requireNamespaceName(account.namespace);
  requireObjectName(secretName, 'Secret');
  for (const grant of grants) if (grant.by === 'role') requireRoleName(grant.clusterRole, 'ClusterRole');
}

/** What is known before the first write, that `watch` is denied, shows again at the attempt. */
function eachOnce(tell: BootstrapInput['onWarning']): (text: string) => void {
  const told = new Set<string>();
  return (text) => {
    if (!told.has(text)) tell?.(text);
    told.add(text);
  };
}

async function giveRights(
  connection: Connection,
  account: KnownServiceAccount,
  {
    isNew,
    tokens,
    ...options
  }: BootstrapInput &
    Pick<BindOptions, 'onMaking' | 'signal'> & { isNew: boolean; tokens: TokenSecretList | undefined },
): Promise<void> {
  const { grants, now, onStep, signal } = options;
  if (isNew) requireOwn(account, options); // of one that was found, preflight() has judged
  await bind(connection, account, grants, {
    ...options,
    deliveredRuns: deliveredRuns(tokens),
    now: tokens?.serverTime ?? now(),
    onGranted: (grant, what, difference) => onStep?.({ step: 'granted', account, grant, what, difference }),
  });
  const roles = await listGrantedRoles(connection, account, signal);
  onStep?.({ step: 'granted-in-all', account, roles });
}

async function reuse(
  connection: Connection,
  account: KnownServiceAccount,
  tokens: TokenSecretList | undefined,
  input: BootstrapInput,
): Promise<ReadyToken | undefined> {
  if (tokens === undefined) return undefined;
  const { intent, interruption, onStep, onWarning, run } = input;
  const { signal } = interruption;
  const reused = await reuseTokenSecret(connection, tokens, {
    account,
    purpose: intent.purpose,
    run,
    signal,
    prove: (filled) => prove(connection, account, filled, { ...input, signal, isNew: false }),
    onWarning,
  });
  if (reused === undefined) return undefined;
  onStep?.({ step: 'reused', secret: reused.secret });
  if (intent.rotateAfter !== undefined) {
    onWarning?.('The date of rotation is for a new Secret: the one that is reused keeps its own, or none');
  }
  return reused;
}
