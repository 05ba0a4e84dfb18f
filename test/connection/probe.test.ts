import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { type ClusterProbe, type ProbeOptions, probe } from '../../lib/connection/probe.ts';
import { SecretText } from '../../lib/model/secret-text.ts';
import { type AccessChanges, accessTo } from '../support/connect.ts';
import { execCredential, prints, testHost, testPlugin, writePlugin } from '../support/plugin.ts';
import { startRecordingProxy } from '../support/recording-proxy.ts';
import {
  answer,
  closedPort,
  failure,
  json,
  type ScriptedStep,
  startScriptedServer,
  startTcpServer,
  testAuthority,
  wrongCertificates,
} from '../support/scripted-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const version = json(200, { major: '1', minor: '37', gitVersion: 'v1.37.2' });
const review = json(201, {
  kind: 'SelfSubjectReview',
  status: { userInfo: { username: 'jane@example.com', groups: [] } },
});
const exec = testPlugin({ command: 'aws' });

function look(server: string, changes: AccessChanges = {}, options: Partial<ProbeOptions> = {}): Promise<ClusterProbe> {
  let clock = 0;
  return probe(accessTo(server, changes), {
    env: {},
    now: () => (clock += 4),
    random: () => 1,
    signal: new AbortController().signal,
    retry: { delaysMs: [], sleep: () => Promise.resolve() },
    ...options,
  });
}

