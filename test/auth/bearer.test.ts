import { expect, test } from 'vitest';
import { bearerIdentity } from '../../lib/auth/bearer.ts';
import { BearerToken } from '../../lib/model/secret-text.ts';

test('bearerIdentity() sends its token and no certificate', async () => {
  const identity = bearerIdentity(new BearerToken('eyJhbGciOiJSUzI1NiJ9.e30.c2ln'), 'ServiceAccount "ci/ci-bot"');
  expect(identity.description).toBe('ServiceAccount "ci/ci-bot"');
  expect(await identity.headers()).toEqual({ authorization: 'Bearer eyJhbGciOiJSUzI1NiJ9.e30.c2ln' });
  expect(await identity.clientCertificate()).toBeUndefined();
});

test('bearerIdentity() refuses at once what cannot be a token', () => {
  expect(() => bearerIdentity(new BearerToken('<html>'), 'the token given')).toThrow(
    'Cannot use the token given: it has characters that no bearer token has',
  );
});
