import { escapeLine } from '../model/escape.ts';
import type { Credential } from '../model/credential.ts';
import { renderDuration } from '../system/duration.ts';

/** `-o name`: the Secret as kubectl names it. */
export function renderName({ secret }: Credential): string {
  return `secret/${secret.name}\n`;
}

/** `-o summary`: everything but the token, for a person. */
export function renderSummary(credential: Credential): string {
  const { cluster, secret, serviceAccount, verifiedBy } = credential;
  const rows: [name: string, value: string][] = [
    ['Context', credential.context ?? '(none)'],
    ['Cluster', cluster.name],
    ['Server', cluster.server],
    ...(cluster.proxyUrl === undefined ? [] : [['Proxy', cluster.proxyUrl] satisfies [string, string]]),
    ['TLS server name', cluster.tlsServerName ?? '(the host of the server)'],
    ['TLS verified', cluster.insecureSkipTlsVerify ? 'no (insecure-skip-tls-verify)' : 'yes'],
    ['CA sha256', cluster.certificateAuthoritySha256 ?? "the system's roots"],
    ['ServiceAccount', `${serviceAccount.namespace}/${serviceAccount.name}`],
    ['Uid', serviceAccount.uid],
    ['Subject', credential.subject],
    ['Secret', `${secret.namespace}/${secret.name} (uid ${secret.uid})`],
    ['Expires', credential.expiresAt ?? 'never'],
    ['Rotate after', credential.rotateAfter ?? '(not set)'],
    ['Verified', verifiedBy === null ? 'no' : `yes, by ${verifiedBy}`],
    ['Waited', renderDuration(credential.waitedMs)],
  ];
  const width = Math.max(...rows.map(([name]) => name.length)) + 1;
  return rows.map(([name, value]) => `${`${name}:`.padEnd(width)} ${escapeLine(value)}\n`).join('');
}
