import { describe, expect } from 'vitest';
import { until } from '../support/until.ts';
import { behaviour } from './behaviour.ts';
import type { Server } from './server.ts';
import { usable } from './server.ts';
import { freshLegacyIdentity, legacyIdentity, type Secret } from './token-secret.ts';
import type { Identity } from './wire.ts';

const selfReview = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
const whoAmI = ({ send }: Server, as: Identity) =>
  send<{ status: { userInfo: { username: string } } }>('POST', selfReview, {}, { as });

/** The bearer of a new bound token, once it is accepted. */
async function boundIdentity(server: Server, spec: object = {}, account = 'default'): Promise<Identity> {
  const { status } = await server.create<{ status: { token: string } }>(
    server.path('serviceaccounts', account, 'token'),
    { spec },
  );
  return { token: status.token, called: 'the bearer of a bound token' };
}

/** An authenticated token is remembered for 10 seconds on a real server. */
const refusedInTheEnd = ({ peek }: Server, as: Identity) =>
  until(
    `${typeof as === 'string' ? as : as.called} to be refused`,
    async () => {
      const { status } = await peek('POST', selfReview, {}, { as });
      return status === 401 ? true : undefined;
    },
    30_000,
  );

describe('who a request comes from:', () => {
  behaviour('the bearer of a token Secret is its ServiceAccount, without extra', async (server) => {
    const { status } = await whoAmI(server, await legacyIdentity(server));
    expect(status).toBe(201);
  });

  behaviour('the bearer of a bound token is its ServiceAccount, with the id of the credential', async (server) => {
    const identity = await boundIdentity(server);
    await usable(server, identity);
    expect((await whoAmI(server, identity)).status).toBe(201);
  });

  behaviour('the bearer of a token that is bound to a Secret is its ServiceAccount', async (server) => {
    const { create, path } = server;
    await create(path('secrets'), { metadata: { name: 'anchor' } });
    const boundObjectRef = { apiVersion: 'v1', kind: 'Secret', name: 'anchor' };
    const identity = await boundIdentity(server, { boundObjectRef });
    await usable(server, identity);
    expect((await whoAmI(server, identity)).status).toBe(201);
  });

  behaviour('the scheme of the header may be in any case', async (server) => {
    const identity = await boundIdentity(server);
    await usable(server, identity);
    for (const scheme of ['bearer', 'BEARER', 'Bearer ']) {
      const authorization = `${scheme} ${(identity as { token: string }).token}`;
      const { status } = await server.send('GET', '/api', undefined, { as: 'anonymous', headers: { authorization } });
      server.note(`with "${scheme}"`, status);
    }
  });

  behaviour('nobody: allowed /version and health, refused everything else by name', async ({ send }) => {
    for (const path of ['/healthz', '/livez', '/readyz']) {
      expect((await send('GET', path, undefined, { as: 'anonymous' })).status).toBe(200);
    }
    for (const path of ['/api', '/apis', '/', '/api/v1/namespaces', '/openid/v1/jwks', '/nowhere', '/openapi/v2']) {
      expect((await send('GET', path, undefined, { as: 'anonymous' })).status).toBe(403);
    }
    await send('POST', selfReview, {}, { as: 'anonymous' });
  });

  behaviour('a bad token is refused everywhere, also where nobody would be allowed', async ({ send }) => {
    const as = { token: 'nonsense', called: 'the bearer of nonsense' };
    for (const path of ['/version', '/healthz', '/api', '/api/v1/namespaces', '/nowhere']) {
      expect((await send('GET', path, undefined, { as })).status).toBe(401);
    }
    await send('POST', selfReview, {}, { as });
  });

  behaviour('a token with another signature, another algorithm or no parts is refused', async (server) => {
    const { token } = (await boundIdentity(server)) as { token: string };
    await usable(server, { token, called: 'it' });
    const [header = '', claims = '', signature = ''] = token.split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    const changed = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    for (const [called, forged] of [
      ['another signature', `${header}.${claims}.${changed}`],
      ['no signature', `${header}.${claims}.`],
      ['no algorithm', `${none}.${claims}.`],
      ['two parts', `${header}.${claims}`],
      ['claims of its own', `${header}.${Buffer.from('{"sub":"x"}').toString('base64url')}.${signature}`],
    ] as const) {
      const { status } = await server.send('GET', '/version', undefined, { as: { token: forged, called } });
      expect(status).toBe(401);
    }
  });

  behaviour('an Authorization header that is no bearer is nobody', async ({ send }) => {
    for (const authorization of ['Basic YTpi', 'Bearer', 'Token abc']) {
      await send('GET', '/api', undefined, { as: 'anonymous', headers: { authorization } });
    }
  });

  behaviour('a token for another audience is refused', async (server) => {
    const identity = await boundIdentity(server, { audiences: ['vault'] });
    expect((await whoAmI(server, identity)).status).toBe(401);
  });

  behaviour('a token for several audiences counts if the server is one of them', async (server) => {
    const { status } = await server.create<{ status: { token: string } }>(
      server.path('serviceaccounts', 'default', 'token'),
      { spec: {} },
    );
    const [, claims = ''] = status.token.split('.');
    const { aud } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { aud: string[] };
    const identity = await boundIdentity(server, { audiences: ['vault', ...aud] });
    await usable(server, identity);
    expect((await whoAmI(server, identity)).status).toBe(201);
  });

  behaviour('a token that was never used is refused once its Secret is deleted', async (server) => {
    const identity = await freshLegacyIdentity(server);
    await server.send('DELETE', server.path('secrets', 'token'));
    await refusedInTheEnd(server, identity);
    await whoAmI(server, identity);
  });

  behaviour(
    'a token that was never used is refused once its Secret is labelled invalid, and not without',
    async (server) => {
      const identity = await freshLegacyIdentity(server);
      const label = (value: string | null) => ({
        metadata: { labels: { 'kubernetes.io/legacy-token-invalid-since': value } },
      });
      await server.peek('PATCH', server.path('secrets', 'token'), label('2024-01-01'));
      await refusedInTheEnd(server, identity);
      await whoAmI(server, identity);
      await server.peek('PATCH', server.path('secrets', 'token'), label(null));
      await usable(server, identity);
      await whoAmI(server, identity);
    },
  );

  behaviour('a token is refused in the end when what it stands on is gone', async (server) => {
    const { create, peek, path } = server;
    await create(path('serviceaccounts'), { metadata: { name: 'leaving' } });
    await create(path('secrets'), { metadata: { name: 'anchor' } });
    const anchored = { boundObjectRef: { apiVersion: 'v1', kind: 'Secret', name: 'anchor' } };
    const identities = {
      'its Secret deleted': await legacyIdentity(server, 'default', 'deleted'),
      'its Secret labelled invalid': await legacyIdentity(server, 'default', 'labelled'),
      'its Secret changed': await legacyIdentity(server, 'default', 'changed'),
      'the ServiceAccount of its Secret deleted': await legacyIdentity(server, 'leaving', 'left'),
      'the ServiceAccount of a bound token deleted': await boundIdentity(server, {}, 'leaving'),
      'the Secret it is bound to deleted': await boundIdentity(server, anchored),
    };
    for (const identity of Object.values(identities)) await usable(server, identity);
    await peek('DELETE', path('secrets', 'deleted'));
    await peek('PATCH', path('secrets', 'labelled'), {
      metadata: { labels: { 'kubernetes.io/legacy-token-invalid-since': '2024-01-01' } },
    });
    await peek('PATCH', path('secrets', 'changed'), { data: { token: 'Ym9ndXM=' } });
    await peek('DELETE', path('serviceaccounts', 'leaving'));
    await peek('DELETE', path('secrets', 'anchor'));
    await Promise.all(Object.values(identities).map((identity) => refusedInTheEnd(server, identity)));
    for (const [why, identity] of Object.entries(identities)) {
      server.note(why, (await peek('POST', selfReview, {}, { as: identity })).status);
    }
  });

  behaviour('a token of a Secret works again when the Secret of that name holds it again', async (server) => {
    const { create, peekUntil, path, peek } = server;
    const identity = (await freshLegacyIdentity(server)) as { token: string; called: string };
    await peek('DELETE', path('secrets', 'token'));
    await refusedInTheEnd(server, identity);
    const { body: account } = await peek('GET', path('serviceaccounts', 'default'));
    await create(path('secrets'), {
      metadata: {
        name: 'token',
        annotations: {
          'kubernetes.io/service-account.name': 'default',
          'kubernetes.io/service-account.uid': account.metadata.uid,
        },
      },
      type: 'kubernetes.io/service-account-token',
      data: { token: Buffer.from(identity.token).toString('base64') },
    });
    await peekUntil<Secret>(path('secrets', 'token'), ({ body }) => body.data?.['ca.crt'] !== undefined);
    await usable(server, identity);
    await whoAmI(server, identity);
  });

  behaviour('the first use of a token Secret is noted on it as a date', async (server) => {
    await legacyIdentity(server);
    const { body } = await server.peekUntil(
      server.path('secrets', 'token'),
      ({ body: { metadata } }) => metadata.labels?.['kubernetes.io/legacy-token-last-used'] !== undefined,
    );
    const { labels, managedFields = [] } = body.metadata as {
      labels?: Record<string, string>;
      managedFields?: { manager: string }[];
    };
    const today = new Date().toISOString().slice(0, 10);
    expect(labels?.['kubernetes.io/legacy-token-last-used']).toBe(today);
    // in which order the managers come depends on the second
    server.note('its manager', [managedFields.filter(({ manager }) => manager === 'kube-apiserver')]);
    server.note('labels of the Secret', Object.keys(labels ?? {}));
  });

  behaviour('a token whose Secret the ServiceAccount lists is answered with a warning', async (server) => {
    const { path, peek } = server;
    const identity = await freshLegacyIdentity(server);
    await peek('PATCH', path('serviceaccounts', 'default'), { secrets: [{ name: 'token' }] });
    const { headers } = await until(
      'the warning',
      async () => {
        const answer = await peek('POST', selfReview, {}, { as: identity });
        return answer.headers['warning'] === undefined ? undefined : answer;
      },
      20_000,
    );
    server.note('warning', headers['warning']);
    await whoAmI(server, identity);
  });
});
