import { describe, expect } from 'vitest';
import { behaviour } from './behaviour.ts';

const whoAmI = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
const authentication = ['authentication.k8s.io'];
const asUser = (name: string, more: Record<string, string> = {}) => ({ 'impersonate-user': name, ...more });

describe('impersonation', () => {
  behaviour('by who may not is refused for the verb that it is for', async (server) => {
    const bot = await server.account('bot');
    for (const as of ['anonymous', bot] as const) {
      for (const [method, at] of [
        ['GET', server.path('configmaps')],
        ['GET', server.path('configmaps', 'x')],
        ['POST', server.path('configmaps')],
        ['DELETE', server.path('configmaps', 'x')],
        ['GET', `${server.path('configmaps')}?watch=true`],
        ['POST', server.path('serviceaccounts', 'default', 'token')],
        ['GET', '/api/v1/namespaces'],
        ['GET', '/api'],
        ['GET', '/nowhere'],
      ] as const) {
        const body = method === 'POST' ? {} : undefined;
        expect((await server.send(method, at, body, { as, headers: asUser('joe') })).status).toBe(403);
      }
      for (const headers of [
        asUser('joe', { 'impersonate-group': 'g' }),
        asUser('joe', { 'impersonate-group': 'system:masters' }),
        asUser('joe', { 'impersonate-uid': 'u' }),
        asUser('joe', { 'impersonate-extra-scopes': 'x' }),
        asUser('system:serviceaccount:a:b'),
        asUser('system:serviceaccount:a:b', { 'impersonate-group': 'g' }),
        asUser('system:node:n'),
        asUser('system:node:n', { 'impersonate-group': 'g' }),
        asUser('system:node:N_'),
        asUser('system:anonymous'),
        { 'impersonate-group': 'g' },
        { 'impersonate-uid': 'u' },
      ]) {
        await server.send('GET', server.path('configmaps'), undefined, { as, headers });
      }
    }
  });

  behaviour('as of old needs each of its parts, and is told of first by who was allowed it last', async (server) => {
    const clusterRules = [
      { resources: ['users'], resourceNames: ['joe'], verbs: ['impersonate'] },
      { resources: ['groups'], resourceNames: ['g'], verbs: ['impersonate'] },
    ];
    const as = await server.account('bot', { clusterRules });
    await server.send('POST', whoAmI, {}, { as, headers: asUser('eve') });
    for (const headers of [
      asUser('joe'),
      asUser('joe', { 'impersonate-group': 'g' }),
      asUser('joe', { 'impersonate-group': 'h' }),
      asUser('joe', { 'impersonate-uid': 'u' }),
      asUser('joe', { 'impersonate-extra-scopes': 'x' }),
      asUser('eve'),
      asUser('system:serviceaccount:a:b'),
    ]) {
      await server.send('POST', whoAmI, {}, { as, headers });
    }
  });

  behaviour('for single verbs needs the verb and the user', async (server) => {
    const clusterRules = [
      { apiGroups: authentication, resources: ['users'], resourceNames: ['joe'], verbs: ['impersonate:user-info'] },
      { apiGroups: authentication, resources: ['selfsubjectreviews'], verbs: ['impersonate-on:user-info:create'] },
    ];
    const as = await server.account('bot', { clusterRules });
    expect((await server.send('POST', whoAmI, {}, { as, headers: asUser('joe') })).status).toBe(201);
    for (const headers of [asUser('eve'), asUser('joe', { 'impersonate-group': 'g' }), asUser('system:node:n')]) {
      expect((await server.send('POST', whoAmI, {}, { as, headers })).status).toBe(403);
    }
    await server.send('GET', server.path('configmaps'), undefined, { as, headers: asUser('joe') });
  });

  behaviour('by the administrator is of anybody, a node with its group', async ({ send, path }) => {
    for (const headers of [
      asUser('joe'),
      asUser('joe', { 'impersonate-group': 'g', 'impersonate-uid': 'u', 'impersonate-extra-scopes': 'x' }),
      asUser('joe', { 'impersonate-group': 'system:masters' }),
      asUser('system:node:n'),
      asUser('system:node:n', { 'impersonate-group': 'g' }),
      asUser('system:node:N_'),
      asUser('system:serviceaccount:a:b'),
      asUser('system:serviceaccount:a:b', { 'impersonate-group': 'g' }),
      asUser('system:anonymous'),
    ]) {
      await send('POST', whoAmI, {}, { headers });
      await send('GET', path('configmaps'), undefined, { headers });
    }
  });
});
