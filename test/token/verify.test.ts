import { expect, test } from 'vitest';
import { BearerToken } from '../../lib/model/secret-text.ts';
import { RefusedError, UnreachableError } from '../../lib/model/errors.ts';
import { prepareProof } from '../../lib/token/prepare-proof.ts';
import { trustForProof } from '../../lib/token/proof-trust.ts';
import { verifyToken } from '../../lib/token/verify.ts';
import { testConnection } from '../support/connect.ts';
import {
  failure,
  json,
  otherAuthority,
  type ScriptedStep,
  startScriptedServer,
  testAuthority,
  wrongCertificates,
} from '../support/scripted-server.ts';
import { until } from '../support/until.ts';

const account = { namespace: 'ci', name: 'ci-bot' };
const subject = 'system:serviceaccount:ci:ci-bot';
const token = new BearerToken('fresh.token.x');

const review = (username: string, uid: string) =>
  json(201, {
    kind: 'SelfSubjectReview',
    apiVersion: 'authentication.k8s.io/v1',
    status: { userInfo: { username, uid } },
  });
const accessReview = json(201, {
  kind: 'SelfSubjectAccessReview',
  apiVersion: 'authorization.k8s.io/v1',
  status: { allowed: true },
});
const unauthorized = failure(401, 'Unauthorized', 'Unauthorized');
const missing = failure(404, 'NotFound', 'the server could not find the requested resource');
const forbidden = (user: string) =>
  failure(
    403,
    'Forbidden',
    `selfsubjectreviews.authentication.k8s.io is forbidden: User "${user}" cannot create resource "selfsubjectreviews"`,
  );

async function verify(script: readonly ScriptedStep[], { refusalMs = 100 } = {}) {
  const server = await startScriptedServer(script);
  const { connection } = await testConnection(server.url);
  const result = verifyToken(connection, { token, account, uid: 'uid-1', refusalMs });
  return { server, result };
}

const unchecked = { insecureSkipTlsVerify: true, certificateAuthority: undefined };

const paths = (server: { requests: readonly { path: string }[] }) =>
  server.requests.map(({ path }) => path.split('/').slice(2).join('/'));

test('verifyToken() repeats a 401 for a while, because the authenticator may still remember the empty Secret', async () => {
  const { server, result } = await verify([unauthorized, unauthorized, review(subject, 'uid-1')], { refusalMs: 5000 });
  expect(await result).toBe('SelfSubjectReview');
  expect(server.requests).toHaveLength(3);
  expect(server.requests.map(({ headers }) => headers['authorization'])).toEqual(Array(3).fill('Bearer fresh.token.x'));
});

test('verifyToken() refuses a token that the server goes on refusing', async () => {
  const { result } = await verify(Array(100).fill(unauthorized) as Buffer[]);
  await expect(result).rejects.toThrow(RefusedError);
  await expect(result).rejects.toMatchObject({
    reason: 'TokenRefused',
    message: expect.stringContaining('still refuses it (401) after 0.1s'),
  });
});

test.each([
  ['v1', [review(subject, 'uid-1')], 'SelfSubjectReview', ['authentication.k8s.io/v1/selfsubjectreviews']],
  [
    'v1beta1',
    [missing, review(subject, 'uid-1')],
    'SelfSubjectReview',
    ['authentication.k8s.io/v1/selfsubjectreviews', 'authentication.k8s.io/v1beta1/selfsubjectreviews'],
  ],
  [
    'SelfSubjectAccessReview, where there is no SelfSubjectReview',
    [missing, missing, missing, accessReview],
    'SelfSubjectAccessReview',
    [
      'authentication.k8s.io/v1/selfsubjectreviews',
      'authentication.k8s.io/v1beta1/selfsubjectreviews',
      'authentication.k8s.io/v1alpha1/selfsubjectreviews',
      'authorization.k8s.io/v1/selfsubjectaccessreviews',
    ],
  ],
  [
    'SelfSubjectAccessReview, where the SelfSubjectReview is denied',
    [forbidden(subject), accessReview],
    'SelfSubjectAccessReview',
    ['authentication.k8s.io/v1/selfsubjectreviews', 'authorization.k8s.io/v1/selfsubjectaccessreviews'],
  ],
  [
    'a denial that names the ServiceAccount',
    [forbidden(subject), forbidden(subject)],
    'Forbidden',
    ['authentication.k8s.io/v1/selfsubjectreviews', 'authorization.k8s.io/v1/selfsubjectaccessreviews'],
  ],
])('verifyToken() takes as proof: %s', async (_, script, by, asked) => {
  const { server, result } = await verify(script);
  expect(await result).toBe(by);
  expect(paths(server)).toEqual(asked);
});

