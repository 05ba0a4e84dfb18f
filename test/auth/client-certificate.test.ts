import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadClientCertificate } from '../../lib/auth/client-certificate.ts';
import type { KubeconfigUser } from '../../lib/model/cluster-access.ts';
import { UsageError } from '../../lib/model/errors.ts';
import { SecretText } from '../../lib/model/secret-text.ts';
import { alteredCertificate } from '../support/altered-certificate.ts';
import { testAuthority } from '../support/scripted-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const { certPem, keyPem } = testAuthority.issue({ commonName: 'jane', usage: 'client' });
const other = testAuthority.issue({ commonName: 'other', usage: 'client' });
const encrypted = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' },
}).privateKey;
const rubbish = (base64: string) => `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;
const tooShort = generateKeyPairSync('rsa', { modulusLength: 512 }).privateKey;
const short = alteredCertificate({ certPem, keyPem }, { key: tooShort });
const secret = (text: string) => ({ data: new SecretText(text) });

test('loadClientCertificate() takes certificate and key inline or from files, also mixed', async () => {
  await using directory = await temporaryDirectory();
  const [certFile, keyFile] = [join(directory.path, 'jane.crt'), join(directory.path, 'jane.key')];
  await Promise.all([writeFile(certFile, certPem), writeFile(keyFile, keyPem)]);
  for (const clientCertificate of [{ data: certPem }, { file: certFile }]) {
    for (const clientKey of [secret(keyPem), { file: keyFile }]) {
      const loaded = await loadClientCertificate({ name: 'jane', clientCertificate, clientKey });
      expect(loaded?.certPem).toBe(certPem);
      expect(loaded?.keyPem.sha256()).toBe(new SecretText(keyPem).sha256());
    }
  }
});

test('loadClientCertificate() takes the certificates of its text alone, and passes over what is not base64', async () => {
  const data = `jane\n${testAuthority.keyPem}${certPem}${rubbish('!!!!')}${testAuthority.certPem}-----BEGIN CERTIFICATE-----\n`;
  const loaded = await loadClientCertificate({
    name: 'jane',
    clientCertificate: { data },
    clientKey: secret(keyPem),
  });
  expect(loaded?.certPem).toBe(`${certPem}${testAuthority.certPem}`);
});

test.each<{ fields: Partial<KubeconfigUser>; message: string }>([
  {
    fields: { clientCertificate: { data: certPem } },
    message: 'Cannot use client-certificate-data of user "jane": it has no client-key',
  },
  {
    fields: { clientCertificate: { data: 'bm8=' }, clientKey: secret(keyPem) },
    message: 'Cannot use client-certificate-data of user "jane": no certificate (PEM) can be read in it',
  },
  {
    fields: {
      clientCertificate: { data: certPem.replaceAll('CERTIFICATE', 'TRUSTED CERTIFICATE') },
      clientKey: secret(keyPem),
    },
    message: 'Cannot use client-certificate-data of user "jane": no certificate (PEM) can be read in it',
  },
  {
    fields: { clientCertificate: { data: `${certPem}${rubbish('c2VjcmV0')}` }, clientKey: secret(keyPem) },
    message:
      'Cannot use client-certificate-data of user "jane": one of the certificates after the first cannot be read',
  },
  {
    fields: { clientCertificate: { data: short.certPem }, clientKey: secret(short.keyPem) },
    message: 'Cannot use client-certificate-data of user "jane": OpenSSL refuses it: ee key too small',
  },
  {
    fields: { clientCertificate: { data: certPem }, clientKey: secret('-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n') },
    message: 'Cannot use client-key-data of user "jane": no private key (PEM) can be read in it',
  },
  {
    fields: { clientCertificate: { data: certPem }, clientKey: secret(encrypted) },
    message: 'Cannot use client-key-data of user "jane": it is encrypted',
  },
  {
    fields: { clientCertificate: { data: certPem }, clientKey: secret(other.keyPem) },
    message: 'Cannot use client-certificate-data of user "jane": it does not belong to the client-key',
  },
  {
    fields: { clientCertificate: { file: '/nonexistent/jane.crt' }, clientKey: secret(keyPem) },
    message: 'Cannot read client-certificate "/nonexistent/jane.crt" of user "jane": there is no such file',
  },
  {
    fields: { clientCertificate: { data: certPem }, clientKey: { file: '/nonexistent/jane.key' } },
    message: 'Cannot read client-key "/nonexistent/jane.key" of user "jane": there is no such file',
  },
])('loadClientCertificate() says "$message", and shows no contents', async ({ fields, message }) => {
  const error = await loadClientCertificate({ name: 'jane', ...fields }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  expect(error).toMatchObject({ message });
});
