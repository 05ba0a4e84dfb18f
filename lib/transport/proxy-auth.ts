import type { ProxyCredentials } from '../kubeconfig/proxy-url.ts';
import type { Proxy } from './proxy.ts';

/** The header by which an HTTP proxy knows who asks. */
export function proxyHeaders({ credentials }: Proxy): Readonly<Record<string, string>> {
  return credentials === undefined ? {} : { 'proxy-authorization': `Basic ${basicOf(credentials)}` };
}

/** The same for a SOCKS proxy, in the words of the package `socks`. */
export function socksLogin({ credentials }: Proxy): { userId?: string; password?: string } {
  return credentials === undefined ? {} : { userId: credentials.username, password: credentials.password.reveal() };
}

/** Takes name and password out of what a proxy says: some repeat them. */
export function withoutLogin(text: string, { credentials }: Proxy): string {
  if (credentials === undefined) return text;
  const secrets = [basicOf(credentials), credentials.password.reveal()].filter((secret) => secret !== '');
  return secrets.reduce((shown, secret) => shown.replaceAll(secret, '[redacted]'), text);
}

function basicOf({ password, username }: ProxyCredentials): string {
  return Buffer.from(`${username}:${password.reveal()}`).toString('base64');
}
