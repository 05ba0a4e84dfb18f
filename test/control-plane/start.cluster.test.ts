import { expect } from 'vitest';
import { until } from '../support/until.ts';
import { needsOwnControlPlane, privateClusterTest, test } from './cluster-test.ts';
import type { Rest } from './rest.ts';
import { algorithmOf, createTokenSecret, readToken } from './token-secret.ts';

/** Neither RSA nor a controller: the opposite of the shared instance, in one boot. */
const privateTest = privateClusterTest({ signingKey: 'ES256', controllerManager: false });

test('the shared instance signs tokens with RS256', async ({ cluster, namespace, skip }) => {
  skip(cluster.authority === undefined, needsOwnControlPlane);
  await createTokenSecret(cluster.admin, namespace, 'probe');
  expect(algorithmOf(await filledToken(cluster.admin, namespace, 'probe'))).toBe('RS256');
});

privateTest(
  'an instance without a controller manager leaves token Secrets empty until that is started, and signs with its own key',
  async ({ cluster, controlPlane, namespace }) => {
    await cluster.admin.post(`/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name: 'default' } });
    await createTokenSecret(cluster.admin, namespace, 'probe');
    expect(await readToken(cluster.admin, namespace, 'probe')).toBeUndefined();

    await controlPlane.startControllerManager();
    expect(algorithmOf(await filledToken(cluster.admin, namespace, 'probe'))).toBe('ES256');
  },
);

async function filledToken(admin: Rest, namespace: string, name: string): Promise<string> {
  return await until('the token', () => readToken(admin, namespace, name));
}
