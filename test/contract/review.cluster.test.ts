import { describe, expect } from 'vitest';
import { until } from '../support/until.ts';
import { behaviour } from './behaviour.ts';
import type { Server } from './server.ts';
import { legacyIdentity } from './token-secret.ts';
import type { Identity } from './wire.ts';

const selfReview = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
const tokenReview = '/apis/authentication.k8s.io/v1/tokenreviews';
const mayI = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
const whatMayI = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews';

const review = ({ send }: Server, token: string, spec: object = {}) =>
  send<{ status: { authenticated?: boolean } }>('POST', tokenReview, { spec: { token, ...spec } });
const bearer = (identity: Identity) => (identity as { token: string }).token;

describe('a SelfSubjectReview', () => {
  behaviour('tells a ServiceAccount who it is, whatever is sent', async (server) => {
    const as = await server.account('bot');
    const sent = [{}, { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }, { metadata: {} }];
    for (const body of sent) expect((await server.send('POST', selfReview, body, { as })).status).toBe(201);
  });

  behaviour('tells the administrator what the certificate says', async ({ peek, note }) => {
    const { status, body } = await peek<{ status: { userInfo: { groups: string[] } } }>('POST', selfReview, {});
    expect(status).toBe(201);
    note('groups', body.status.userInfo.groups);
  });

  behaviour('can only be created, and is no other kind', async ({ send }) => {
    for (const method of ['GET', 'PUT', 'DELETE']) {
      expect((await send(method, selfReview, method === 'PUT' ? {} : undefined)).status).toBe(405);
    }
    await send('POST', selfReview, { apiVersion: 'v1', kind: 'Secret' });
    await send('POST', selfReview, '');
  });
});

describe('a TokenReview', () => {
  behaviour('tells whose a token of a Secret is', async (server) => {
    const { body } = await review(server, bearer(await legacyIdentity(server)));
    expect(body.status.authenticated).toBe(true);
  });

  behaviour('tells whose a bound token is, and its audiences', async (server) => {
    const { body } = await review(server, bearer(await server.account('bot')));
    expect(body.status.authenticated).toBe(true);
  });

  behaviour('asked for audiences tells those that hold', async (server) => {
    const { create, path } = server;
    const { status } = await create<{ status: { token: string } }>(path('serviceaccounts', 'default', 'token'), {
      spec: { audiences: ['vault', 'consul'] },
    });
    for (const audiences of [['vault'], ['consul', 'other', 'vault'], ['other'], undefined]) {
      await review(server, status.token, audiences === undefined ? {} : { audiences });
    }
  });

  behaviour('of nonsense is answered, with an error in it', async (server) => {
    const { status, body } = await review(server, 'nonsense');
    expect([status, body.status.authenticated]).toEqual([201, undefined]);
  });

  behaviour('says why a token does not count', async (server) => {
    const { peek, path } = server;
    const identity = await legacyIdentity(server, 'default', 'labelled');
    await peek('PATCH', path('secrets', 'labelled'), {
      metadata: { labels: { 'kubernetes.io/legacy-token-invalid-since': '2024-01-01' } },
    });
    await peek('DELETE', path('secrets', 'labelled'));
    await server.create(path('serviceaccounts'), { metadata: { name: 'leaving' } });
    const tokens: string[] = [];
    for (let count = 0; count < 50; count += 1) {
      const at = path('serviceaccounts', 'leaving', 'token');
      tokens.push((await server.create<{ status: { token: string } }>(at, { spec: {} })).status.token);
    }
    await peek('DELETE', path('serviceaccounts', 'leaving'));
    // a token that was accepted is remembered: each look needs another, until the authenticator has heard of it
    const last = await until('the ServiceAccount to be gone for the authenticator, too', async () => {
      const token = tokens.pop() ?? '';
      const { body } = await peek<{ status: { authenticated?: boolean } }>('POST', tokenReview, { spec: { token } });
      return body.status.authenticated === true ? undefined : token;
    });
    await review(server, last);
    await review(server, `${bearer(identity)}x`);
  });

  behaviour('without a token is refused', async ({ send }) => {
    for (const body of [{}, { spec: {} }, { spec: { token: '' } }]) await send('POST', tokenReview, body);
  });

  behaviour('needs the right to create tokenreviews, which a ServiceAccount does not have', async (server) => {
    const as = await server.account('bot');
    expect((await server.send('POST', tokenReview, { spec: { token: 'x' } }, { as })).status).toBe(403);
  });

  behaviour('is open to a ServiceAccount with system:auth-delegator', async (server) => {
    const { create, path, unique, removeLater, namespace, peek } = server;
    const as = await server.account('bot');
    const name = unique('delegator');
    removeLater(path('clusterrolebindings', name));
    await create(path('clusterrolebindings'), {
      metadata: { name },
      subjects: [{ kind: 'ServiceAccount', name: 'bot', namespace }],
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:auth-delegator' },
    });
    for (;;) {
      const { status } = await peek('POST', tokenReview, { spec: { token: 'x' } }, { as });
      if (status === 201) break;
    }
    await server.send('POST', tokenReview, { spec: { token: bearer(as) } }, { as });
  });
});

