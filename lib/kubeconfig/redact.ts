import type { Kubeconfig } from './types.ts';

/**
 * A kubeconfig without certificates, keys, tokens and passwords, exactly as `kubectl config view` leaves them out
 * (client-go: api/helpers.go, RedactSecrets and ShortenConfig). Like there, what an exec plugin is given, the
 * configuration of an auth-provider, extensions and a password in the URL of server or proxy-url stay: `shownSecrets()`
 * and `urlsWithPassword()` find them.
 */
export function redactKubeconfig(kubeconfig: Kubeconfig): Kubeconfig {
  return {
    ...kubeconfig,
    clusters: mapValues(kubeconfig.clusters, (cluster) => ({
      ...cluster,
      certificateAuthorityData: omitted(cluster.certificateAuthorityData),
    })),
    users: mapValues(kubeconfig.users, (user) => ({
      ...user,
      clientCertificateData: omitted(user.clientCertificateData),
      clientKeyData: omitted(user.clientKeyData),
      token: redacted(user.token),
      password: redacted(user.password),
    })),
  };
}

/** Base64, like what it stands for. */
function omitted(data: string): string {
  return data === '' ? '' : 'DATA+OMITTED';
}

function redacted(text: string): string {
  return text === '' ? '' : 'REDACTED';
}

function mapValues<T>(map: ReadonlyMap<string, T>, change: (value: T) => T): ReadonlyMap<string, T> {
  return new Map([...map].map(([key, value]) => [key, change(value)]));
}
