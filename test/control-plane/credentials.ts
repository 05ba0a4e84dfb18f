import { generateKeyPair } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { promisify } from 'node:util';
import { createAuthority } from '../../lib/sandbox/certificates/authority.ts';
import type { ControlPlaneOptions, Files } from './flags.ts';
import { certificateUser, writeKubeconfig } from './kubeconfig-file.ts';

const defaultServingNames = ['localhost', 'kubernetes', 'kubernetes.default.svc', '127.0.0.1', '::1'];

/** Makes the keys and certificates of an instance and writes its files, the admin kubeconfig among them. */
export async function writeCredentials(files: Files, port: number, options: ControlPlaneOptions) {
  const serviceAccountKeys = await generateServiceAccountKeys(options.signingKey ?? 'RS256');
  const authority = createAuthority({ name: 'control-plane', now: Date.now });
  const servingNames = options.servingNames ?? defaultServingNames;
  const serving = authority.issue({
    commonName: 'kube-apiserver',
    dnsNames: servingNames.filter((name) => !isIP(name)),
    ipAddresses: servingNames.filter((name) => isIP(name)),
    usage: 'server',
  });
  // the group passes every authorization; the controller manager uses this identity as well
  const adminCertificate = authority.issue({ commonName: 'admin', organizations: ['system:masters'], usage: 'client' });
  const server = `https://127.0.0.1:${port}`;
  const caPem = authority.certPem;
  const entry = { name: 'control-plane', server, userName: 'admin', user: certificateUser(adminCertificate) };
  const privately = { mode: 0o600 };
  await Promise.all([
    writeFile(files.authority, caPem),
    writeFile(files.servingCertificate, serving.certPem),
    writeFile(files.servingKey, serving.keyPem, privately),
    writeFile(files.serviceAccountKey, serviceAccountKeys.privateKey, privately),
    writeFile(files.serviceAccountPublicKey, serviceAccountKeys.publicKey),
    writeFile(
      files.auditPolicy,
      JSON.stringify({ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules: options.auditRules ?? [] }),
    ),
    writeKubeconfig(files.kubeconfig, { ...entry, caPem }),
    // a CA in its kubeconfig it would put into the Secrets even without --root-ca-file
    writeKubeconfig(files.controllerManagerKubeconfig, { ...entry, caFile: files.authority }),
  ]);
  return { server, caPem, authority, adminCertificate };
}

async function generateServiceAccountKeys(algorithm: 'RS256' | 'ES256') {
  const generate = promisify(generateKeyPair);
  const { privateKey, publicKey } =
    algorithm === 'ES256'
      ? await generate('ec', { namedCurve: 'P-256' })
      : await generate('rsa', { modulusLength: 2048 });
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }),
  };
}
