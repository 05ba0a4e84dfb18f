import type { Credential } from '../model/credential.ts';

/** What `KubeConfig.loadFromOptions()` of @kubernetes/client-node takes; plain data, for the caller's own copy of it. */
export interface ClientNodeOptions {
  clusters: {
    name: string;
    server: string;
    caData?: string;
    skipTLSVerify: false;
    tlsServerName?: string;
    proxyUrl?: string;
  }[];
  users: { name: string; token: string }[];
  contexts: { name: string; cluster: string; user: string; namespace: string }[];
  currentContext: string;
}

/**
 * A credential as the options of client-node's `KubeConfig.loadFromOptions()`, so that the JavaScript example of the
 * Kubernetes documentation continues from our token. A proxy's name and password are not in it. TLS is verified, whatever the kubeconfig says that it was made with.
 */
export function clientNodeOptions({
  certificateAuthorityData,
  cluster,
  serviceAccount,
  token,
}: Credential): ClientNodeOptions {
  const user = `${serviceAccount.namespace}-${serviceAccount.name}`;
  return {
    clusters: [
      {
        name: cluster.name,
        server: cluster.server,
        skipTLSVerify: false,
        ...(certificateAuthorityData === null ? {} : { caData: certificateAuthorityData }),
        ...(cluster.tlsServerName === null ? {} : { tlsServerName: cluster.tlsServerName }),
        ...(cluster.proxyUrl === undefined ? {} : { proxyUrl: cluster.proxyUrl }),
      },
    ],
    users: [{ name: user, token: token.reveal() }],
    contexts: [{ name: user, cluster: cluster.name, user, namespace: serviceAccount.namespace }],
    currentContext: user,
  };
}
