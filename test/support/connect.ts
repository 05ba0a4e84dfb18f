import { onTestFinished } from 'vitest';
import type { Exchange } from '../../lib/connection/attempt.ts';
import { type ConnectOptions, connect } from '../../lib/connection/connect.ts';
import type { Connection } from '../../lib/connection/connection.ts';
import type { ClusterAccess, ClusterEndpoint, KubeconfigUser } from '../../lib/model/cluster-access.ts';
import { BearerToken } from '../../lib/model/secret-text.ts';
import { testAuthority } from './scripted-server.ts';

/** The token of `jane`, the user that `accessTo()` has by default. */
export const janesToken = 'janes-token-5e7d';

export interface AccessChanges {
  readonly user?: Partial<KubeconfigUser>;
  readonly cluster?: Partial<ClusterEndpoint>;
}

/** Access as a kubeconfig would give it: context "dev", cluster "dev-cluster", user "jane" with a token. */
export function accessTo(server: string, { cluster, user }: AccessChanges = {}): ClusterAccess {
  return {
    context: 'dev',
    cluster: {
      name: 'dev-cluster',
      server,
      insecureSkipTlsVerify: false,
      certificateAuthority: { data: testAuthority.certPem },
      ...cluster,
    },
    user: { name: 'jane', ...(user ?? { token: new BearerToken(janesToken) }) },
    namespace: 'default',
  };
}

/** What a connection told while a test used it. */
export interface Told {
  readonly exchanges: Exchange[];
  readonly warnings: string[];
  readonly notes: string[];
  /** Milliseconds that were waited before repetitions; no time has passed. */
  readonly waits: number[];
}

/** A connection that does not really wait before it repeats; closed with the test. */
export async function testConnection(
  server: string,
  { options, ...changes }: AccessChanges & { options?: Partial<ConnectOptions> } = {},
): Promise<{ connection: Connection; told: Told }> {
  const told: Told = { exchanges: [], warnings: [], notes: [], waits: [] };
  const connection = await connect(accessTo(server, changes), {
    env: {},
    now: Date.now,
    random: () => 1,
    onExchange: (exchange) => told.exchanges.push(exchange),
    onWarning: (text) => told.warnings.push(text),
    onNote: (text) => told.notes.push(text),
    retry: {
      delaysMs: [100, 300, 900, 2000],
      sleep: (ms, signal) => {
        signal?.throwIfAborted();
        told.waits.push(ms);
        return Promise.resolve();
      },
    },
    ...options,
  });
  onTestFinished(() => connection.close());
  return { connection, told };
}
