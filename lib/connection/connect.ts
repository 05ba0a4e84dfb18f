import { anonymousIdentity, type Identity } from '../auth/identity.ts';
import { identityOf, identityWithoutCredential } from '../auth/kubeconfig-user.ts';
import type { PluginHost } from '../auth/plugin-host.ts';
import type { ClusterAccess } from '../model/cluster-access.ts';
import { UsageError } from '../model/errors.ts';
import { escapeLine } from '../model/escape.ts';
import { unlessAborted } from '../system/deadline.ts';
import type { Env } from '../system/runtime.ts';
import { chooseProxy, type Proxy, type TrustedProxy } from '../transport/proxy.ts';
import { describeServer, parseServerUrl } from '../transport/server-url.ts';
import { createTransport, defaultConnectTimeoutMs } from '../transport/transport.ts';
import { fixedTrust, type LastingTrust, openTrust, systemTrust, type Trust } from '../transport/trust.ts';
import type { ConnectionCore, Exchange } from './attempt.ts';
import type { Connection } from './connection.ts';
import { defaultSchedule, type RetrySchedule } from './retry.ts';
import { open, send, type SendSettings } from './send.ts';
import { transportsOf } from './transports.ts';

export interface ConnectOptions {
  readonly env: Env;
  /** Milliseconds for one request, watches excepted. If unset or 0, no limit. */
  readonly requestTimeoutMs?: number | undefined;
  /** Instead of the user of the kubeconfig, which then need not be usable. */
  readonly identity?: Identity | undefined;
  /** Runs credential plugins; without it a user that needs one is refused. */
  readonly plugins?: PluginHost | undefined;
  readonly trust?: Trust | undefined;
  /** Ends `connect()`. Requests have signals of their own: a clean-up goes out after an interruption. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** From 0 to 1: spreads repetitions. */
  readonly random: () => number;
  readonly onExchange?: ((exchange: Exchange) => void) | undefined;
  /** Told each text of a `Warning` header once. */
  readonly onWarning?: ((text: string) => void) | undefined;
  /** Told what the user should know about the connection itself. */
  readonly onNote?: ((text: string) => void) | undefined;
  /** Milliseconds for TCP, proxy and TLS. If unset, 10 s. */
  readonly connectTimeoutMs?: number | undefined;
  readonly retry?: RetrySchedule | undefined;
}

/**
 * Makes a Connection of what a kubeconfig says. Reads its files; no request is sent before the first is asked for.
 *
 * A credential plugin is run here for the first time.
 *
 * @throws {UsageError} Something that decides where requests go, as whom, or what is trusted cannot be used as given.
 * @throws {CredentialError} A credential plugin failed.
 */
export async function connect(access: ClusterAccess, options: ConnectOptions): Promise<Connection> {
  const { cluster, user } = access;
  options.signal?.throwIfAborted();
  refuseUncheckedTls(options.env, access);
  const chosen = chooseProxy(cluster, options.env);
  const trust =
    options.trust === undefined
      ? await unlessAborted(openTrust(cluster, options), options.signal)
      : fixedTrust(options.trust);
  const proxy = chosen && { ...chosen, trust: proxyTrust(chosen, trust.latest, options.env) };
  const isPlain = !parseServerUrl(cluster.server).tls;
  const own = () => (isPlain ? identityWithoutCredential(user) : identityOf(user, options.plugins));
  const identity = options.identity === undefined ? own() : overTls(cluster.server, options.identity);
  const shown = new Set<string>();
  const connection = createConnection(access, { identity, trust, proxy, options, shown });
  if (isPlain) {
    options.onNote?.(`${describeServer(cluster.server)} is plain http: no credential is sent to it`);
  } else {
    await identity.clientCertificate(options.signal); // what is wrong with it is told before anything is sent
  }
  return connection;
}

interface ConnectionParts {
  readonly identity: Identity;
  readonly trust: LastingTrust;
  /** Stays for each identity: its own trust is that of the kubeconfig. */
  readonly proxy: TrustedProxy | undefined;
  readonly options: ConnectOptions;
  /** Warnings that were told. */
  readonly shown: Set<string>;
}

function createConnection(
  access: ClusterAccess,
  { identity, trust, proxy, options, shown }: ConnectionParts,
): Connection {
  const {
    connectTimeoutMs = defaultConnectTimeoutMs,
    now,
    onExchange,
    onWarning,
    random,
    requestTimeoutMs = 0,
  } = options;
  const { server, tlsServerName } = access.cluster;
  const transports = transportsOf({ identity, trust }, (current) =>
    createTransport({ ...current, server, proxy, tlsServerName, connectTimeoutMs }),
  );
  const core: ConnectionCore = {
    access,
    trust: trust.latest,
    identity,
    proxy,
    connectTimeoutMs,
    now,
    onExchange,
    onNote: options.onNote,
    transport: (signal) => transports.current(signal),
    warn(text) {
      if (shown.has(text)) return;
      shown.add(text);
      onWarning?.(text);
    },
  };
  const settings: SendSettings = {
    schedule: options.retry ?? defaultSchedule,
    random,
    requestTimeoutMs: requestTimeoutMs === 0 ? undefined : requestTimeoutMs,
  };
  return {
    access,
    get trust() {
      return trust.latest;
    },
    proxy,
    identity,
    send: (request) => send(core, request, settings),
    open: (request) => open(core, request, settings),
    prepare() {
      transports
        .current(undefined)
        .then((made) => made.prepare())
        .catch(() => undefined); // whoever sends over it is told
    },
    withIdentity(other, otherTrust = trust.latest) {
      const lasting = otherTrust === trust.latest ? trust : fixedTrust(otherTrust);
      return createConnection(access, { identity: overTls(server, other), trust: lasting, proxy, options, shown });
    },
    close: () => transports.close(),
  };
}

/** No credential goes out over plain http. */
function overTls(server: string, identity: Identity): Identity {
  return parseServerUrl(server).tls ? identity : anonymousIdentity;
}

/** That of the cluster, as in kubectl, for which a server without TLS has none. */
function proxyTrust({ protocol }: Proxy, trust: Trust, env: Env): Trust {
  return protocol === 'https' && trust.source === 'none' ? systemTrust(env) : trust;
}

function refuseUncheckedTls(env: Env, { cluster }: ClusterAccess): void {
  if (env['NODE_TLS_REJECT_UNAUTHORIZED'] !== '0') return;
  throw new UsageError(
    `Cannot connect to cluster "${escapeLine(cluster.name)}": NODE_TLS_REJECT_UNAUTHORIZED=0 would let anybody answer in its place`,
    {
      reason: 'TlsVerificationDisabled',
      hint: 'Unset it; a CA that is missing is named with --certificate-authority',
    },
  );
}