describe('a SelfSubjectAccessReview', () => {
  behaviour('allows the administrator everything', async ({ send, namespace }) => {
    for (const spec of [
      { resourceAttributes: { verb: 'delete', resource: 'secrets', namespace } },
      { resourceAttributes: { verb: '*', resource: '*', group: '*' } },
      { nonResourceAttributes: { verb: 'get', path: '/metrics' } },
    ]) {
      const { body } = await send<{ status: { allowed: boolean } }>('POST', mayI, { spec });
      expect(body.status.allowed).toBe(true);
    }
  });

  behaviour('allows a ServiceAccount what its Role says, and says why', async (server) => {
    const { namespace, send } = server;
    const as = await server.account('reader', { rules: [{ resources: ['secrets'], verbs: ['get', 'list'] }] });
    for (const resourceAttributes of [
      { verb: 'get', resource: 'secrets', namespace },
      { verb: 'get', resource: 'secrets', namespace, name: 'x' },
      { verb: 'list', resource: 'secrets', namespace },
      { verb: 'watch', resource: 'secrets', namespace },
      { verb: 'get', resource: 'secrets', namespace: 'default' },
      { verb: 'get', resource: 'secrets' },
      { verb: 'get', resource: 'secrets', namespace, group: 'apps' },
      { verb: 'get', resource: 'secrets', namespace, subresource: 'status' },
      { verb: 'get', resource: 'configmaps', namespace },
    ]) {
      await send('POST', mayI, { spec: { resourceAttributes } }, { as });
    }
  });

  behaviour('allows every ServiceAccount discovery, health and the key set, and says why', async (server) => {
    const as = await server.account('bot');
    const paths = ['/api', '/api/v1', '/apis', '/healthz', '/livez', '/readyz', '/version', '/openapi/v3'];
    for (const path of [...paths, '/openid/v1/jwks', '/.well-known/openid-configuration', '/', '/metrics', '/x']) {
      const spec = { nonResourceAttributes: { verb: 'get', path } };
      const { body } = await server.peek<{ status: { reason?: string } }>('POST', mayI, { spec }, { as });
      // some paths are in both roles, and the first that is found is named
      const reason = body.status.reason?.replaceAll(/system:(?:discovery|public-info-viewer)/gu, '<either>');
      server.note(path, { ...body.status, reason });
    }
  });

  behaviour('asks for one kind of attributes, and not for both', async ({ send }) => {
    const resourceAttributes = { verb: 'get', resource: 'secrets' };
    const nonResourceAttributes = { verb: 'get', path: '/api' };
    for (const spec of [{}, { resourceAttributes, nonResourceAttributes }]) {
      expect((await send('POST', mayI, { spec })).status).toBe(422);
    }
    await send('POST', mayI, {});
  });
});

