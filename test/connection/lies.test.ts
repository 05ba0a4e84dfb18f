import { id_ce_basicConstraints } from '@peculiar/asn1-x509';
import { describe, expect, test } from 'vitest';
import { type KubeSaTokenError, ServerError, UnreachableError } from '../../lib/model/errors.ts';
import { BearerToken } from '../../lib/model/secret-text.ts';
import type { CertificateAndKey } from '../../lib/sandbox/certificates/authority.ts';
import { janesToken, testConnection } from '../support/connect.ts';
import { textOfError } from '../support/no-token.ts';
import { issuedBelow, issuedTooFarBelow, oddCertificates } from '../support/odd-certificates.ts';
import { hasOpenssl, needsOpenssl, sha1Certificate } from '../support/openssl.ts';
import {
  answer,
  answerHead,
  chunk,
  closedPort,
  failure,
  json,
  type ScriptedStep,
  startScriptedServer,
  startTcpServer,
  testAuthority,
  wrongCertificates,
} from '../support/scripted-server.ts';

const doing = 'read Namespace "ci"';
const html = { 'Content-Type': 'text/html; charset=utf-8' };
const namespace = { kind: 'Namespace', apiVersion: 'v1', metadata: { name: 'ci' } };
const read = { method: 'GET', path: '/api/v1/namespaces/ci', doing, kinds: ['Namespace'] };

interface Lie {
  lie: string;
  /** All that the server answers; a request beyond it is reset. */
  script: ScriptedStep[];
  type: new (...args: never[]) => KubeSaTokenError;
  reason: string;
  /** Follows "… of context "dev"". */
  says: string;
  /** How often it was asked. */
  requests?: number;
}

/** A name that no name server is asked for: its first part is longer than any can be. */
const tooLong = `${'a'.repeat(64)}.invalid`;

const times = (count: number, step: ScriptedStep) => Array.from({ length: count }, () => step);

const lies: Lie[] = [
  {
    lie: 'a login page instead of an object',
    script: [answer(200, '<!DOCTYPE html><html><head><title>Sign \u001B[31min</title></head></html>', html)],
    type: ServerError,
    reason: 'HtmlAnswer',
    says: String.raw`answers 200 OK with an HTML page "Sign \x1b[31min", which no API server sends`,
  },
  {
    lie: 'a login page that calls itself JSON',
    script: [answer(200, '<html>', { 'Content-Type': 'application/json' })],
    type: ServerError,
    reason: 'HtmlAnswer',
    says: 'answers 200 OK with an HTML page, which no API server sends',
  },
  {
    lie: 'a login page as the answer to an error',
    script: times(5, answer(500, '<html><title>Oops</title></html>', html)),
    type: UnreachableError,
    reason: 'InternalError',
    says: 'answers 500 Internal Server Error: an HTML page "Oops", which no API server sends',
    requests: 5,
  },
  {
    lie: 'a redirect',
    script: [answer(302, '', { Location: 'https://sso.test/login?state=a-secret' })],
    type: ServerError,
    reason: 'Redirected',
    says: 'redirects to "https://sso.test/login" (302), which is not followed',
  },
  {
    lie: 'a body that ends too early',
    script: times(3, async ({ write, end }) => {
      await write(`${answerHead(200, { 'Content-Length': '100' })}{"kind":"Namesp`);
      end();
    }),
    type: UnreachableError,
    reason: 'ConnectionReset',
    says: 'broke off in the middle of its answer (ECONNRESET)',
    requests: 3,
  },
  {
    lie: 'a body that is reset',
    script: times(3, async ({ write, reset }) => {
      await write(`${answerHead(200, { 'Transfer-Encoding': 'chunked' })}${chunk('{"kind"').toString()}`);
      reset();
    }),
    type: UnreachableError,
    reason: 'ConnectionReset',
    says: 'broke off in the middle of its answer (ECONNRESET)',
    requests: 3,
  },
  {
    lie: 'JSON that is cut off at a length that it declares',
    script: [answer(200, '{"kind":"Namespace","metadata":{"na', { 'Content-Type': 'application/json' })],
    type: ServerError,
    reason: 'TruncatedAnswer',
    says: 'answers 200 OK with JSON that is cut off or broken',
  },
  {
    lie: 'nothing at all',
    script: [answer(200, '', { 'Content-Type': 'application/json' })],
    type: ServerError,
    reason: 'NotJson',
    says: 'answers 200 OK with nothing',
  },
  {
    lie: 'text',
    script: [answer(200, 'OK', { 'Content-Type': 'text/plain' })],
    type: ServerError,
    reason: 'NotJson',
    says: 'answers 200 OK with text/plain that is not JSON',
  },
  {
    lie: 'an object of another kind',
    script: [json(200, { kind: 'Pod', apiVersion: 'v1' })],
    type: ServerError,
    reason: 'UnexpectedKind',
    says: 'answers 200 OK with an object of kind "Pod" instead of Namespace',
  },
  {
    lie: 'JSON of something else',
    script: [json(200, { login: 'required' })],
    type: ServerError,
    reason: 'UnexpectedKind',
    says: 'answers 200 OK with JSON that is no Kubernetes object instead of Namespace',
  },
  {
    lie: 'null',
    script: [json(200, null)],
    type: ServerError,
    reason: 'UnexpectedKind',
    says: 'answers 200 OK with JSON that is no Kubernetes object instead of Namespace',
  },
  {
    lie: 'a status that needs a body and has none',
    script: times(5, answer(503)),
    type: UnreachableError,
    reason: 'ServiceUnavailable',
    says: 'answers 503 Service Unavailable',
    requests: 5,
  },
  {
    lie: 'a connection that it resets',
    script: times(3, ({ reset }) => reset()),
    type: UnreachableError,
    reason: 'ConnectionReset',
    says: 'closed the connection without an answer (ECONNRESET)',
    requests: 3,
  },
  {
    lie: 'something that is not HTTP',
    script: ['220 smtp.test ESMTP\r\n\r\n'],
    type: UnreachableError,
    reason: 'NotHttp',
    says: 'answers with something that is not HTTP (HPE_INVALID_CONSTANT)',
  },
  {
    lie: 'headers without end',
    script: [`HTTP/1.1 200 OK\r\nX-Long: ${'x'.repeat(100_000)}\r\n\r\n`],
    type: UnreachableError,
    reason: 'NotHttp',
    says: 'answers with something that is not HTTP (HPE_HEADER_OVERFLOW)',
  },
];

