import { X509Certificate } from 'node:crypto';
import type { PeerCertificate } from 'node:tls';
import { expect, test } from 'vitest';
import { checkIdentity } from '../../lib/transport/tls.ts';
import { testAuthority } from '../support/scripted-server.ts';

function peerCertificate(names: { dnsNames?: string[]; ipAddresses?: string[] }): PeerCertificate {
  const { certPem } = testAuthority.issue({ commonName: 'kube-apiserver', usage: 'server', ...names });
  return new X509Certificate(certPem).toLegacyObject();
}

const certificate = peerCertificate({
  dnsNames: ['localhost', '*.example.com'],
  ipAddresses: ['127.0.0.1', '::1', 'fd00::10:0:0:1'],
});

test.each(['127.0.0.1', '::1', '0:0:0:0:0:0:0:1', 'fd00::10:0:0:1', '::1%lo', 'localhost', 'api.example.com'])(
  'checkIdentity() accepts a certificate for %s',
  (name) => {
    expect(checkIdentity(name, certificate)).toBeUndefined();
  },
);

test.each(['127.0.0.2', '::2', 'fd00::10:0:0:2', '::ffff:127.0.0.1', 'example.com', 'a.b.example.com', 'localhos'])(
  'checkIdentity() refuses it for %s, and says what it is for',
  (name) => {
    expect(checkIdentity(name, certificate)).toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
      host: name,
      cert: { subjectaltname: expect.stringContaining('DNS:localhost') as unknown },
    });
  },
);

test('checkIdentity() takes no address from the common name', () => {
  const { certPem } = testAuthority.issue({ commonName: '127.0.0.1', usage: 'server', dnsNames: ['localhost'] });
  const named = new X509Certificate(certPem).toLegacyObject();
  expect(checkIdentity('127.0.0.1', named)).toBeDefined();
});