describe('probe()', () => {
  test('tells version, latency, certificate and who the user is there', async () => {
    const server = await startScriptedServer([version, version, review]);
    const found = await look(server.url);
    expect(found).toMatchObject({ reachable: true, version: 'v1.37.2', user: 'jane@example.com', error: undefined });
    expect(found.latencyMs).toBeGreaterThan(0);
    expect(found.certificate).toMatchObject({
      subjectAltNames: ['localhost', '127.0.0.1', '0:0:0:0:0:0:0:1'],
      issuer: 'CN=test-ca',
    });
    expect(Date.parse(found.certificate?.notAfter ?? '')).toBeGreaterThan(
      Date.parse(found.certificate?.notBefore ?? ''),
    );
    expect(server.requests.map(({ path }) => path)).toEqual([
      '/version',
      '/version',
      '/apis/authentication.k8s.io/v1/selfsubjectreviews',
    ]);
  });

  test.skipIf(process.platform === 'win32')('gives a plugin the time that it has by itself', async () => {
    await using directory = await temporaryDirectory();
    const body = `sleep 0.2; : > "$0.done"; ${prints(execCredential({ token: 't' }))}`;
    const { path } = await writePlugin(directory.path, body);
    const server = await startScriptedServer([() => undefined]);
    const user = { exec: testPlugin({ command: path }) };
    const found = await look(server.url, { user }, { timeoutMs: 1, plugins: testHost() });
    expect(found.error).toMatchObject({ reason: 'ProbeTimeout' });
    expect(await readdir(directory.path)).toContain('plugin.done');
  });

  test('shows what an untrusted server presents, which gets no request', async () => {
    const server = await startScriptedServer([], { certificate: wrongCertificates.expired() });
    const found = await look(server.url);
    expect(found).toMatchObject({
      reachable: false,
      version: undefined,
      user: undefined,
      error: { reason: 'CertificateExpired' },
    });
    expect(Date.parse(found.certificate?.notAfter ?? '')).toBeLessThan(Date.now());
    expect(server.requests).toHaveLength(0);
  });

  test('tells a dead server as data', async () => {
    const found = await look(`https://127.0.0.1:${await closedPort()}`);
    expect(found).toMatchObject({
      reachable: false,
      certificate: undefined,
      error: { name: 'UnreachableError', reason: 'ConnectionRefused' },
    });
  });

  test('tells a server that swallows packets once the limit for connecting is over', async () => {
    const found = await look(`https://127.0.0.1:${(await startTcpServer()).port}`, {}, { connectTimeoutMs: 20 });
    expect(found).toMatchObject({ reachable: false, error: { reason: 'ConnectTimeout' } });
  });

  test('ends when its own time is over', async () => {
    const server = await startScriptedServer([() => undefined]);
    const found = await look(server.url, {}, { timeoutMs: 50 });
    expect(found).toMatchObject({
      reachable: false,
      error: { reason: 'ProbeTimeout', message: `Cannot probe ${server.url}: no answer within 50ms` },
    });
  });

  test('tells that the credential is refused by a server that can be reached', async () => {
    const server = await startScriptedServer([failure(401, 'Unauthorized', 'Unauthorized')]);
    expect(await look(server.url)).toMatchObject({
      reachable: true,
      user: undefined,
      error: { name: 'DeniedError', reason: 'Unauthorized' },
    });
  });

  test('asks who the user is also where the version is denied', async () => {
    const server = await startScriptedServer([
      failure(403, 'Forbidden', 'forbidden: User "jane" cannot get path "/version"'),
      review,
    ]);
    expect(await look(server.url)).toMatchObject({
      reachable: true,
      version: undefined,
      user: 'jane@example.com',
      error: { reason: 'Forbidden' },
    });
  });

  test('asks without a credential, and not for the user, where that one cannot be used', async () => {
    const server = await startScriptedServer([version, version]);
    const found = await look(server.url, { user: { exec } });
    expect(found).toMatchObject({
      reachable: true,
      version: 'v1.37.2',
      user: undefined,
      error: { reason: 'CredentialNotSupported' },
    });
    expect(server.requests.map(({ headers }) => headers['authorization'])).toEqual([undefined, undefined]);
  });

  test('tells of a client certificate that OpenSSL does not take as of any that cannot be used', async () => {
    const server = await startScriptedServer([version, version]);
    const { certPem, keyPem } = testAuthority.issue({ commonName: 'jane', usage: 'client' });
    const rubbish = '-----BEGIN CERTIFICATE-----\nc2VjcmV0\n-----END CERTIFICATE-----\n';
    const found = await look(server.url, {
      user: { clientCertificate: { data: `${certPem}${rubbish}` }, clientKey: { data: new SecretText(keyPem) } },
    });
    expect(found).toMatchObject({
      reachable: true,
      user: undefined,
      error: { name: 'UsageError', reason: 'ClientCertificateInvalid' },
    });
  });

  test('goes through the proxy for all that it asks, the certificate too', async () => {
    const proxy = await startRecordingProxy('http', { login: 'jane:hunter2' });
    const certificate = testAuthority.issue({ commonName: 'x', usage: 'server', dnsNames: ['api.test'] });
    const server = await startScriptedServer([version, version, review], { certificate });
    const found = await look(
      `https://api.test:${server.port}`,
      {},
      { env: { HTTPS_PROXY: proxy.url('jane:hunter2') } },
    );
    expect(found).toMatchObject({
      reachable: true,
      user: 'jane@example.com',
      certificate: { subjectAltNames: ['api.test'] },
    });
    expect(proxy.requests.map(({ target }) => target)).toEqual(Array(2).fill(`api.test:${server.port}`));
  });

  test('has no certificate where the proxy leads nowhere, and says why', async () => {
    const proxy = await startRecordingProxy('http', { login: 'jane:hunter2' });
    const found = await look('https://api.test:6443', {}, { env: { HTTPS_PROXY: proxy.url() } });
    expect(found).toMatchObject({
      reachable: false,
      certificate: undefined,
      error: { reason: 'ProxyAuthenticationRequired' },
    });
  });

  test('takes a login page for no API server', async () => {
    const page = answer(200, '<html><title>Sign in</title>', { 'Content-Type': 'text/html' });
    const server = await startScriptedServer([page]);
    expect(await look(server.url)).toMatchObject({ reachable: false, error: { reason: 'HtmlAnswer' } });
  });

  test.each<[string, ScriptedStep[], string | undefined]>([
    ['v1beta1', [failure(404, 'NotFound', 'not found'), review], 'jane@example.com'],
    [
      'v1alpha1',
      [failure(404, 'NotFound', 'not found'), failure(404, 'NotFound', 'not found'), review],
      'jane@example.com',
    ],
    [
      'a denial that names the user',
      [failure(403, 'Forbidden', 'no'), failure(403, 'Forbidden', 'forbidden: User "jane" cannot create')],
      'jane',
    ],
    [
      'an access review, which names nobody',
      [failure(403, 'Forbidden', 'no'), json(201, { kind: 'SelfSubjectAccessReview', status: { allowed: false } })],
      undefined,
    ],
  ])('falls back to %s', async (_, answers, user) => {
    const server = await startScriptedServer([version, version, ...answers]);
    expect(await look(server.url)).toMatchObject({ reachable: true, user, error: undefined });
  });

  test('escapes what the server says of itself', async () => {
    const named = json(201, { kind: 'SelfSubjectReview', status: { userInfo: { username: 'ja\u001B[31mne' } } });
    const server = await startScriptedServer([json(200, { gitVersion: 'v1\u001B[2J' }), version, named], {
      certificate: wrongCertificates.ofAnotherName(),
    });
    const found = await look(server.url, { cluster: { insecureSkipTlsVerify: true, certificateAuthority: undefined } });
    expect(found).toMatchObject({ version: String.raw`v1\x1b[2J`, user: String.raw`ja\x1b[31mne` });
    expect(JSON.stringify(found.certificate)).not.toContain('\u001B');
  });

  test('throws only the reason of its signal', async () => {
    const controller = new AbortController();
    const server = await startScriptedServer([() => controller.abort(new Error('interrupted'))]);
    await expect(look(server.url, {}, { signal: controller.signal })).rejects.toThrow('interrupted');
  });
});
