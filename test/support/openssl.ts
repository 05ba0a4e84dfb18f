import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CertificateAndKey } from '../../lib/sandbox/certificates/authority.ts';

export type Purpose = 'sslserver' | 'sslclient' | 'any';

/** Why a test is skipped where there is no openssl. */
export const needsOpenssl = 'openssl is not on PATH: the same certificates are checked by TLS handshakes alone';

export const hasOpenssl = canRun();

/**
 * What `openssl verify -x509_strict` says of a certificate: `OK`, or why not.
 *
 * @param now Milliseconds since 1970.
 */
export function strictlyVerify(
  { caPem, certPem, purpose }: { caPem: string; certPem: string; purpose: Purpose },
  now: number,
): string {
  const folder = mkdtempSync(join(tmpdir(), 'kube-sa-token-'));
  try {
    const [ca, cert] = [join(folder, 'ca.pem'), join(folder, 'cert.pem')];
    writeFileSync(ca, caPem);
    writeFileSync(cert, certPem);
    const at = String(Math.floor(now / 1000));
    const args = ['verify', '-x509_strict', '-attime', at, '-purpose', purpose, '-CAfile', ca, cert];
    execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    return 'OK';
  } catch (error) {
    return String((error as { stderr?: Buffer }).stderr);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A serving certificate that an authority signed with SHA-1, which nobody takes any more. */
export function sha1Certificate(authority: CertificateAndKey, ipAddress: string): CertificateAndKey {
  const folder = mkdtempSync(join(tmpdir(), 'kube-sa-token-'));
  try {
    const at = (name: string) => join(folder, name);
    const openssl = (...args: string[]) =>
      execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: folder }).toString();
    writeFileSync(at('ca.pem'), authority.certPem);
    writeFileSync(at('ca.key'), authority.keyPem, { mode: 0o600 });
    writeFileSync(at('names'), `subjectAltName=IP:${ipAddress}\nextendedKeyUsage=serverAuth\n`);
    openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'key.pem', '-out', 'request', '-subj', '/CN=old');
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-set_serial', '7'];
    const certPem = openssl('x509', '-req', '-in', 'request', ...by, '-sha1', '-days', '1', '-extfile', 'names');
    return { certPem, keyPem: readFileSync(at('key.pem'), 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function canRun(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