describe('a server that answers with', () => {
  test.each(lies)('$lie is told as what it is', async ({ script, type, reason, says, requests = 1 }) => {
    const server = await startScriptedServer(script);
    const { connection } = await testConnection(server.url);
    const error = await connection.send(read).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ reason, message: `Cannot ${doing}: ${server.url} of context "dev" ${says}` });
    expect(server.requests).toHaveLength(requests);
  });

  test('a Failure within an answer of 200 is told as that failure', async () => {
    const server = await startScriptedServer([json(200, JSON.parse(failureText()))]);
    const { connection } = await testConnection(server.url);
    await expect(connection.send(read)).rejects.toMatchObject({ name: 'NotFoundError', reason: 'NotFound' });
  });

  test('chunks that cut through a character is understood', async () => {
    const bytes = Buffer.from(JSON.stringify({ ...namespace, metadata: { name: 'ci', labels: { city: 'Zürich' } } }));
    const cut = bytes.indexOf(0xc3) + 1;
    const script = [
      answerHead(200, { 'Transfer-Encoding': 'chunked' }),
      chunk(bytes.subarray(0, cut)),
      chunk(bytes.subarray(cut)),
      '0\r\n\r\n',
    ];
    const server = await startScriptedServer([
      async ({ write }) => {
        for (const part of script) {
          await write(part);
          await new Promise(setImmediate);
        }
      },
    ]);
    const { connection } = await testConnection(server.url);
    const answered = (await connection.send(read)).json<{ metadata: { labels: object } }>();
    expect(answered.metadata.labels).toEqual({ city: 'Zürich' });
  });

  const plain = (text: string) => text;
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const answers: Record<string, (text: string) => Buffer> = {
    'a text': (text) => answer(403, text, { 'Content-Type': 'text/plain' }),
    'a Status': (text) => failure(403, 'Forbidden', text),
    'a Status with 200': (text) => json(200, { kind: 'Status', status: 'Failure', code: 403, message: text }),
    'a redirect': (text) => answer(302, '', { Location: `https://example.test/${text.replaceAll(/\s/gu, '')}` }),
    'a content type': (text) => answer(200, 'x', { 'Content-Type': text }),
    'a warning': (text) => json(200, namespace, { Warning: `299 - "${text}"` }),
  };
  const echoes = Object.keys(answers).flatMap((where) =>
    [
      ['as it is', plain],
      ['in base64', base64],
      ['in base64, one byte further', (text: string) => base64(`x${text}`)],
      ['in base64, two bytes further', (text: string) => base64(`xy${text}`)],
      ['in base64url', (text: string) => Buffer.from(`xyz ${text}`).toString('base64url')],
    ].map(([how, encode]) => [where, how, encode] as [string, string, (text: string) => string]),
  );

  test.each(echoes)(
    'the credential that it got, repeated in %s %s, does not make us show it',
    async (where, _, encode) => {
      const echo: ScriptedStep = async ({ write, request }) =>
        write(answers[where]?.(encode(request.headers['authorization'] ?? '')) ?? '');
      const server = await startScriptedServer([echo]);
      const { connection, told } = await testConnection(server.url);
      const error = await connection.send(read).then(
        () => undefined,
        (thrown: unknown) => thrown as KubeSaTokenError,
      );
      const shown = `${textOfError(error)} ${told.warnings.join()}`;
      expect(shown).toContain('[redacted]');
      // also none of it that could be decoded again
      const words = [shown, ...shown.split(/[^\w+/=-]/u).map((word) => Buffer.from(word, 'base64').toString('latin1'))];
      for (const text of words) expect(text).not.toContain(janesToken.slice(3, -3));
    },
  );

  test.each([plain, base64])('nor does a credential with letters of many bytes (%o)', async (encode) => {
    const token = 'kubeconfig-u-jäne:s€cr€t';
    const server = await startScriptedServer([failure(403, 'Forbidden', encode(`Bearer ${token}`))]);
    const { connection } = await testConnection(server.url, { user: { token: new BearerToken(token) } });
    const error = await connection.send(read).catch((thrown: unknown) => thrown as KubeSaTokenError);
    expect(textOfError(error as KubeSaTokenError)).toContain('[redacted]');
    expect(textOfError(error as KubeSaTokenError)).not.toMatch(/u-jäne|dS1qw6R/u);
  });
});

