import type { Connection } from '../connection/connection.ts';
import { mayBeDone } from '../connection/may-be-done.ts';
import type { MadeObject } from '../model/made-object.ts';
import type { FoundServiceAccount, SecretRef } from '../model/service-account.ts';
import { createTokenSecret } from './create.ts';
import type { ReadyToken } from './credential.ts';
import { prove, type ProveOptions } from './prove.ts';
import { type TokenIntent, tokenSecretManifest } from './secret.ts';
import type { TokenWatch } from './token-watch.ts';
import { prepareProof } from './prepare-proof.ts';
import { waitForToken } from './wait.ts';

export interface MintOptions extends Omit<ProveOptions, 'prepared' | 'isNew'> {
  /** A new name, never one that was used before. */
  readonly secret: SecretRef;
  readonly run: string;
  readonly intent: TokenIntent;
  readonly watch: TokenWatch;
  readonly waitTimeoutMs: number;
  now(): number;
  /** Told before the Secret is asked for, so that clean-up knows it even if no answer comes; forgets it if refused. */
  onMaking(object: MadeObject): () => void;
}

/** Creates a token Secret, waits until the token controller has filled it, and proves its token. */
export async function mintToken(
  connection: Connection,
  account: FoundServiceAccount,
  options: MintOptions,
): Promise<ReadyToken> {
  const { intent, now, onStep, run, secret, signal, waitTimeoutMs } = options;
  signal.throwIfAborted();
  onStep?.({ step: 'create', secret });
  const object: MadeObject = { kind: 'Secret', namespace: secret.namespace, name: secret.name };
  const forget = options.onMaking(object);
  const manifest = tokenSecretManifest(account, secret.name, run, intent);
  const created = await createTokenSecret(connection, manifest, signal).catch((error: unknown) => {
    if (!mayBeDone(error)) forget();
    throw error;
  });
  object.uid = created.metadata?.uid;
  signal.throwIfAborted();
  const start = now();
  onStep?.({ step: 'wait', secret, timeoutMs: waitTimeoutMs });
  const prepared = options.verify ? prepareProof(connection, account) : undefined;
  try {
    const filled = await waitForToken(connection, { ...options, account, timeoutMs: waitTimeoutMs });
    const waitedMs = now() - start;
    onStep?.({ step: 'filled', secret, waitedMs });
    return {
      secret: { ...secret, uid: created.metadata?.uid ?? '' },
      filled,
      verifiedBy: await prove(connection, account, filled, { ...options, prepared }),
      rotateAfter: intent.rotateAfter ?? null,
      waitedMs,
      pending: true,
    };
  } finally {
    prepared?.connection.close();
  }
}
