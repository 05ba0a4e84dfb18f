import { X509Certificate } from 'node:crypto';
import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { expect, test } from 'vitest';
import type { ClusterEndpoint } from '../../lib/model/cluster-access.ts';
import { UsageError } from '../../lib/model/errors.ts';
import { loadTrust, openTrust, trustOfPem } from '../../lib/transport/trust.ts';
import { otherAuthority, testAuthority } from '../support/scripted-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const caPem = testAuthority.certPem;
const caSha256 = new X509Certificate(caPem).fingerprint256.replaceAll(':', '').toLowerCase();
const brokenBlock = '-----BEGIN CERTIFICATE-----\nc2VjcmV0LWxvb2tpbmcgYnl0ZXM=\n-----END CERTIFICATE-----\n';

function endpoint(changes: Partial<ClusterEndpoint>): ClusterEndpoint {
  return { name: 'dev', server: 'https://10.0.0.1:6443', insecureSkipTlsVerify: false, ...changes };
}

const load = (changes: Partial<ClusterEndpoint>) => loadTrust(endpoint(changes), { env: {} });

test('loadTrust() trusts certificate-authority-data and nothing else', async () => {
  const trust = await load({ certificateAuthority: { data: caPem } });
  expect(trust).toMatchObject({ source: 'certificate-authority-data', caPem, certificateAuthoritySha256: caSha256 });
  expect(trust.roots).toHaveLength(1);
});

test('loadTrust() reads the file that certificate-authority names', async () => {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, 'ca.crt');
  writeFileSync(file, caPem);
  const trust = await load({ certificateAuthority: { file } });
  expect(trust).toMatchObject({ source: 'certificate-authority', caPem, certificateAuthoritySha256: caSha256 });
});

test("loadTrust() takes Node's and the system's roots where the kubeconfig names no CA, and no CA of ours", async () => {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, 'company.crt');
  writeFileSync(file, otherAuthority.certPem);
  const trust = await loadTrust(endpoint({}), { env: { SSL_CERT_FILE: file } });
  expect(trust).toMatchObject({ source: 'system', caPem: undefined, certificateAuthoritySha256: undefined });
  expect(trust.roots).toEqual(expect.arrayContaining([rootCertificates[0], otherAuthority.certPem.trim()]));
});

test('loadTrust() verifies nothing with insecure-skip-tls-verify, and over plain http', async () => {
  const nothing = { caPem: undefined, certificateAuthoritySha256: undefined, roots: undefined };
  expect(await load({ insecureSkipTlsVerify: true })).toEqual({ source: 'insecure-skip-tls-verify', ...nothing });
  expect(await load({ server: 'http://localhost:8080' })).toEqual({ source: 'none', ...nothing });
});

test('loadTrust() passes over a certificate that cannot be read as long as another can, as Go does', async () => {
  const trust = await load({
    certificateAuthority: { data: `${brokenBlock}# comment\n${caPem}${otherAuthority.certPem}` },
  });
  expect(trust.certificateAuthoritySha256).toBe(caSha256);
  expect(trust.roots).toHaveLength(2);
});

test('openTrust() gives another trust for another CA in the file, and the same one for a file that only looks new', async () => {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, 'ca.crt');
  writeFileSync(file, caPem);
  const trust = await openTrust(endpoint({ certificateAuthority: { file } }), { env: {} });
  const first = trust.latest;
  writeFileSync(file, caPem);
  utimesSync(file, 1, 1);
  expect(await trust.current()).toBe(first);
  writeFileSync(file, otherAuthority.certPem);
  expect((await trust.current()).caPem).toBe(otherAuthority.certPem);
  expect(trust.latest).toBe(await trust.current());
});

test.each([
  ['empty', ''],
  ['no PEM', 'bm90IGEgY2VydGlmaWNhdGU='],
  ['a broken certificate', brokenBlock],
  ['a key', testAuthority.keyPem],
])('loadTrust() refuses certificate-authority-data that is %s, without showing it', async (_, data) => {
  const error = await load({ certificateAuthority: { data } }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  expect(error).toMatchObject({
    message: 'Cannot use certificate-authority-data of cluster "dev": no certificate (PEM) can be read in it',
    reason: 'CertificateAuthorityInvalid',
  });
});

test('loadTrust() names the file that it cannot read or use', async () => {
  await using directory = await temporaryDirectory();
  const [missing, empty] = [join(directory.path, 'missing.crt'), join(directory.path, 'empty.crt')];
  writeFileSync(empty, '');
  await expect(load({ certificateAuthority: { file: missing } })).rejects.toThrow(
    `Cannot read certificate-authority "${missing}" of cluster "dev": there is no such file`,
  );
  await expect(load({ certificateAuthority: { file: empty } })).rejects.toThrow(
    `Cannot use certificate-authority "${empty}" of cluster "dev": no certificate (PEM) can be read in it`,
  );
});

test('trustOfPem() trusts a text alone, and names what has no certificate', () => {
  expect(trustOfPem(caPem, 'token-secret')).toMatchObject({
    source: 'token-secret',
    certificateAuthoritySha256: caSha256,
  });
  expect(() => trustOfPem('nothing', 'token-secret')).toThrow('Cannot use ca.crt of the token Secret');
});
