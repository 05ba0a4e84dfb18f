import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import type { RestTarget } from './rest.ts';

interface KubeconfigFile {
  'current-context'?: string;
  contexts?: { name: string; context: { cluster: string; user: string } }[];
  clusters?: { name: string; cluster: Record<string, string | undefined> }[];
  users?: { name: string; user: Record<string, string | undefined> }[];
}

/**
 * Server and credentials of a kubeconfig's current context, read apart from lib/kubeconfig, so that tests do not see
 * the cluster through the code under test. Certificates and tokens only: no plugins.
 */
export async function restTargetOf(kubeconfig: string): Promise<RestTarget> {
  const file = parse(await readFile(kubeconfig, 'utf8')) as KubeconfigFile;
  const context = file.contexts?.find(({ name }) => name === file['current-context'])?.context;
  const cluster = file.clusters?.find(({ name }) => name === context?.cluster)?.cluster;
  const user = file.users?.find(({ name }) => name === context?.user)?.user;
  const server = cluster?.['server'];
  if (cluster === undefined || user === undefined || server === undefined) {
    throw new Error(`Cannot test on the cluster of "${kubeconfig}": its current context is not complete`);
  }
  const text = async (entry: Record<string, string | undefined>, field: string, encoding: 'base64' | 'utf8') => {
    const data = entry[encoding === 'base64' ? `${field}-data` : field];
    if (data !== undefined && encoding === 'base64') return Buffer.from(data, 'base64').toString();
    const path = entry[field];
    return path === undefined ? undefined : await readFile(resolve(dirname(kubeconfig), path), 'utf8');
  };
  const target = {
    server,
    caPem: await text(cluster, 'certificate-authority', 'base64'),
    certPem: await text(user, 'client-certificate', 'base64'),
    keyPem: await text(user, 'client-key', 'base64'),
    token: (await text(user, 'tokenFile', 'utf8'))?.trim() ?? user['token'],
    servername: cluster['tls-server-name'],
  };
  if (target.certPem === undefined && target.token === undefined) {
    throw new Error(`Cannot test on the cluster of "${kubeconfig}": its user needs a client certificate or a token`);
  }
  return target;
}
