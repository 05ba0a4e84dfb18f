import type { Rest } from './rest.ts';

/** Creates a token Secret for the ServiceAccount `default`, as a person would. */
export async function createTokenSecret(admin: Rest, namespace: string, name: string): Promise<void> {
  await admin.post(`/api/v1/namespaces/${namespace}/secrets`, {
    metadata: { name, annotations: { 'kubernetes.io/service-account.name': 'default' } },
    type: 'kubernetes.io/service-account-token',
  });
}

/** The token in a Secret; undefined while it is empty. */
export async function readToken(admin: Rest, namespace: string, name: string): Promise<string | undefined> {
  const { data } = await admin.get(`/api/v1/namespaces/${namespace}/secrets/${name}`);
  return data?.['token'] === undefined ? undefined : Buffer.from(data['token'], 'base64').toString();
}

export function algorithmOf(token: string): string {
  const [header = ''] = token.split('.');
  return (JSON.parse(Buffer.from(header, 'base64url').toString()) as { alg: string }).alg;
}
