import { nodeSurroundings } from '../system/node-runtime.ts';
import { createSigningKey, type SigningAlgorithm } from './authentication/signing-key.ts';
import { createTokenCache } from './authentication/token-cache.ts';
import { bootstrapNamespaces } from './bootstrap/namespaces.ts';
import { bootstrapPolicy } from './bootstrap/policy.ts';
import { type CertificateAndKey, createAuthority } from './certificates.ts';
import type { Cluster } from './cluster.ts';
import { aggregationController } from './controllers/aggregation-controller.ts';
import { garbageCollector } from './controllers/garbage-collector.ts';
import { namespaceController, namespaceEmptier } from './controllers/namespace-controller.ts';
import { runController } from './controllers/run.ts';
import { tokenController } from './controllers/token-controller.ts';
import { handle } from './http/handle.ts';
import { listen } from './http/listen.ts';
import { kubeconfigText } from './kubeconfig.ts';
import { createStore } from './store/store.ts';

/** A Kubernetes API server in this process. What it holds ends with it. */
export interface Sandbox extends AsyncDisposable {
  /** `https://127.0.0.1:PORT` */
  readonly server: string;
  /** A kubeconfig (YAML) whose user may do everything. */
  readonly kubeconfig: string;
  /** Certificate of the authority that signs everything in it, as PEM. */
  readonly caPem: string;
  /** The administrator's client certificate. */
  readonly adminCertificate: CertificateAndKey;
  /** Ends it, with all connections. May be called again. */
  close(): Promise<void>;
}

export interface SandboxOptions {
  /** Loopback port. If unset, a free one. */
  readonly port?: number;
  /** How ServiceAccount tokens are signed (`ES256`). An RSA key takes a quarter of a second to make. */
  readonly algorithm?: SigningAlgorithm;
  /** Whether the controllers run (true). Without them no token Secret is filled and no namespace gets its defaults. */
  readonly controllers?: boolean;
  /** Milliseconds between a change and what a controller does about it (3). */
  readonly controllerDelayMs?: number;
  /** Milliseconds for which a token that was accepted goes on being accepted (10,000, as kube-apiserver does). */
  readonly tokenCacheMs?: number;
  /** Seconds to which a TokenRequest is shortened. If unset, it is not. */
  readonly maxTokenExpirationSeconds?: number;
  /** How many changes a watch may lie behind (10,000); one that is older gets 410. */
  readonly historyLimit?: number;
  /** Milliseconds since 1970. If unset, the computer's clock. */
  readonly now?: () => number;
}

/**
 * Starts an API server with its token controller on loopback: a fresh cluster, with an authority and an administrator of
 * its own, that answers as a Kubernetes API server does.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const surroundings = nodeSurroundings();
  const now = options.now ?? surroundings.now;
  const authority = createAuthority({ name: 'sandbox', now });
  const serving = authority.issue({
    commonName: 'kube-apiserver',
    dnsNames: ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'],
    ipAddresses: ['127.0.0.1', '::1'],
    usage: 'server',
  });
  const admin = authority.issue({ commonName: 'sandbox-admin', organizations: ['system:masters'], usage: 'client' });
  const cluster: Cluster = {
    store: createStore({ historyLimit: options.historyLimit ?? 10_000 }),
    signingKey: await createSigningKey(options.algorithm ?? 'ES256'),
    issuer: 'https://kubernetes.default.svc',
    caPem: authority.certPem,
    tokenCache: createTokenCache({ ttlMs: options.tokenCacheMs ?? 10_000, now }),
    maxTokenExpirationSeconds: options.maxTokenExpirationSeconds,
    now,
    random: surroundings.random,
  };
  bootstrapNamespaces(cluster);
  bootstrapPolicy(cluster);
  cluster.store.compact();
  const { close, port } = await listen({
    port: options.port ?? 0,
    caPem: authority.certPem,
    serving,
    handle: (request, response) => handle(cluster, request, response),
  });
  const delayMs = options.controllerDelayMs ?? 3;
  const controllers = [tokenController, namespaceController, garbageCollector, aggregationController];
  const slow = { delayMs: delayMs * 100 };
  const running =
    options.controllers === false
      ? []
      : [
          ...controllers.map((make) => runController(cluster, make(cluster), { delayMs })),
          runController(cluster, namespaceEmptier(cluster), slow),
        ];
  const server = `https://127.0.0.1:${port}`;
  const end = async () => {
    for (const stop of running) stop();
    await close();
  };
  return {
    server,
    kubeconfig: kubeconfigText(server, authority.certPem, admin),
    caPem: authority.certPem,
    adminCertificate: admin,
    close: end,
    [Symbol.asyncDispose]: end,
  };
}
