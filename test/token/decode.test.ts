import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { UsageError } from '../../lib/model/errors.ts';
import { BearerToken } from '../../lib/model/secret-text.ts';
import { claimsMismatch } from '../../lib/token/claims.ts';
import { decodeToken } from '../../lib/token/decode.ts';
import { legacyClaims, unsignedToken } from '../support/token.ts';

const decode = (text: string) => decodeToken(new BearerToken(text));

test('decodeToken() reads a legacy token: its Secret, and no expiry', () => {
  expect(decode(unsignedToken(legacyClaims()))).toMatchObject({
    kind: 'legacy',
    algorithm: 'RS256',
    keyId: 'k1',
    subject: 'system:serviceaccount:ci:ci-bot',
    serviceAccount: { namespace: 'ci', name: 'ci-bot', uid: 'uid-1' },
    secret: { name: 'ci-bot-token-x', uid: null },
    audiences: [],
    expiresAt: null,
  });
});

test('decodeToken() reads a bound token: audiences, times, what it is bound to', () => {
  const claims = {
    iss: 'https://kubernetes.default.svc',
    sub: 'system:serviceaccount:ci:ci-bot',
    aud: ['https://kubernetes.default.svc'],
    exp: 2000,
    iat: 1000,
    nbf: 1000,
    jti: 'id-1',
    'kubernetes.io': {
      namespace: 'ci',
      serviceaccount: { name: 'ci-bot', uid: 'uid-1' },
      secret: { name: 'anchor', uid: 'uid-2' },
      pod: { name: 'web-0', uid: 'uid-3' },
      node: { name: 'node-1', uid: 'uid-4' },
    },
  };
  expect(decode(unsignedToken(claims, { alg: 'ML-DSA-65', kid: 'k2' }))).toMatchObject({
    kind: 'bound',
    algorithm: 'ML-DSA-65',
    audiences: ['https://kubernetes.default.svc'],
    issuedAt: 1000,
    notBefore: 1000,
    expiresAt: 2000,
    id: 'id-1',
    serviceAccount: { namespace: 'ci', name: 'ci-bot', uid: 'uid-1' },
    secret: { name: 'anchor', uid: 'uid-2' },
    pod: { name: 'web-0' },
    node: { name: 'node-1' },
  });
});

test('decodeToken() calls a token of another issuer "other", with an audience of one string', () => {
  expect(decode(unsignedToken({ iss: 'https://accounts.example', sub: 'jane', aud: 'kubernetes' }))).toMatchObject({
    kind: 'other',
    serviceAccount: null,
    audiences: ['kubernetes'],
  });
});

test.each([
  ['', 'it is empty'],
  ['secret-word', 'it has 1 part instead of 3'],
  ['a.b', 'it has 2 parts instead of 3'],
  ['a.b.c.d.e', 'it is encrypted (a JWE), not signed'],
  ['!!.e30.x', 'its header is not base64url of a JSON object'],
  ['e30.W10.x', 'its payload is not base64url of a JSON object'],
  ['e30._w.x', 'its payload is not base64url of a JSON object'],
])('decodeToken() says why %j is no token, without repeating it', (text, why) => {
  const error = (() => {
    try {
      return decode(text);
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toBeInstanceOf(UsageError);
  expect((error as UsageError).message).toBe(`Cannot decode the token: ${why}`);
});

test('a BearerToken shows itself by no road', () => {
  const token = new BearerToken('eyJ.secret.word');
  const shown = [
    // oxlint-disable-next-line restrict-template-expressions -- what somebody might write by mistake
    `${token}`,
    String(token),
    JSON.stringify({ token }),
    inspect({ token }),
    inspect(token, { depth: 9, showHidden: true }),
  ];
  for (const text of shown) {
    expect(text).toContain('[redacted token]');
    expect(text).not.toContain('secret.word');
  }
});

test.each([
  [{}, undefined],
  [{ uid: 'uid-2' }, 'its claim service-account.uid is "uid-2", not "uid-1"'],
  [{ secret: 'other' }, 'its claim secret.name is "other", not "ci-bot-token-x"'],
  [
    { namespace: 'prod' },
    'its claim sub is "system:serviceaccount:prod:ci-bot", not "system:serviceaccount:ci:ci-bot"',
  ],
])('claimsMismatch() compares what was asked for with a token of %j', (other, mismatch) => {
  const expected = { account: { namespace: 'ci', name: 'ci-bot' }, uid: 'uid-1', secretName: 'ci-bot-token-x' };
  expect(claimsMismatch(decode(unsignedToken(legacyClaims(other))), expected)).toBe(mismatch);
});

test('claimsMismatch() names a claim that is missing', () => {
  const { 'kubernetes.io/serviceaccount/secret.name': _, ...claims } = legacyClaims();
  const expected = { account: { namespace: 'ci', name: 'ci-bot' }, uid: undefined, secretName: 'ci-bot-token-x' };
  expect(claimsMismatch(decode(unsignedToken(claims)), expected)).toBe(
    'its claim secret.name is missing, not "ci-bot-token-x"',
  );
});
