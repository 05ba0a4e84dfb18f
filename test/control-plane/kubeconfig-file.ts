import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';

export interface KubeconfigEntry {
  /** Name of the cluster and of the context. */
  name: string;
  server: string;
  caPem?: string | undefined;
  /** Path of the CA's file, instead of `caPem`. */
  caFile?: string;
  userName: string;
  /** Fields of the kubeconfig's user. */
  user: Readonly<Record<string, string>>;
  namespace?: string;
}

/** Fields of a kubeconfig's user that authenticates by certificate. */
export function certificateUser({ certPem, keyPem }: { certPem: string; keyPem: string }): Record<string, string> {
  return { 'client-certificate-data': base64(certPem), 'client-key-data': base64(keyPem) };
}

/** Writes a kubeconfig of one context, 0600. */
export async function writeKubeconfig(path: string, entry: KubeconfigEntry): Promise<void> {
  const { name, server, caPem, caFile, userName, user, namespace } = entry;
  const cluster = {
    server,
    ...(caFile === undefined ? {} : { 'certificate-authority': caFile }),
    ...(caPem === undefined ? {} : { 'certificate-authority-data': base64(caPem) }),
  };
  const context = { cluster: name, user: userName, ...(namespace === undefined ? {} : { namespace }) };
  const text = stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster }],
    users: [{ name: userName, user }],
    contexts: [{ name, context }],
    'current-context': name,
  });
  await writeFile(path, text, { mode: 0o600 });
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
