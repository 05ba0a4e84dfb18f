import { anonymousIdentity } from '../auth/identity.ts';
import type { ClusterAccess } from '../model/cluster-access.ts';
import { DeniedError, KubeSaTokenError, UnreachableError } from '../model/errors.ts';
import { escapeLine } from '../model/escape.ts';
import { withDeadline } from '../system/deadline.ts';
import { renderDuration } from '../system/duration.ts';
import { describeServer } from '../transport/server-url.ts';
import { readServingCertificate, type ServingCertificate } from '../transport/serving-certificate.ts';
import { defaultConnectTimeoutMs } from '../transport/transport.ts';
import { type ConnectOptions, connect } from './connect.ts';
import type { Connection } from './connection.ts';
import { readSelfSubject } from './self-subject.ts';
import { readServerVersion } from './server-version.ts';

/** What one look at a cluster brought. */
export interface ClusterProbe {
  /** An API server that is trusted answered. */
  readonly reachable: boolean;
  /** `v1.37.2`, escaped. */
  readonly version: string | undefined;
  /** Milliseconds of one call over a connection that stands. */
  readonly latencyMs: number | undefined;
  /** What the server presents, trusted or not; undefined for plain http. */
  readonly certificate: ServingCertificate | undefined;
  /** Who it takes the user of the kubeconfig for, escaped; undefined where it does not tell. */
  readonly user: string | undefined;
  /** What failed first. */
  readonly error: KubeSaTokenError | undefined;
}

export interface ProbeOptions extends Omit<ConnectOptions, 'identity' | 'trust' | 'signal'> {
  readonly signal: AbortSignal;
  /** Milliseconds for all that is asked; 15 s if unset. A credential plugin has its own: a login takes a person longer. */
  readonly timeoutMs?: number | undefined;
}

/**
 * Looks at a cluster: whether it answers, and as whom it takes the user of the kubeconfig. What goes wrong is part of
 * the result; where the user cannot be used, the rest is asked for without a credential.
 *
 * @throws Only the reason of `signal`.
 */
export async function probe(access: ClusterAccess, options: ProbeOptions): Promise<ClusterProbe> {
  const { signal: outer, timeoutMs = 15_000 } = options;
  const found: Found = {
    reachable: false,
    version: undefined,
    latencyMs: undefined,
    certificate: undefined,
    user: undefined,
    error: undefined,
  };
  const reason = () =>
    new UnreachableError(
      `Cannot probe ${describeServer(access.cluster.server)}: no answer within ${renderDuration(timeoutMs)}`,
      { reason: 'ProbeTimeout' },
    );
  try {
    const { connection, usable } = await connectAnyhow(access, options, found);
    try {
      await withDeadline(timeoutMs, { signal: outer, reason }, (signal) =>
        Promise.all([
          readCertificate(connection, options, found, signal),
          ask(connection, { found, now: options.now, signal, usable }),
        ]),
      );
    } finally {
      connection.close();
    }
  } catch (error) {
    outer.throwIfAborted();
    note(error, found);
  }
  return found;
}

type Found = { -readonly [Key in keyof ClusterProbe]: ClusterProbe[Key] };

/** Keeps the first failure; what is none of ours is a bug. */
function note(error: unknown, found: Found): void {
  if (!(error instanceof KubeSaTokenError)) throw error;
  found.error ??= error;
}

/** As the user of the kubeconfig; without a credential where that one cannot be used. */
async function connectAnyhow(
  access: ClusterAccess,
  options: ConnectOptions,
  found: Found,
): Promise<{ connection: Connection; usable: boolean }> {
  try {
    return { connection: await connect(access, options), usable: true };
  } catch (error) {
    note(error, found);
    return { connection: await connect(access, { ...options, identity: anonymousIdentity }), usable: false };
  }
}

async function readCertificate(
  { access, proxy }: Connection,
  options: ProbeOptions,
  found: Found,
  signal: AbortSignal,
): Promise<void> {
  const { connectTimeoutMs = defaultConnectTimeoutMs } = options;
  const reason = () =>
    new UnreachableError('Cannot read the certificate: no TLS handshake', { reason: 'ConnectTimeout' });
  try {
    found.certificate = await withDeadline(connectTimeoutMs, { signal, reason }, (limited) =>
      readServingCertificate({ ...access.cluster, proxy }, limited),
    );
  } catch (error) {
    signal.throwIfAborted();
    note(error, { ...found }); // the calls beside it tell why there is none
  }
}

interface Question {
  readonly found: Found;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly usable: boolean;
}

async function ask(connection: Connection, { found, now, signal, usable }: Question): Promise<void> {
  try {
    found.version = await readServerVersion(connection, signal);
    found.reachable = true;
    const started = now();
    await readServerVersion(connection, signal);
    found.latencyMs = now() - started;
  } catch (error) {
    note(error, found);
    found.reachable = error instanceof DeniedError || found.reachable;
    if (!(error instanceof DeniedError) || error.status === 401) return;
  }
  if (!usable) return;
  try {
    const subject = await readSelfSubject(connection, signal);
    found.user = subject.username === undefined ? undefined : escapeLine(subject.username);
  } catch (error) {
    note(error, found);
  }
}
