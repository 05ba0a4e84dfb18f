import type { ExecPlugin } from '../model/cluster-access.ts';
import type { ClientCertificate } from '../transport/tls.ts';
import type { PluginCredential } from './exec-output.ts';
import type { Identity } from './identity.ts';
import type { PluginHost } from './plugin-host.ts';
import { runPlugin } from './run-plugin.ts';

/** Milliseconds for which a credential that comes expired is used: for the request that it was fetched for. */
const leastLifeMs = 1000;

/**
 * What a credential plugin gives, kept until it expires, without an expiry for the life of this identity; the plugin
 * runs once for all who wait (client-go: plugin/pkg/client/auth/exec).
 */
export function pluginCredentials(
  exec: ExecPlugin,
  { user, host }: { user: string; host: PluginHost },
): Required<Pick<Identity, 'headers' | 'clientCertificate' | 'refresh'>> {
  let kept: { readonly credential: PluginCredential; readonly until: number } | undefined;
  let running: { readonly result: Promise<PluginCredential>; readonly signal: AbortSignal | undefined } | undefined;

  const run = async (signal: AbortSignal | undefined): Promise<PluginCredential> => {
    const credential = await runPlugin(exec, { user, host, signal });
    kept = { credential, until: Math.max(credential.expiresAt, host.now() + leastLifeMs) };
    return credential;
  };
  const runOnce = async (signal: AbortSignal | undefined): Promise<PluginCredential> => {
    for (;;) {
      signal?.throwIfAborted();
      if (running === undefined) {
        const result = run(signal).finally(() => (running = undefined));
        running = { result, signal };
        return await result;
      }
      const { result, signal: owner } = running;
      try {
        return await unlessAborted(result, signal);
      } catch (error) {
        if (owner?.aborted !== true || signal?.aborted === true) throw error;
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

/** Waits for somebody else's run, too, no longer than `signal` allows. */
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
