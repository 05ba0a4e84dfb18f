import { readdir } from 'node:fs/promises';
import { describe, expect, vi } from 'vitest';
import { privateClusterTest, test } from './cluster-test.ts';
import type { Rest } from './rest.ts';
import { startControlPlane } from './start.ts';

const tokenSecret = (name: string) => ({
  metadata: { name, annotations: { 'kubernetes.io/service-account.name': 'default' } },
  type: 'kubernetes.io/service-account-token',
});

/** The algorithm of a token that a Secret was filled with. */
async function algorithmInNewSecret(admin: Rest, namespace: string): Promise<string> {
  const secrets = `/api/v1/namespaces/${namespace}/secrets`;
  await admin.post(secrets, tokenSecret('probe'));
  const token = await vi.waitFor(async () => {
    const { data } = await admin.get(`${secrets}/probe`);
    if (data?.['token'] === undefined) throw new Error('The Secret is still empty');
    return Buffer.from(data['token'], 'base64').toString();
  });
  const [header = ''] = token.split('.');
  return (JSON.parse(Buffer.from(header, 'base64url').toString()) as { alg: string }).alg;
}

test('the shared instance signs tokens with RS256', async ({ cluster, namespace }) => {
  expect(await algorithmInNewSecret(cluster.admin, namespace)).toBe('RS256');
});

test('kubeconfigFor() makes a user who may do what the rules say and nothing else', async ({ cluster, namespace }) => {
  const rules = [{ resources: ['secrets'], verbs: ['get', 'list'] }];
  const { env } = await cluster.kubeconfigFor({ namespace, rules });
  expect(env).toBeTruthy();
});

describe('an instance with an ECDSA key', () => {
  const test = privateClusterTest({ signingKey: 'ES256' });

  test('signs tokens with ES256', async ({ cluster, namespace }) => {
    expect(await algorithmInNewSecret(cluster.admin, namespace)).toBe('ES256');
  });
});
