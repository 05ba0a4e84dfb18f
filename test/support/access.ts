import { connect, type ConnectOptions } from '../../lib/connection/connect.ts';
import type { Connection } from '../../lib/connection/connection.ts';
import type { ClusterAccess } from '../../lib/model/cluster-access.ts';
import { BearerToken } from '../../lib/model/secret-text.ts';
import { type ScriptedServer, testAuthority } from './scripted-server.ts';

/** What a kubeconfig would say of a scripted server, for a user with a token. */
export function accessTo(
  { url }: Pick<ScriptedServer, 'url'>,
  cluster: Partial<ClusterAccess['cluster']> = {},
): ClusterAccess {
  return {
    context: 'test',
    cluster: {
      name: 'test',
      server: url,
      insecureSkipTlsVerify: false,
      certificateAuthority: { data: testAuthority.certPem },
      ...cluster,
    },
    user: { name: 'jane', token: new BearerToken('token-of-jane') },
    namespace: 'ci',
  };
}

/** A connection to a scripted server; repetitions do not wait. */
export function connectTo(
  server: Pick<ScriptedServer, 'url'>,
  options: Partial<ConnectOptions> & { cluster?: Partial<ClusterAccess['cluster']> } = {},
): Promise<Connection> {
  const { cluster, ...rest } = options;
  return connect(accessTo(server, cluster), { env: {}, now: Date.now, random: () => 0, ...rest });
}
