import { nodeSurroundings } from '../system/node-runtime.ts';
import type { SigningAlgorithm } from './authentication/signing-key.ts';
import { createTokenCache } from './authentication/token-cache.ts';
import { bootstrapNamespaces } from './bootstrap/namespaces.ts';
import { bootstrapPolicy } from './bootstrap/policy.ts';
import type { CertificateAndKey } from './certificates/authority.ts';
import type { Cluster } from './cluster.ts';
import { runControllers } from './controllers/all.ts';
import type { FaultName } from './faults/names.ts';
import { createFoundation, issueServing, keptOf, restoreFoundation } from './foundation.ts';
import { handle } from './http/handle.ts';
import { listen } from './http/listen.ts';
import { kubeconfigText } from './kubeconfig.ts';
import type { Parts } from './parts.ts';
import type { Keeper } from './state/keep.ts';
import { createStore } from './store/store.ts';

/** A Kubernetes API server in this process. What it holds ends with it, unless `state` keeps it. */
export interface Sandbox extends AsyncDisposable {
  /** `https://127.0.0.1:PORT`; where there is IPv6, it answers on `[::1]` as well, and so on `localhost` in any case. */
  readonly server: string;
  /** A kubeconfig (YAML) whose user may do everything. */
  readonly kubeconfig: string;
  /** Certificate of the authority that signs everything in it, as PEM. */
  readonly caPem: string;
  /** The administrator's client certificate. */
  readonly adminCertificate: CertificateAndKey;
  /** Ends its `faults`: from now on it is right. What they have done stays, and so does what is open. */
  lift(): void;
  /** Ends it, with all connections. May be called again. @throws {OutputError} Its state could not be written. */
  close(): Promise<void>;
}

export interface SandboxOptions {
  /** Loopback port. If unset, the one that `state` had last, or a free one. */
  readonly port?: number;
  /**
   * Path of a file (0600) in which it lives on: what it holds, who signs its certificates and tokens, and its port, so that
   * kubeconfigs and tokens given out earlier go on working. It is written a moment after each change and at the end, as a
   * whole. If unset, nothing is kept. Never kept: earlier changes, so that watches begin anew.
   */
  readonly state?: string;
  /** How ServiceAccount tokens are signed (`ES256`, or as `state` has it). An RSA key takes a quarter of a second to make. */
  readonly algorithm?: SigningAlgorithm;
  /** Whether the controllers run (true). Without them no token Secret is filled and no namespace gets its defaults. */
  readonly controllers?: boolean;
  /** Milliseconds between a change and what a controller does about it (3). */
  readonly controllerDelayMs?: number;
  /** Milliseconds for which a token that was accepted goes on being accepted (10,000, as kube-apiserver does). */
  readonly tokenCacheMs?: number;
  /** Seconds to which a TokenRequest is shortened. If unset, it is not. */
  readonly maxTokenExpirationSeconds?: number;
  /**
   * Objects that are there from the beginning, in the order in which they are made: with `apiVersion` and `kind`, and
   * `namespace` where it is not `default`. A Pod is taken with its `status`. Where `state` has a sandbox already, they
   * are not made again.
   */
  readonly objects?: readonly object[];
  /**
   * What is wrong with it, to see what a program makes of it; the README has a table of them. If unset, nothing.
   * `lift()` ends them.
   */
  readonly faults?: readonly FaultName[];
  /** How many changes a watch may lie behind (10,000); one that is older gets 410. */
  readonly historyLimit?: number;
  /** Milliseconds since 1970. If unset, the computer's clock. */
  readonly now?: () => number;
}

/**
 * Starts an API server with its token controller on loopback: a fresh cluster, with an authority and an administrator of
 * its own, that answers as a Kubernetes API server does.
 *
 * @throws {UsageError} The file of `state` cannot be used, is damaged or of another version, or its tokens are signed
 *   with another algorithm; or one
 *   of `objects` is refused.
 * @throws {RefusedError} That file is somebody else's, in use, or open to others than its owner.
 * @throws {TypeError} There is no such fault.
 * @throws The system's error where it cannot listen: EADDRINUSE, EACCES.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  if (options.state === undefined) return await start(options, undefined);
  const { keepState } = await import('./state/keep.ts');
  const keeper = await keepState(options.state, nodeSurroundings());
  try {
    return await start(options, keeper);
  } catch (error) {
    await keeper.end();
    throw error;
  }
}

async function start(options: SandboxOptions, keeper: Keeper | undefined): Promise<Sandbox> {
  const surroundings = nodeSurroundings();
  const now = options.now ?? surroundings.now;
  const found = keeper?.found;
  const foundation =
    found === undefined
      ? await createFoundation(options.algorithm ?? 'ES256', now)
      : restoreFoundation(found, { now, algorithm: options.algorithm });
  const { admin, authority, signingKey } = foundation;
  const cluster: Cluster = {
    store: createStore({ historyLimit: options.historyLimit ?? 10_000, content: found }),
    signingKey,
    issuer: 'https://kubernetes.default.svc',
    caPem: authority.certPem,
    tokenCache: createTokenCache({ ttlMs: options.tokenCacheMs ?? 10_000, now }),
    lastImpersonations: new Map(),
    maxTokenExpirationSeconds: options.maxTokenExpirationSeconds,
    now,
    random: surroundings.random,
  };
  if (found === undefined) {
    bootstrapNamespaces(cluster);
    bootstrapPolicy(cluster);
    if (options.objects !== undefined) await (await import('./bootstrap/seed.ts')).seed(cluster, options.objects);
    cluster.store.compact();
  }
  const controllerDelayMs = options.controllers === false ? undefined : (options.controllerDelayMs ?? 3);
  const right: Parts = {
    serving: issueServing(authority),
    handle: (request, response) => handle(cluster, request, response),
    run: () => (controllerDelayMs === undefined ? () => {} : runControllers(cluster, controllerDelayMs)),
  };
  const { faults = [] } = options;
  let parts =
    faults.length === 0
      ? right
      : (await import('./faults/break.ts')).breakParts(faults, right, { cluster, authority, controllerDelayMs });
  const { close, port, show } = await listen({
    port: options.port ?? 0,
    preferredPort: found?.port,
    caPem: authority.certPem,
    serving: parts.serving,
    handle: (request, response) => parts.handle(request, response),
  });
  let stop = parts.run();
  const server = `https://127.0.0.1:${port}`;
  const end = async () => {
    stop();
    await close();
    await keeper?.end();
  };
  try {
    await keeper?.begin(cluster.store, { ...keptOf(foundation), port });
  } catch (error) {
    await end();
    throw error;
  }
  let ended: Promise<void> | undefined;
  const endOnce = () => (ended ??= end());
  return {
    server,
    kubeconfig: kubeconfigText(server, authority.certPem, admin),
    caPem: authority.certPem,
    adminCertificate: admin,
    lift() {
      if (parts === right || ended !== undefined) return;
      stop();
      parts = right;
      show(right.serving);
      stop = right.run();
    },
    close: endOnce,
    [Symbol.asyncDispose]: endOnce,
  };
}