function failureText(): string {
  return failure(404, 'NotFound', 'namespaces "ci" not found').toString().split('\r\n\r\n')[1] ?? '';
}

describe('a server that is not trusted', () => {
  test.each<[keyof typeof wrongCertificates, string, string]>([
    [
      'ofAnotherAuthority',
      'CertificateNotTrusted',
      'certificate-authority-data does not contain its authority (UNABLE_TO_GET_ISSUER_CERT_LOCALLY)',
    ],
    ['expired', 'CertificateExpired', 'its certificate has expired (CERT_HAS_EXPIRED)'],
    ['notYetValid', 'CertificateNotYetValid', 'its certificate is not valid yet (CERT_NOT_YET_VALID)'],
    [
      'ofAnotherName',
      'CertificateForOtherName',
      String.raw`its certificate is for DNS:kubernetes.default.svc, DNS:"evil\u001b[31m.test", IP Address:10.96.0.1, not for "127.0.0.1" (ERR_TLS_CERT_ALTNAME_INVALID)`,
    ],
    [
      'ofNoName',
      'CertificateForOtherName',
      'its certificate is for no DNS name and no address, not for "127.0.0.1" (ERR_TLS_CERT_ALTNAME_INVALID)',
    ],
    [
      'ofMalformedName',
      'CertificateForOtherName',
      String.raw`its certificate has a malformed name, DNS:"l\u00f6calhost", with which kubectl refuses it too (ERR_TLS_CERT_ALTNAME_FORMAT)`,
    ],
    [
      'ofAClient',
      'CertificateForOtherPurpose',
      'its certificate, or an authority of it, is not meant for servers (INVALID_PURPOSE)',
    ],
  ])('because of a certificate %s gets no request, and is asked once', async (which, reason, why) => {
    const server = await startScriptedServer([], { certificate: wrongCertificates[which]() });
    const { connection, told } = await testConnection(server.url);
    const error = await connection.send(read).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnreachableError);
    expect(error).toMatchObject({ reason, message: `Cannot trust ${server.url} of cluster "dev-cluster": ${why}` });
    expect((error as UnreachableError).hint).toMatch(/./u);
    expect(server.requests).toHaveLength(0);
    expect(told.exchanges).toHaveLength(1);
  });

  test.each<[string, () => CertificateAndKey, object]>([
    [
      'its key usage',
      oddCertificates.forDataEncipherment,
      { reason: 'CertificateForOtherPurpose', hint: expect.stringContaining('digitalSignature (key usage)') as string },
    ],
    [
      'an issuer that is no authority',
      () => issuedBelow({ extensions: { [id_ce_basicConstraints]: null } }),
      {
        message: expect.stringContaining('its certificate was issued by what is no authority (INVALID_CA)') as string,
        reason: 'CertificateNotTrusted',
        hint: 'It has to be issued anew, by what is an authority (CA:TRUE)',
      },
    ],
    [
      'a path length constraint',
      issuedTooFarBelow,
      {
        message: expect.stringContaining(
          'between it and an authority of it are more authorities than that one allows (PATH_LENGTH_EXCEEDED)',
        ) as string,
        reason: 'CertificateNotTrusted',
        hint: 'It has to be issued anew: by an authority further up, or below one with another path length constraint',
      },
    ],
  ])('because of %s is told so, with what to do', async (_, certificate, told) => {
    const server = await startScriptedServer([], { certificate: certificate() });
    const { connection } = await testConnection(server.url);
    await expect(connection.send(read)).rejects.toMatchObject(told);
    expect(server.requests).toHaveLength(0);
  });

  test("because of a certificate signed with SHA-1 is told in OpenSSL's words, with what to do", async ({ skip }) => {
    skip(!hasOpenssl, needsOpenssl);
    const certificate = sha1Certificate(testAuthority, '127.0.0.1');
    const server = await startScriptedServer([], { certificate, maxVersion: 'TLSv1.3' });
    const { connection } = await testConnection(server.url);
    await expect(connection.send(read)).rejects.toMatchObject({
      reason: 'CertificateNotTrusted',
      message: `Cannot trust ${server.url} of cluster "dev-cluster": its certificate is refused by OpenSSL: CA signature digest algorithm too weak (UNSPECIFIED)`,
      hint: 'It has to be issued anew, with SHA-256 and a longer key',
    });
    expect(server.requests).toHaveLength(0);
  });

  test.each<['system' | 'certificate-authority' | 'token-secret', string]>([
    ['system', "neither Node's roots nor the operating system's contain its authority, and no CA is named for it"],
    ['certificate-authority', 'the file named by certificate-authority does not contain its authority'],
    ['token-secret', 'the ca.crt of the token Secret does not contain its authority'],
  ])('is told with where the trust came from: %s', async (source, why) => {
    const server = await startScriptedServer([]);
    const trust = { source, caPem: undefined, certificateAuthoritySha256: undefined, roots: [] };
    const { connection } = await testConnection(server.url, { options: { trust } });
    await expect(connection.send(read)).rejects.toThrow(`Cannot trust ${server.url} of cluster "dev-cluster": ${why}`);
  });

  test('is talked to with insecure-skip-tls-verify', async () => {
    const server = await startScriptedServer([json(200, namespace)], { certificate: wrongCertificates.expired() });
    const cluster = { insecureSkipTlsVerify: true, certificateAuthority: undefined };
    const { connection } = await testConnection(server.url, { cluster });
    expect((await connection.send(read)).status).toBe(200);
  });
});