test.each([
  ['another name', [review('system:serviceaccount:ci:other', 'uid-1')], 'TokenOfSomebodyElse'],
  ['another uid', [review(subject, 'uid-2')], 'TokenOfSomebodyElse'],
  ['a denial that names somebody else', [forbidden('jane'), forbidden('jane')], 'TokenOfSomebodyElse'],
  ['a denial that names nobody', [failure(403, 'Forbidden', 'no'), failure(403, 'Forbidden', 'no')], 'TokenRefused'],
])('verifyToken() refuses %s', async (_, script, reason) => {
  const { result } = await verify(script);
  await expect(result).rejects.toThrow(RefusedError);
  await expect(result).rejects.toMatchObject({ reason });
});

test('verifyToken() does not send the token where the ca.crt of its Secret does not verify the server', async () => {
  const server = await startScriptedServer([review(subject, 'uid-1')]);
  const { connection } = await testConnection(server.url, { cluster: unchecked });
  const prove = (caPem: string) => verifyToken(connection, { token, account, uid: 'uid-1', caPem });
  await expect(prove(otherAuthority.certPem)).rejects.toMatchObject({ name: 'RefusedError', reason: 'TlsNotVerified' });
  expect(server.requests).toEqual([]);
  expect(await prove(testAuthority.certPem)).toBe('SelfSubjectReview');
});

test.each(Object.entries(wrongCertificates))(
  'verifyToken() does not send the token to a server with a certificate %s',
  async (_, certificate) => {
    const server = await startScriptedServer([review(subject, 'uid-1')], { certificate: certificate() });
    const { connection } = await testConnection(server.url, { cluster: unchecked });
    const proving = verifyToken(connection, { token, account, uid: 'uid-1', caPem: testAuthority.certPem });
    await expect(proving).rejects.toMatchObject({ name: 'RefusedError', reason: 'TlsNotVerified' });
    expect(server.requests).toEqual([]);
  },
);

test('trustForProof() has nothing to verify an unchecked server with, if the Secret has no ca.crt', async () => {
  const server = await startScriptedServer([]);
  const { connection } = await testConnection(server.url, { cluster: unchecked });
  expect(() => trustForProof(connection, undefined)).toThrow(/TLS is not verified .* has no ca\.crt/u);
});

test('trustForProof() sends no token over plain http', async () => {
  const server = await startScriptedServer([], { certificate: false });
  const { connection } = await testConnection(server.url);
  expect(() => trustForProof(connection, testAuthority.certPem)).toThrow(
    /is plain http, over which no credential is sent/u,
  );
});

test('verifyToken() tells a server that broke off from one that refuses', async () => {
  const reset: ScriptedStep = ({ reset: rst }) => rst();
  const { result } = await verify(Array(20).fill(reset) as ScriptedStep[]);
  await expect(result).rejects.toThrow(UnreachableError);
});

test('prepareProof() opens the connection of the proof before there is a token, and sends nothing', async () => {
  const server = await startScriptedServer([review(subject, 'uid-1')]);
  const { connection } = await testConnection(server.url);
  const prepared = prepareProof(connection, account);
  await until('the connection', () => Promise.resolve(server.connections === 1 || undefined));
  expect(server.requests).toEqual([]);
  expect(await verifyToken(connection, { token, account, uid: 'uid-1', prepared })).toBe('SelfSubjectReview');
  expect(server.connections).toBe(1);
  expect(server.requests.map(({ headers }) => headers['authorization'])).toEqual(['Bearer fresh.token.x']);
});

test('prepareProof() waits for the ca.crt of the Secret where TLS is not verified', async () => {
  const server = await startScriptedServer([]);
  const { connection } = await testConnection(server.url, { cluster: unchecked });
  expect(prepareProof(connection, account)).toBeUndefined();
});
