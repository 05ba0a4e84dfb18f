import { describe, expect } from 'vitest';
import { restClient, type KubernetesObject, type Rest } from '../control-plane/rest.ts';
import { sandboxTest as test } from '../support/sandbox-test.ts';
import { until } from '../support/until.ts';

const annotation = 'kubernetes.io/service-account.name';
const tokenSecret = (name: string, account = 'default', more: Record<string, string> = {}) => ({
  metadata: { name, annotations: { [annotation]: account, ...more } },
  type: 'kubernetes.io/service-account-token',
});

async function filled(admin: Rest, path: string): Promise<KubernetesObject> {
  return until('the token', async () => {
    const secret = await admin.get(path);
    return secret.data?.['token'] === undefined ? undefined : secret;
  });
}

describe('the token controller of the sandbox', () => {
  test('fills a token Secret, whose token is accepted as the ServiceAccount', async ({ admin, namespace, sandbox }) => {
    const secrets = `/api/v1/namespaces/${namespace}/secrets`;
    const created = await admin.post(secrets, tokenSecret('a'));
    expect(created.data).toBeUndefined();
    const { data = {}, metadata } = await filled(admin, `${secrets}/a`);
    expect(Object.keys(data)).toEqual(['ca.crt', 'namespace', 'token']);
    expect(Buffer.from(data['ca.crt'] ?? '', 'base64').toString()).toBe(sandbox.caPem);
    const account = await admin.get(`/api/v1/namespaces/${namespace}/serviceaccounts/default`);
    expect(metadata.annotations?.['kubernetes.io/service-account.uid']).toBe(account.metadata.uid);
    const token = Buffer.from(data['token'] ?? '', 'base64').toString();
    const itself = restClient({ ...sandbox, token });
    const { status } = await itself.post('/apis/authentication.k8s.io/v1/selfsubjectreviews', {});
    expect(status).toMatchObject({
      userInfo: { username: `system:serviceaccount:${namespace}:default`, uid: account.metadata.uid },
    });
    expect(await itself.request('GET', secrets)).toMatchObject({ status: 403 });
    itself.close();
  });

  test('deletes a token Secret whose ServiceAccount is missing or another one', async ({ admin, namespace }) => {
    const secrets = `/api/v1/namespaces/${namespace}/secrets`;
    await admin.post(secrets, tokenSecret('a', 'nobody'));
    await admin.post(secrets, tokenSecret('b', 'default', { 'kubernetes.io/service-account.uid': 'another' }));
    for (const name of ['a', 'b']) {
      await until('its end', async () => ((await admin.find(`${secrets}/${name}`)) === undefined ? true : undefined));
    }
  });

  test('never repairs a token that somebody has put there', async ({ admin, namespace }) => {
    const secrets = `/api/v1/namespaces/${namespace}/secrets`;
    await admin.post(secrets, { ...tokenSecret('a'), stringData: { token: 'bogus', 'ca.crt': 'mine' } });
    const secret = await until('the namespace', async () => {
      const found = await admin.get(`${secrets}/a`);
      return found.data?.['namespace'] === undefined ? undefined : found;
    });
    expect(Buffer.from(secret.data?.['token'] ?? '', 'base64').toString()).toBe('bogus');
    expect(secret.data?.['ca.crt']).not.toBe(Buffer.from('mine').toString('base64'));
  });
});
