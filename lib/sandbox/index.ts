import { nodeSurroundings } from '../system/node-runtime.ts';
import { createTokenCache } from './authentication/token-cache.ts';
import { bootstrapNamespaces } from './bootstrap/namespaces.ts';
import { bootstrapOwnService } from './bootstrap/own-service.ts';
import { bootstrapPolicy } from './bootstrap/policy.ts';
import type { CertificateAndKey } from './certificates/authority.ts';
import type { Cluster } from './cluster.ts';
import { runControllers } from './controllers/all.ts';
import { createFoundation, issueServing, keptOf, restoreFoundation } from './foundation.ts';
import { handle } from './http/handle.ts';
import { listen } from './http/listen.ts';
import { kubeconfigText } from './kubeconfig.ts';
import { checkOptions, type SandboxOptions } from './options.ts';
import type { Parts } from './parts.ts';
import type { Keeper } from './state/keep.ts';
import { createStore } from './store/store.ts';

export type { SandboxOptions } from './options.ts';

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

/**
 * Starts an API server with its token controller on loopback: a fresh cluster, with an authority and an administrator of
 * its own, that answers as a Kubernetes API server does.
 *
 * @throws {UsageError} The file of `state` cannot be used, is damaged or of another version, or its tokens are signed
 *   with another algorithm; or one of `objects` is refused.
 * @throws {RefusedError} That file is somebody else's, in use, or open to others than its owner.
 * @throws {TypeError} There is no such option or fault, or an option has a value that it cannot have.
 * @throws The system's error where it cannot listen: EADDRINUSE, EACCES.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  checkOptions(options);
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
  const clock = surroundings.now; // who checks a certificate has this one, whatever `now` says
  const now = options.now ?? clock;
  const found = keeper?.found;
  const foundation =
    found === undefined
      ? await createFoundation(options.algorithm ?? 'ES256', clock)
      : restoreFoundation(found, { now: clock, algorithm: options.algorithm });
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
      : (await import('./faults/break.ts')).breakParts(faults, right, { cluster, authority, clock, controllerDelayMs });
  const { close, port, show } = await listen({
    port: options.port ?? 0,
    preferredPort: found?.port,
    caPem: authority.certPem,
    serving: parts.serving,
    handle: (request, response) => parts.handle(request, response),
  });
  bootstrapOwnService(cluster, port);
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
