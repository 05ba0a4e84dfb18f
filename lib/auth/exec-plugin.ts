import type { ExecPlugin } from '../model/cluster-access.ts';
import type { ClientCertificate } from '../transport/tls.ts';
import type { PluginCredential } from './exec-output.ts';
import { renderExactly } from './exec-info.ts';
import type { PluginCredentials, PluginHost } from './plugin-host.ts';
import { runPlugin } from './run-plugin.ts';

/** Milliseconds for which a credential that comes expired is used: for the request that it was fetched for. */
const leastLifeMs = 1000;

/**
 * The credentials of a plugin, the same ones for all users of a program whose entries are the same, and who tell the
 * plugin the same of the cluster, if anything (client-go: plugin/pkg/client/auth/exec, cacheKey). For one who asks for a
 * login that is one login, and not one for each cluster.
 */
export function sharedCredentials(exec: ExecPlugin, of: { user: string; host: PluginHost }): PluginCredentials {
  const { shared } = of.host;
  const key = keyOf(exec);
  const credentials = shared.get(key) ?? pluginCredentials(exec, of);
  shared.set(key, credentials);
  return credentials;
}

/** Says all of an entry, and shows no secret. */
function keyOf({ args, clusterInfo, env, ...exec }: ExecPlugin): string {
  return renderExactly({
    ...exec,
    args: args.map((text) => text.sha256()),
    env: env.map(({ name, value }) => [name, value.sha256()]),
    cluster: clusterInfo && { ...clusterInfo, proxyUrl: clusterInfo.proxyUrl?.sha256() },
  });
}

/** A run of the plugin, and how many wait for it. */
interface PluginRun {
  readonly result: Promise<PluginCredential>;
  readonly ending: AbortController;
  waiting: number;
}

/**
 * What a credential plugin gives, kept until it expires, without an expiry for good; the plugin runs once for all who
 * wait, and is ended when nobody does any more.
 *
 * @param user In whose name it is run: for messages.
 */
export function pluginCredentials(
  exec: ExecPlugin,
  { user, host }: { user: string; host: PluginHost },
): PluginCredentials {
  let kept: { readonly credential: PluginCredential; readonly until: number } | undefined;
  let running: PluginRun | undefined;

  const start = (): PluginRun => {
    const ending = new AbortController();
    const ended = () => {
      if (running === begun) running = undefined;
    };
    const begun: PluginRun = { result: run(ending.signal).finally(ended), ending, waiting: 0 };
    return begun;
  };
  const run = async (signal: AbortSignal): Promise<PluginCredential> => {
    const credential = await runPlugin(exec, { user, host, signal });
    kept = { credential, until: Math.max(credential.expiresAt, host.now() + leastLifeMs) };
    return credential;
  };
  const runOnce = async (signal: AbortSignal | undefined): Promise<PluginCredential> => {
    signal?.throwIfAborted();
    const joined = (running ??= start());
    joined.waiting++;
    try {
      return await unlessAborted(joined.result, signal);
    } finally {
      joined.waiting--;
      if (running === joined && joined.waiting === 0) {
        running = undefined; // who comes now begins anew
        joined.ending.abort(signal?.reason);
        await joined.result.catch(() => undefined);
      }
    }
  };
  const credentialOf = async (signal: AbortSignal | undefined): Promise<PluginCredential> =>
    kept !== undefined && host.now() < kept.until ? kept.credential : runOnce(signal);

  return {
    async headers(signal) {
      return headersOf(await credentialOf(signal));
    },
    async clientCertificate(signal) {
      return (await credentialOf(signal)).certificate;
    },
    async refresh(refused, signal) {
      const before = kept?.credential;
      if (before !== undefined && headersOf(before)['authorization'] !== refused['authorization']) return true;
      const now = await runOnce(signal);
      return now.authorization !== before?.authorization || !isSame(now.certificate, before?.certificate);
    },
  };
}

function headersOf({ authorization }: PluginCredential): Readonly<Record<string, string>> {
  return authorization === undefined ? {} : { authorization };
}

function isSame(a: ClientCertificate | undefined, b: ClientCertificate | undefined): boolean {
  return a?.certPem === b?.certPem && a?.keyPem.sha256() === b?.keyPem.sha256();
}

/** Waits no longer than `signal` allows. */
async function unlessAborted<T>(result: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return result;
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([result, aborted]);
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  }
}
