import { readFile } from 'node:fs/promises';
import * as tls from 'node:tls';
import type { Env } from './runtime.ts';

/** Where Linux distributions and the BSDs keep their roots (go: crypto/x509/root_linux.go, root_bsd.go). */
const bundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/**
 * Node's roots and the operating system's, as PEM: a company's CA that works for kubectl then works here. `SSL_CERT_FILE`
 * and `NODE_EXTRA_CA_CERTS` count. Node before 22.15 cannot ask macOS or Windows for theirs.
 */
export async function systemRoots(env: Env): Promise<string[]> {
  const { getCACertificates } = tls as { getCACertificates?: (type: 'default' | 'system') => string[] };
  const own = getCACertificates?.('default') ?? tls.rootCertificates;
  const system = getCACertificates?.('system') ?? [];
  const files = env['SSL_CERT_FILE'] ? [env['SSL_CERT_FILE']] : system.length > 0 ? [] : bundles;
  const bundle = await firstReadable(files);
  const extra = getCACertificates === undefined ? await firstReadable([env['NODE_EXTRA_CA_CERTS'] ?? '']) : undefined;
  return [...new Set([...own, ...system, ...(bundle ?? []), ...(extra ?? [])])];
}

async function firstReadable(files: readonly string[]): Promise<string[] | undefined> {
  for (const file of files) {
    if (file === '') continue;
    try {
      return [await readFile(file, 'utf8')];
    } catch {
      // This system keeps its roots elsewhere.
    }
  }
  return undefined;
}
