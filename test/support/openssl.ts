import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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

function canRun(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