describe('an access review', () => {
  const reviews = '/apis/authorization.k8s.io/v1';
  const resourceAttributes = { verb: 'get', resource: 'secrets' };

  behaviour('tells all that is wrong with it', async ({ send, namespace }) => {
    const local = `${reviews}/namespaces/${namespace}/localsubjectaccessreviews`;
    for (const at of [`${reviews}/subjectaccessreviews`, mayI, local]) {
      const named = { metadata: { name: 'x', labels: { a: '1' } }, spec: { user: 'jane', resourceAttributes } };
      for (const body of [{ spec: {} }, {}, { spec: { user: 'jane' } }, { spec: { resourceAttributes } }, named]) {
        await send('POST', at, body);
      }
    }
    const here = { verb: 'get', resource: 'secrets', namespace };
    for (const body of [
      { spec: { user: 'jane', resourceAttributes: here } },
      { metadata: { namespace: 'other' }, spec: { user: 'jane', resourceAttributes: here } },
      { metadata: { namespace }, spec: { user: 'jane', resourceAttributes: { ...here, namespace: 'other' } } },
      { spec: { user: 'jane', nonResourceAttributes: { verb: 'get', path: '/x' } } },
    ]) {
      await send('POST', local, body);
    }
  });

  behaviour('may ask about some objects, by one kind of selector', async ({ send, peek, note }) => {
    const requirement = { key: 'a', operator: 'In', values: ['b'] };
    for (const name of ['labelSelector', 'fieldSelector']) {
      for (const selector of [
        { rawSelector: 'a=b' },
        { rawSelector: 'a=b', requirements: [] },
        { rawSelector: 'a===' },
        { rawSelector: 'a=b', requirements: [requirement] },
        { requirements: [requirement] },
        { requirements: [{ ...requirement, operator: 'Other' }] },
        { requirements: [{ ...requirement, values: [] }] },
        { requirements: [{ ...requirement, operator: 'Exists' }] },
        { requirements: [{}] },
        { requirements: [] },
        { nonsense: 1 },
        {},
        'a=b',
      ]) {
        const spec = { user: 'jane', resourceAttributes: { verb: 'list', resource: 'pods', [name]: selector } };
        const at = `${reviews}/subjectaccessreviews`;
        await send('POST', at, { spec });
        const { body } = await peek('POST', at, { spec, status: { allowed: true } });
        note('managedFields', [(body.metadata as { managedFields?: unknown }).managedFields]);
      }
    }
  });

  behaviour('of any kind is in no namespace but the one of its path', async ({ send }) => {
    const metadata = { namespace: 'other' };
    await send('POST', tokenReview, { metadata: { ...metadata, name: 'x' }, spec: { token: 'x' } });
    await send('POST', mayI, { metadata, spec: { resourceAttributes } });
    for (const query of ['dryRun=x', 'fieldManager=%07']) {
      expect((await send('POST', `${tokenReview}?${query}`, { spec: { token: 'x' } })).status).toBe(422);
    }
  });

  behaviour('of oneself has no metadata of what was sent', async ({ note, peek, namespace }) => {
    const metadata = { name: 'x', namespace: 'other', labels: { a: '1' } };
    note('SelfSubjectReview', (await peek('POST', selfReview, { metadata })).body.metadata);
    note('SelfSubjectRulesReview', (await peek('POST', whatMayI, { metadata, spec: { namespace } })).body.metadata);
  });
});

describe('a SelfSubjectRulesReview', () => {
  behaviour('lists what a ServiceAccount without roles may do', async (server) => {
    const as = await server.account('bot');
    const { body } = await server.peek<RulesReview>(
      'POST',
      whatMayI,
      { spec: { namespace: server.namespace } },
      { as },
    );
    server.note('rules', sorted(body.status));
  });

  behaviour('lists what its Roles and ClusterRoles allow', async (server) => {
    const rules = [
      { resources: ['secrets'], verbs: ['get', 'list'] },
      { resources: ['configmaps'], resourceNames: ['one'], verbs: ['update'] },
    ];
    const as = await server.account('reader', { rules, clusterRules: [{ resources: ['pods'], verbs: ['list'] }] });
    const { body } = await server.peek<RulesReview>(
      'POST',
      whatMayI,
      { spec: { namespace: server.namespace } },
      { as },
    );
    server.note('rules', sorted(body.status));
    const elsewhere = await server.peek<RulesReview>('POST', whatMayI, { spec: { namespace: 'default' } }, { as });
    server.note('rules elsewhere', sorted(elsewhere.body.status));
  });

  behaviour('needs a namespace', async ({ send }) => {
    for (const body of [{}, { spec: {} }]) await send('POST', whatMayI, body);
  });
});

interface RulesReview {
  readonly status: {
    readonly resourceRules: readonly object[];
    readonly nonResourceRules: readonly object[];
    readonly incomplete: boolean;
  };
}

/** The order of rules, and of the words in one, depends on which role comes first. */
function sorted({ resourceRules, nonResourceRules, incomplete }: RulesReview['status']) {
  const words = (rule: object, key: string) => ((rule as Record<string, string[] | undefined>)[key] ?? []).toSorted();
  const keys = ['verbs', 'apiGroups', 'resources', 'resourceNames', 'nonResourceURLs'];
  const ordered = (rules: readonly object[]) =>
    rules.map((rule) => keys.map((key) => `${key}: ${words(rule, key).join(' ')}`).join(', ')).toSorted();
  return { resourceRules: ordered(resourceRules), nonResourceRules: ordered(nonResourceRules), incomplete };
}
