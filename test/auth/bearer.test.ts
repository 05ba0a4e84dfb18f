import { expect, test } from 'vitest';
import { bearerIdentity } from '../../lib/auth/bearer.ts';
import { UsageError } from '../../lib/model/errors.ts';
import { BearerToken } from '../../lib/model/secret-text.ts';

test('bearerIdentity() sends its token and no certificate', async () => {
  const identity = bearerIdentity(new BearerToken('eyJhbGciOiJSUzI1NiJ9.e30.c2ln'), 'ServiceAccount "ci/ci-bot"');
  expect(identity.description).toBe('ServiceAccount "ci/ci-bot"');
  expect(await identity.headers()).toEqual({ authorization: 'Bearer eyJhbGciOiJSUzI1NiJ9.e30.c2ln' });
  expect(await identity.clientCertificate()).toBeUndefined();
});

test.each([
  ["Rancher's", 'kubeconfig-u-abc:xyz', 'Bearer kubeconfig-u-abc:xyz'],
  ['of two words', 'two words', 'Bearer two words'],
  ['with letters of many bytes', 'jä€', 'Bearer j\u00c3\u00a4\u00e2\u0082\u00ac'],
  ['with white space at its end, which HTTP drops', 'tok-1 \t', 'Bearer tok-1'],
])('bearerIdentity() sends a token %s as Go does', async (_, token, authorization) => {
  expect(await bearerIdentity(new BearerToken(token)).headers()).toEqual({ authorization });
});

test.each([
  ['', 'it is empty'],
  ['s3cr3t\n', 'there is an end of line in it'],
  ['s3cr3t\u007f', 'there is a control character in it'],
])('bearerIdentity() refuses %j at once: no header carries it', (token, why) => {
  expect(() => bearerIdentity(new BearerToken(token), 'the token given')).toThrow(
    new UsageError(`Cannot use the token given: ${why}`, { reason: 'TokenInvalid' }),
  );
});
