import { execFileSync } from 'node:child_process';
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createAuthority, restoreAuthority } from '../../lib/sandbox/certificates.ts';

const now = () => Date.UTC(2026, 0, 15, 12, 0, 0, 500);
const authority = createAuthority({ name: 'test-ca', now });
const server = authority.issue({
  commonName: 'kube-apiserver',
  dnsNames: ['kubernetes.default.svc', 'localhost'],
  ipAddresses: ['127.0.0.1', '::1'],
  usage: 'server',
});
const client = authority.issue({ commonName: 'jane', organizations: ['system:masters', 'dev'], usage: 'client' });

describe('createAuthority()', () => {
  test('its certificates satisfy openssl verify -x509_strict', () => {
    expect(strictlyVerify(authority.certPem, server.certPem, 'sslserver')).toBe('OK');
    expect(strictlyVerify(authority.certPem, client.certPem, 'sslclient')).toBe('OK');
    expect(strictlyVerify(authority.certPem, client.certPem, 'sslserver')).not.toBe('OK');
  });

  test('another authority of the same name does not verify them', () => {
    const other = createAuthority({ name: 'test-ca', now });
    expect(strictlyVerify(other.certPem, server.certPem, 'sslserver')).not.toBe('OK');
  });

  test('it signs itself, and its key is the one of its certificate', () => {
    const certificate = new X509Certificate(authority.certPem);
    expect(certificate.ca).toBe(true);
    expect(certificate.checkIssued(certificate)).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(authority.keyPem))).toBe(true);
  });
});

test('restoreAuthority() issues what the authority itself would, from its certificate and key', () => {
  const { certPem, keyPem } = authority;
  const restored = restoreAuthority({ certPem, keyPem }, { now });
  const { certPem: issued } = restored.issue({ commonName: 'jane', usage: 'client' });
  expect(strictlyVerify(authority.certPem, issued, 'sslclient')).toBe('OK');
});

test('issueAuthority() makes an authority below it, whose certificates verify along the chain', () => {
  const below = authority.issueAuthority('intermediate-ca');
  const { certPem } = below.issue({ commonName: 'x', usage: 'server' });
  expect(strictlyVerify(authority.certPem, below.certPem, 'any')).toBe('OK');
  expect(strictlyVerify(`${authority.certPem}${below.certPem}`, certPem, 'sslserver')).toBe('OK');
  expect(strictlyVerify(authority.certPem, certPem, 'sslserver')).not.toBe('OK');
});

describe('issue()', () => {
  test('a serving certificate is for its DNS names and addresses', () => {
    const certificate = new X509Certificate(server.certPem);
    expect(certificate.ca).toBe(false);
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.checkIP('::1')).toBe('::1');
    expect(certificate.checkIP('::2')).toBeUndefined();
    expect(certificate.checkPrivateKey(createPrivateKey(server.keyPem))).toBe(true);
  });

  test('a client certificate names its user and groups as the API server reads them', () => {
    expect(new X509Certificate(client.certPem).subject).toBe('O=system:masters\nO=dev\nCN=jane');
  });

  test('validity is as asked for, beyond 2049 too', () => {
    const [notBefore, notAfter] = [Date.UTC(2020, 0, 1), Date.UTC(2051, 5, 1)];
    const certificate = new X509Certificate(
      authority.issue({ commonName: 'x', usage: 'server', notBefore, notAfter }).certPem,
    );
    expect(Date.parse(certificate.validFrom)).toBe(notBefore);
    expect(Date.parse(certificate.validTo)).toBe(notAfter);
  });

  test('validity is counted from the given clock, in whole seconds', () => {
    const certificate = new X509Certificate(server.certPem);
    expect(Date.parse(certificate.validFrom)).toBe(Date.UTC(2026, 0, 15, 11));
    expect(Date.parse(certificate.validTo)).toBe(Date.UTC(2027, 0, 15, 12));
  });

  test('no two certificates have one serial number', () => {
    const serials = [authority, server, client].map(({ certPem }) => new X509Certificate(certPem).serialNumber);
    expect(new Set(serials).size).toBe(3);
  });

  test('what is no IP address is refused', () => {
    expect(() => authority.issue({ commonName: 'x', usage: 'server', ipAddresses: ['localhost'] })).toThrow(TypeError);
  });
});

function strictlyVerify(caPem: string, certPem: string, purpose: 'sslserver' | 'sslclient' | 'any'): string {
  const folder = mkdtempSync(join(tmpdir(), 'kube-sa-token-'));
  try {
    const [ca, cert] = [join(folder, 'ca.pem'), join(folder, 'cert.pem')];
    writeFileSync(ca, caPem);
    writeFileSync(cert, certPem);
    const at = String(Math.floor(now() / 1000));
    const args = ['verify', '-x509_strict', '-attime', at, '-purpose', purpose, '-CAfile', ca, cert];
    execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    return 'OK';
  } catch (error) {
    return String((error as { stderr?: Buffer }).stderr);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
