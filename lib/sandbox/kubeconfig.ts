import type { CertificateAndKey } from './certificates/authority.ts';

/** A kubeconfig of one context, `sandbox`, whose user presents a client certificate. */
export function kubeconfigText(server: string, caPem: string, { certPem, keyPem }: CertificateAndKey): string {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  return `apiVersion: v1
kind: Config
current-context: sandbox
clusters:
- name: sandbox
  cluster:
    server: ${server}
    certificate-authority-data: ${base64(caPem)}
contexts:
- name: sandbox
  context:
    cluster: sandbox
    user: sandbox-admin
users:
- name: sandbox-admin
  user:
    client-certificate-data: ${base64(certPem)}
    client-key-data: ${base64(keyPem)}
`;
}
