import { X509Certificate, createPrivateKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createAuthority, restoreAuthority } from '../../../lib/sandbox/certificates/authority.ts';
import { handshake } from '../../support/handshake.ts';
import { hasOpenssl, needsOpenssl, type Purpose, strictlyVerify } from '../../support/openssl.ts';

// A handshake asks the real clock.
const today = Math.floor(Date.now() / 1000) * 1000 + 500;
const now = () => today;
const authority = createAuthority({ name: 'test-ca', now });
const server = authority.issue({
  commonName: 'kube-apiserver',
  dnsNames: ['kubernetes.default.svc', 'localhost'],
  ipAddresses: ['127.0.0.1', '::1'],
  usage: 'server',
});
const client = authority.issue({ commonName: 'jane', organizations: ['system:masters', 'dev'], usage: 'client' });
const issuedByRestored = restoreAuthority(authority, { now }).issue({ commonName: 'jane', usage: 'client' });
const below = authority.issueAuthority('intermediate-ca');
const issuedBelow = below.issue({ commonName: 'x', ipAddresses: ['127.0.0.1'], usage: 'server' });

describe('createAuthority()', () => {
  test('its certificates are accepted in a TLS handshake, each for its use alone', async () => {
    const { certPem: caPem } = authority;
    expect(await handshake({ caPem, server, client })).toEqual({ server: 'OK', client: 'OK' });
    expect(await handshake({ caPem, server: client, client: server })).toEqual({
      server: 'INVALID_PURPOSE',
      client: 'INVALID_PURPOSE',
    });
  });

  test('another authority of the same name does not verify them', async () => {
    const { certPem: caPem } = createAuthority({ name: 'test-ca', now });
    expect(await handshake({ caPem, server, client })).toEqual({
      server: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      client: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    });
  });

  test('it signs itself, and its key is the one of its certificate', () => {
    const certificate = new X509Certificate(authority.certPem);
    expect(certificate.ca).toBe(true);
    expect(certificate.checkIssued(certificate)).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(authority.keyPem))).toBe(true);
  });
});

test('restoreAuthority() issues what the authority itself would, from its certificate and key', async () => {
  expect(await handshake({ caPem: authority.certPem, server, client: issuedByRestored })).toMatchObject({
    client: 'OK',
  });
});

test('issueAuthority() makes an authority below it, whose certificates verify along the chain', async () => {
  const { certPem, keyPem } = issuedBelow;
  const chained = { keyPem, certPem: `${certPem}${below.certPem}` };
  expect(await handshake({ caPem: authority.certPem, server: chained })).toMatchObject({ server: 'OK' });
  expect(await handshake({ caPem: authority.certPem, server: issuedBelow })).toMatchObject({
    server: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  });
});

test.for<[what: string, caPem: string, certPem: string, purpose: Purpose, ok: boolean]>([
  ['a serving certificate', authority.certPem, server.certPem, 'sslserver', true],
  ['a client certificate', authority.certPem, client.certPem, 'sslclient', true],
  ['a client certificate to serve with', authority.certPem, client.certPem, 'sslserver', false],
  ['what a restored authority issues', authority.certPem, issuedByRestored.certPem, 'sslclient', true],
  ['an authority below another', authority.certPem, below.certPem, 'any', true],
  ['what that issues', `${authority.certPem}${below.certPem}`, issuedBelow.certPem, 'sslserver', true],
  ['what that issues, alone', authority.certPem, issuedBelow.certPem, 'sslserver', false],
])('openssl verify -x509_strict judges %s', ([, caPem, certPem, purpose, ok], { skip }) => {
  skip(!hasOpenssl, needsOpenssl);
  expect(strictlyVerify({ caPem, certPem, purpose }, now())).toMatch(ok ? /^OK$/u : /verification failed/u);
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
    expect(Date.parse(certificate.validFrom)).toBe(today - 500 - 3_600_000);
    expect(Date.parse(certificate.validTo)).toBe(today - 500 + 365 * 24 * 3_600_000);
  });

  test('no two certificates have one serial number', () => {
    const serials = [authority, server, client].map(({ certPem }) => new X509Certificate(certPem).serialNumber);
    expect(new Set(serials).size).toBe(3);
  });

  test('what is no IP address is refused', () => {
    expect(() => authority.issue({ commonName: 'x', usage: 'server', ipAddresses: ['localhost'] })).toThrow(TypeError);
  });
});
