import { type Server, usable } from './server.ts';
import type { Identity } from './wire.ts';

/** A token Secret as a test reads it. */
export interface Secret {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly data?: Readonly<Record<string, string>>;
}

export const nameAnnotation = 'kubernetes.io/service-account.name';
export const uidAnnotation = 'kubernetes.io/service-account.uid';

export function secretFor(account: string, name: string, changes: object = {}) {
  return {
    metadata: { name, annotations: { [nameAnnotation]: account } },
    type: 'kubernetes.io/service-account-token',
    ...changes,
  };
}

/** The Secret, once it has a token; this look at it is recorded. */
export const filled = ({ sendUntil, path }: Server, name = 'token') =>
  sendUntil<Secret>(path('secrets', name), ({ body }) => body.data?.['token'] !== undefined);

/** The bearer of a new token Secret's token, once it is accepted. Nothing of it is recorded. */
export async function legacyIdentity(server: Server, account = 'default', name = 'token'): Promise<Identity> {
  const identity = await freshLegacyIdentity(server, account, name);
  await usable(server, identity);
  return identity;
}

/** The same, not used so far. */
export async function freshLegacyIdentity(server: Server, account = 'default', name = 'token'): Promise<Identity> {
  const { create, path, peekUntil } = server;
  await create(path('secrets'), secretFor(account, name));
  const { body } = await peekUntil<Secret>(
    path('secrets', name),
    ({ body: { data } }) => data?.['token'] !== undefined,
  );
  const token = Buffer.from(body.data?.['token'] ?? '', 'base64').toString();
  return { token, called: `the bearer of Secret ${name}` };
}
