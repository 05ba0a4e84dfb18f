import pRetry from 'p-retry';
import { lookUpServiceAccount } from '../account/service-account.ts';
import type { Connection } from '../connection/connection.ts';
import { coreV1 } from '../connection/typed-api.ts';
import { DeniedError, KubeSaTokenError, NotFoundError, UnreachableError, WaitTimeoutError } from '../model/errors.ts';
import { type FoundServiceAccount, fullName, type SecretRef } from '../model/service-account.ts';
import { sleep, withDeadline } from '../system/deadline.ts';
import { renderDuration } from '../system/duration.ts';
import { type FilledSecret, judgeSecret, type Outcome, type SecretContent } from './filled-secret.ts';
import { accountRecreated } from './recreated.ts';
import type { TokenWatch } from './token-watch.ts';

export interface WaitOptions {
  readonly secret: SecretRef;
  /** The uid, where known, is what the token must name. */
  readonly account: FoundServiceAccount;
  /** Opened before the create. */
  readonly watch: TokenWatch;
  /** Milliseconds for the whole wait, retries included; 0 looks once. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  onWarning?: ((text: string) => void) | undefined;
}

/**
 * Waits until the token controller has put a token into a Secret.
 *
 * A watch tells it at once; a poll beside it (growing interval, jitter) serves servers and Roles without `watch`, and a
 * watch that broke. A token counts only if its claims name this Secret and the uid of `account`.
 *
 * @throws {NotFoundError} The Secret vanished: the controller deletes it if the ServiceAccount is missing
 *   (kubernetes: tokens_controller.go, syncSecret).
 * @throws {RefusedError} The ServiceAccount was recreated meanwhile, or the token is not the one that was asked for.
 * @throws {DeniedError} The caller may not get the Secret.
 * @throws {WaitTimeoutError} Its message says what was seen last.
 */
export async function waitForToken(connection: Connection, options: WaitOptions): Promise<FilledSecret> {
  const { secret, timeoutMs, watch } = options;
  const seen: Seen = { polls: 0, watch: 'no event', keys: undefined };
  const reason = () => waitTimeout(secret, timeoutMs, seen);
  try {
    const outcome =
      timeoutMs === 0
        ? await lookOnce(connection, options, seen)
        : await withDeadline(timeoutMs, { signal: options.signal, reason }, (signal) =>
            lookUntilTold(connection, { ...options, signal }, seen),
          );
    if (outcome === undefined) throw reason();
    if ('failed' in outcome) throw outcome.failed;
    return outcome.filled;
  } finally {
    watch.close();
  }
}

/** What was observed, for the message of a wait that ran out. */
interface Seen {
  polls: number;
  watch: string;
  /** Keys of the Secret's data when it was seen last. */
  keys: string[] | undefined;
}

async function lookUntilTold(connection: Connection, options: WaitOptions, seen: Seen): Promise<Outcome> {
  const done = new AbortController();
  try {
    const watching = followWatch(connection, options, seen);
    // A watch that ended without an outcome leaves the matter to the poll.
    const told = watching.then((outcome) => outcome ?? new Promise<never>(() => undefined));
    const signal = AbortSignal.any([options.signal, done.signal]);
    return await Promise.race([told, poll(connection, { ...options, signal }, seen, watching)]);
  } finally {
    done.abort();
  }
}

/** Reads the watch to its end; undefined if that told nothing (denied, closed, broken). */
async function followWatch(connection: Connection, options: WaitOptions, seen: Seen): Promise<Outcome | undefined> {
  const { watch, onWarning } = options;
  try {
    for await (const { type, object } of watch.events()) {
      seen.watch = type;
      if (type === 'DELETED') return await vanished(connection, options);
      const outcome = type === 'BOOKMARK' ? undefined : look(object, options, seen);
      if (outcome !== undefined) return outcome;
    }
    seen.watch = 'closed by the server';
  } catch (error) {
    if (!(error instanceof KubeSaTokenError)) throw error;
    seen.watch = error.reason;
    if (error instanceof DeniedError) onWarning?.(watchDenied);
  }
  return undefined;
}

export const watchDenied = 'Secrets cannot be watched (watch is denied): polling instead';

/** Milliseconds of grace for the watch before the poll beside it begins; of a short wait, half of it at most. */
const watchGraceMs = 500;

class NotYet extends Error {}

async function poll(
  connection: Connection,
  options: WaitOptions,
  seen: Seen,
  watching: Promise<unknown>,
): Promise<Outcome> {
  const { signal, timeoutMs } = options;
  await Promise.race([sleep(Math.min(watchGraceMs, timeoutMs / 2), signal), watching]);
  const once = async () => {
    seen.polls += 1;
    const outcome = await lookOnce(connection, options, seen);
    if (outcome === undefined) throw new NotYet();
    return outcome;
  };
  return pRetry(once, {
    retries: Infinity,
    minTimeout: 20,
    maxTimeout: 2000,
    factor: 1.6,
    randomize: true,
    signal,
    shouldRetry: ({ error }) => error instanceof NotYet || error instanceof UnreachableError,
  });
}

async function lookOnce(connection: Connection, options: WaitOptions, seen: Seen): Promise<Outcome | undefined> {
  const { secret, signal } = options;
  try {
    const core = await coreV1(connection, { doing: `read Secret "${fullName(secret)}"`, signal });
    return look(await core.readNamespacedSecret({ ...secret }), options, seen);
  } catch (error) {
    if (error instanceof NotFoundError) return vanished(connection, options);
    throw error;
  }
}

function look(object: SecretContent, { account, secret }: WaitOptions, seen: Seen): Outcome | undefined {
  seen.keys = Object.keys(object.data ?? {});
  return judgeSecret(object, account, secret);
}

/** Why a Secret is gone: the controller deletes it where it does not find the ServiceAccount that it names. */
async function vanished(connection: Connection, { account, secret, signal }: WaitOptions): Promise<Outcome> {
  const cannot = `Cannot get a token for ServiceAccount "${fullName(account)}": Secret "${fullName(secret)}" vanished`;
  const lookup = await lookUpServiceAccount(connection, account, signal);
  if (lookup === 'missing') {
    const why = account.uid === undefined ? 'does not exist' : 'was deleted meanwhile';
    return {
      failed: new NotFoundError(`${cannot}: the ServiceAccount ${why}, and the token controller deletes such Secrets`, {
        reason: 'ServiceAccountNotFound',
        hint: 'Run the command again with --create-service-account, which creates it in the same run',
      }),
    };
  }
  if (typeof lookup === 'object' && account.uid !== undefined && lookup.uid !== account.uid) {
    return { failed: accountRecreated(account, 'so that the token controller deleted the Secret') };
  }
  const who =
    lookup === 'unreadable'
      ? 'the token controller deletes it if the ServiceAccount is missing, which cannot be read here'
      : 'somebody deleted it';
  return {
    failed: new NotFoundError(`${cannot}: ${who}`, {
      reason: 'SecretVanished',
      hint: lookup === 'unreadable' ? '--create-service-account creates one that is missing' : 'Run the command again',
    }),
  };
}

/** Milliseconds in which a controller that runs may not have come to this Secret. */
const shortWaitMs = 10_000;
const longer = 'A longer --wait-timeout may do: the controller fills about ten Secrets a second when many wait';
const notRunning =
  'The token controller may not be running: kube-controller-manager needs --service-account-private-key-file';

function waitTimeout(secret: SecretRef, timeoutMs: number, seen: Seen): WaitTimeoutError {
  const state =
    seen.keys === undefined
      ? 'not seen at all'
      : seen.keys.length === 0
        ? 'still empty'
        : `still without a token (it has ${seen.keys.join(', ')})`;
  const how = `watch: ${seen.watch}, ${seen.polls} poll${seen.polls === 1 ? '' : 's'}`;
  const after =
    timeoutMs === 0 ? 'at the one look that --wait-timeout 0 takes' : `after ${renderDuration(timeoutMs)} (${how})`;
  return new WaitTimeoutError(`Cannot get a token from Secret "${fullName(secret)}": ${state} ${after}`, {
    reason: 'TokenNotPopulated',
    hint: timeoutMs < shortWaitMs ? `${longer}. ${notRunning}` : notRunning,
  });
}
