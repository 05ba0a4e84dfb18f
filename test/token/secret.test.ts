import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { newSecretName, tokenSecretManifest } from '../../lib/token/secret.ts';

test('newSecretName() is the prefix, "-" and ten characters that Kubernetes would generate', () => {
  expect(newSecretName('ci-bot-token', randomBytes)).toMatch(/^ci-bot-token-[bcdfghjklmnpqrstvwxz2456789]{10}$/u);
});

test('newSecretName() takes each character with the same probability: bytes past the last full round are left out', () => {
  const bytes = (size: number) => Uint8Array.from({ length: size }, (_, index) => (index % 2 === 0 ? 255 : 27));
  expect(newSecretName('a', bytes)).toBe('a-bbbbbbbbbb');
});

test.each([
  ['a'.repeat(253), 253],
  [`${'a'.repeat(240)}.-${'b'.repeat(20)}`, 251],
])('newSecretName() cuts a long prefix so that the name is valid', (prefix, length) => {
  const name = newSecretName(prefix, randomBytes);
  expect(name).toHaveLength(length);
  expect(name).toMatch(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/u);
  expect(name).not.toMatch(/[.-][.-]/u);
});

test('tokenSecretManifest() is a pending token Secret that the controller can fill and the cleaner leaves alone', () => {
  const account = { namespace: 'ci', name: 'ci-bot' };
  expect(
    tokenSecretManifest(account, 'ci-bot-token-x', 'run-1', {
      purpose: 'deploy',
      rotateAfter: '2027-01-01T00:00:00.000Z',
    }),
  ).toEqual({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 'ci-bot-token-x',
      namespace: 'ci',
      labels: { 'app.kubernetes.io/managed-by': 'kube-sa-token', 'kube-sa-token/state': 'pending' },
      annotations: {
        'kubernetes.io/service-account.name': 'ci-bot',
        'kube-sa-token/run': 'run-1',
        'kube-sa-token/purpose': 'deploy',
        'kube-sa-token/rotate-after': '2027-01-01T00:00:00.000Z',
      },
    },
    type: 'kubernetes.io/service-account-token',
  });
});
