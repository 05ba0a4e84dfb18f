import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CertificateAndKey } from '../../lib/sandbox/certificates/authority.ts';
import { withDeadline } from '../../lib/system/deadline.ts';
import { renderDuration } from '../../lib/system/duration.ts';
import { buildControlPlane } from './build.ts';
import { type Component, startComponent } from './component.ts';
import { writeCredentials } from './credentials.ts';
import * as flags from './flags.ts';
import * as ready from './ready.ts';
import { type Rest, restClient } from './rest.ts';

/** How to reach a cluster: plain data, so that it can cross from process to process. */
export interface ClusterDescription {
  /** Path of a kubeconfig whose user may do everything. */
  readonly kubeconfig: string;
  readonly server: string;
  readonly caPem: string | undefined;
  /** Signs client certificates; undefined for a cluster that is not ours. */
  readonly authority: CertificateAndKey | undefined;
}

/** An instance of etcd, kube-apiserver and kube-controller-manager that nobody else uses. */
export interface ControlPlane extends ClusterDescription {
  readonly authority: CertificateAndKey;
  readonly caPem: string;
  /** The administrator's client certificate. */
  readonly adminCertificate: CertificateAndKey;
  /** 0700; everything of the instance is in it. */
  readonly directory: string;
  readonly admin: Rest;
  /** Resolves when token Secrets are really being filled. */
  startControllerManager(): Promise<void>;
  stopControllerManager(): Promise<void>;
  /** Ends the API server and starts it again: what its watch cache knew is gone. */
  restartApiServer(): Promise<void>;
  /** What the audit log holds so far. Needs `auditRules`. */
  auditEvents(): Promise<AuditEvent[]>;
  /** Ends its processes and removes its directory. May be called again. */
  stop(): Promise<void>;
}

interface AuditEvent {
  readonly stage: string;
  readonly verb: string;
  readonly requestURI: string;
  readonly user: { readonly username: string };
  readonly objectRef?: { readonly resource: string; readonly namespace?: string; readonly name?: string };
  readonly responseStatus?: { readonly code: number };
  readonly requestObject?: unknown;
  readonly responseObject?: unknown;
}

export interface StartOptions extends flags.ControlPlaneOptions {
  /** Milliseconds from the first process to readiness (60 s); building the program is not counted. */
  readyTimeoutMs?: number;
  /** Takes what there is to tell about building the program. */
  report?: (line: string) => void;
  /** Gives up. What has been started until then is ended. */
  signal?: AbortSignal;
}

const bindAttempts = 3;

/**
 * Starts an instance on free loopback ports in a temporary directory of its own, and waits until it is ready: the API
 * server answers, a token Secret really gets filled, the ClusterRole `view` has rules.
 *
 * It ends with this process, whatever ends this process.
 */
export async function startControlPlane(options: StartOptions = {}): Promise<ControlPlane> {
  const { report, signal } = options;
  const program = await buildControlPlane({ signal, ...(report === undefined ? {} : { report }) });
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce(program, options);
    } catch (error) {
      // between choosing a free port and binding it another process may have taken it
      const taken = error instanceof ready.ComponentEndedError && error.addressInUse;
      if (!taken || attempt === bindAttempts) throw error;
    }
  }
}

async function startOnce(program: string, options: StartOptions): Promise<ControlPlane> {
  const files = flags.filesOf(await temporaryDirectory());
  const port = await freePort();
  const running = new Set<Component>();
  const start = async (name: Component['name'], componentFlags: string[]) => {
    const component = await startComponent(name, componentFlags, { program, directory: files.directory });
    running.add(component);
    return component;
  };
  const clients: Rest[] = [];
  const stop = async () => {
    for (const client of clients) client.close();
    await Promise.all([...running].map((component) => component.endWithDirectory()));
    await rm(files.directory, { recursive: true, force: true });
  };
  const timeoutMs = options.readyTimeoutMs ?? 60_000;
  const late = () => new Error(`Cannot start the control plane: not ready after ${renderDuration(timeoutMs)}`);
  try {
    const etcd = start('etcd', flags.etcdFlags(files));
    const [credentials] = await Promise.all([writeCredentials(files, port, options), etcd]);
    const admin = restClient({ ...credentials, ...credentials.adminCertificate });
    clients.push(admin);
    const waitFor = (probe: (rest: Rest) => Promise<true | undefined>) =>
      withDeadline(timeoutMs, { signal: options.signal, reason: late }, (signal) =>
        ready.waitUntil(() => probe(admin), { components: [...running], signal }),
      );
    const startApiServer = async () => {
      const component = await start('kube-apiserver', flags.apiServerFlags(files, port, options));
      await waitFor(ready.apiServerIsReady);
      return component;
    };
    let apiServer = await startApiServer();
    let controllerManager: Component | undefined;
    const plane: ControlPlane = {
      ...credentials,
      kubeconfig: files.kubeconfig,
      directory: files.directory,
      admin,
      async startControllerManager() {
        controllerManager = await start('kube-controller-manager', flags.controllerManagerFlags(files, options));
        await Promise.all([waitFor(ready.tokensAreFilled), waitFor(ready.viewIsAggregated)]);
      },
      async stopControllerManager() {
        if (controllerManager === undefined) return;
        await controllerManager.kill();
        running.delete(controllerManager);
        controllerManager = undefined;
      },
      async restartApiServer() {
        await apiServer.kill();
        running.delete(apiServer);
        apiServer = await startApiServer();
      },
      auditEvents: async () =>
        (await readFile(files.auditLog, 'utf8'))
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as AuditEvent),
      stop,
    };
    if (options.controllerManager !== false) await plane.startControllerManager();
    return plane;
  } catch (error) {
    await stop();
    throw error;
  }
}

/** 0700, with a path short enough for a socket in it. */
async function temporaryDirectory(): Promise<string> {
  const parent = tmpdir();
  return await mkdtemp(join(parent.length < 75 ? parent : '/tmp', 'control-plane-'));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('Cannot find a free port');
  return address.port;
}