describe('a server that cannot be reached', () => {
  test.each<[string, () => Promise<string>, string, string]>([
    [
      'nothing listens',
      async () => `https://127.0.0.1:${await closedPort()}`,
      'ConnectionRefused',
      'refuses connections (ECONNREFUSED)',
    ],
    [
      'its name does not resolve',
      () => Promise.resolve(`https://${tooLong}:6443`),
      'NameNotFound',
      'has a name that does not resolve (ENOTFOUND)',
    ],
    [
      'it speaks plain http where TLS is asked for',
      async () => `https://127.0.0.1:${(await startTcpServer('HTTP/1.1 400 Bad Request\r\n\r\n')).port}`,
      'PlainHttpOnTlsPort',
      'does not speak TLS (ERR_SSL_WRONG_VERSION_NUMBER)',
    ],
    [
      'it speaks TLS where plain http is asked for',
      async () => `http://127.0.0.1:${(await startTcpServer(Buffer.from([0x15, 3, 1, 0, 2, 2, 0x46]))).port}`,
      'TlsOnPlainHttpPort',
      'speaks TLS, not plain http (HPE_INVALID_CONSTANT)',
    ],
    [
      'it speaks TLS, as Go says it',
      async () =>
        `http://127.0.0.1:${(await startTcpServer('HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n')).port}`,
      'TlsOnPlainHttpPort',
      'speaks TLS, not plain http',
    ],
    [
      'its TLS is too old',
      async () => (await startScriptedServer([], { maxVersion: 'TLSv1.1' })).url,
      'TlsTooOld',
      'speaks no TLS from 1.2 on (ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION)',
    ],
    [
      'it wants a client certificate',
      async () => (await startScriptedServer([], { requireClientCertificate: true })).url,
      'ClientCertificateRefused',
      'ends the TLS handshake: it may want another client certificate (ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED)',
    ],
  ])('because %s is told as such', async (_, start, reason, says) => {
    const url = await start();
    const { connection } = await testConnection(url);
    const error = await connection.send(read).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnreachableError);
    expect(error).toMatchObject({ reason, message: `Cannot ${doing}: ${url} of context "dev" ${says}` });
  });

  test('because it swallows packets is told with server, context and the limit', async () => {
    const url = `https://127.0.0.1:${(await startTcpServer()).port}`;
    const { connection, told } = await testConnection(url, { options: { connectTimeoutMs: 30 } });
    const error = await connection.send(read).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      reason: 'ConnectTimeout',
      message: `Cannot ${doing}: ${url} of context "dev" did not complete a connection within 30ms`,
      hint: 'Is a VPN off, or a firewall in the way?',
    });
    expect(told.exchanges).toHaveLength(1);
  });
});
