import { describe, expect } from 'vitest';
import type { Answer } from './recorder.ts';
import { behaviour } from './behaviour.ts';

const apiGroup = 'rbac.authorization.k8s.io';
const binding = (name: string, role: string, account: string, kind = 'Role') => ({
  metadata: { name },
  subjects: [{ kind: 'ServiceAccount', name: account }],
  roleRef: { apiGroup, kind, name: role },
});
const role = (name: string, ...rules: object[]) => ({ metadata: { name }, rules });

describe('a ServiceAccount without a role is refused', () => {
  behaviour('each verb by name, in its namespace', async (server) => {
    const as = await server.account('bot');
    const { path, send } = server;
    const object = { metadata: { name: 'x' } };
    for (const [method, at, body] of [
      ['GET', path('secrets'), undefined],
      ['GET', path('secrets', 'x'), undefined],
      ['GET', `${path('secrets')}?watch=true`, undefined],
      ['GET', `${path('secrets')}?watch=true&fieldSelector=metadata.name%3Dx`, undefined],
      ['POST', path('secrets'), object],
      ['PUT', path('secrets', 'x'), object],
      ['PATCH', path('secrets', 'x'), object],
      ['DELETE', path('secrets', 'x'), undefined],
      ['DELETE', path('secrets'), undefined],
    ] as const) {
      expect((await send(method, at, body, { as })).status).toBe(403);
    }
  });

  behaviour('each resource by name and group, at its scope', async (server) => {
    const as = await server.account('bot');
    const { path, send, namespace } = server;
    for (const resource of ['configmaps', 'pods', 'events', 'serviceaccounts', 'roles', 'rolebindings']) {
      await send('GET', path(resource), undefined, { as });
      await send('GET', path(resource, 'x'), undefined, { as });
    }
    for (const resource of ['namespaces', 'clusterroles', 'clusterrolebindings']) {
      await send('GET', path(resource), undefined, { as });
      await send('GET', path(resource, 'x'), undefined, { as });
    }
    await send('GET', '/api/v1/secrets', undefined, { as });
    await send('GET', '/api/v1/nodes', undefined, { as });
    await send('GET', `/apis/apps/v1/namespaces/${namespace}/deployments/x`, undefined, { as });
  });

  behaviour('its own namespace, and resources that there are not', async ({ account, send, path, namespace }) => {
    const as = await account('bot');
    await send('GET', path('namespaces', namespace), undefined, { as });
    await send('GET', path('nonsense', 'x'), undefined, { as });
    await send('GET', '/apis/nonsense.example.com/v1/things', undefined, { as });
    await send('POST', path('serviceaccounts', 'default', 'token'), {}, { as });
  });

  behaviour('paths that are no resources, with what is in them escaped', async ({ account, send }) => {
    const as = await account('bot');
    for (const path of ['/', '/metrics', '/nowhere', '/a<b>&c', '/debug/pprof']) {
      expect((await send('GET', path, undefined, { as })).status).toBe(403);
    }
    await send('POST', '/api', {}, { as });
  });

  behaviour('nothing of discovery, health and the key set', async ({ account, peek, note }) => {
    const as = await account('bot');
    const paths = ['/api', '/api/v1', '/apis', '/version', '/healthz', '/livez', '/readyz', '/openapi/v3'];
    for (const path of [...paths, '/.well-known/openid-configuration']) {
      note(path, (await peek('GET', path, undefined, { as })).status);
    }
    note('/openid/v1/jwks', (await peek('GET', '/openid/v1/jwks', undefined, { as, accept: '*/*' })).status);
  });
});

describe('the whole OpenAPI description, in version 2,', () => {
  behaviour('is open to every ServiceAccount', async ({ account, peek, note }) => {
    note('/openapi/v2', (await peek('GET', '/openapi/v2', undefined, { as: await account('bot') })).status);
  });
});

describe('a Role', () => {
  behaviour('allows its verbs on its resources in its namespace', async (server) => {
    const as = await server.account('reader', { rules: [{ resources: ['configmaps'], verbs: ['get', 'list'] }] });
    const { path, send } = server;
    expect((await send('GET', path('configmaps'), undefined, { as })).status).toBe(200);
    await send('GET', path('configmaps', 'kube-root-ca.crt'), undefined, { as });
    await send('GET', path('configmaps', 'missing'), undefined, { as });
    await send('DELETE', path('configmaps', 'missing'), undefined, { as });
    await send('GET', '/api/v1/namespaces/default/configmaps', undefined, { as });
    await send('GET', '/api/v1/configmaps', undefined, { as });
  });

  behaviour('with resourceNames allows these, a list and a watch of one of them, and no create', async (server) => {
    const verbs = ['get', 'list', 'watch', 'create', 'delete'];
    const as = await server.account('one', { rules: [{ resources: ['configmaps'], resourceNames: ['mine'], verbs }] });
    const { path, send, create } = server;
    await create(path('configmaps'), { metadata: { name: 'mine' } });
    const named = 'fieldSelector=metadata.name%3D';
    expect((await send('GET', path('configmaps', 'mine'), undefined, { as })).status).toBe(200);
    expect((await send('GET', `${path('configmaps')}?${named}mine`, undefined, { as })).status).toBe(200);
    await send('GET', `${path('configmaps')}?${named}other`, undefined, { as });
    await send('GET', path('configmaps'), undefined, { as });
    await send('GET', path('configmaps', 'other'), undefined, { as });
    await send('POST', path('configmaps'), { metadata: { name: 'mine' } }, { as });
    await send('DELETE', path('configmaps', 'mine'), undefined, { as });
    const watch = await server.watch(`${path('configmaps')}?watch=true&timeoutSeconds=1&${named}mine`, { as });
    await watch.rest();
  });

  behaviour('with stars allows all', async (server) => {
    const as = await server.account('lord', { rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] });
    const { path, send } = server;
    await send('POST', path('configmaps'), { metadata: { name: 'x' } }, { as });
    await send('DELETE', path('configmaps', 'x'), undefined, { as });
    await send('POST', path('serviceaccounts', 'default', 'token'), {}, { as });
    await send('GET', path('namespaces'), undefined, { as });
  });

  behaviour('with subresources allows these and not the resource', async (server) => {
    const as = await server.account('asker', { rules: [{ resources: ['serviceaccounts/token'], verbs: ['create'] }] });
    const { path, send } = server;
    await send('POST', path('serviceaccounts', 'default', 'token'), {}, { as });
    await send('POST', path('serviceaccounts'), { metadata: { name: 'x' } }, { as });
  });

  behaviour('stops to count when its binding is deleted', async (server) => {
    const as = await server.account('reader', { rules: [{ resources: ['configmaps'], verbs: ['get'] }] });
    const { path, peek, send } = server;
    await peek('DELETE', path('rolebindings', 'reader'));
    let answer: Answer;
    do answer = await peek('GET', path('configmaps', 'kube-root-ca.crt'), undefined, { as });
    while (answer.status === 200);
    await send('GET', path('configmaps', 'kube-root-ca.crt'), undefined, { as });
  });

  behaviour('that is missing is told to those who are bound to it', async (server) => {
    const as = await server.account('bot');
    const { create, path, peek, send } = server;
    await create(path('rolebindings'), binding('dangling', 'missing', 'bot'));
    let answer: Answer;
    do answer = await peek('GET', path('configmaps'), undefined, { as });
    while (!answer.text.includes('missing'));
    await send('GET', path('configmaps'), undefined, { as });
  });
});

describe('a ClusterRole', () => {
  behaviour('bound in a namespace allows there what it says', async (server) => {
    const as = await server.account('viewer', { clusterRole: ['view', 'list', 'configmaps'] });
    const { path, send } = server;
    await send('GET', path('configmaps', 'kube-root-ca.crt'), undefined, { as });
    await send('GET', path('pods'), undefined, { as });
    await send('GET', path('secrets'), undefined, { as });
    await send('POST', path('configmaps'), { metadata: { name: 'x' } }, { as });
    await send('GET', '/api/v1/namespaces/default/configmaps', undefined, { as });
    await send('GET', path('namespaces', server.namespace), undefined, { as });
  });

  behaviour('bound in the cluster allows it everywhere', async (server) => {
    const as = await server.account('reader', { clusterRules: [{ resources: ['namespaces'], verbs: ['get'] }] });
    const { path, send } = server;
    await send('GET', path('namespaces', server.namespace), undefined, { as });
    await send('GET', path('namespaces'), undefined, { as });
  });

  behaviour('with nonResourceURLs allows paths, also all that begin so', async (server) => {
    const nonResourceURLs = ['/allowed/*', '/exactly'];
    const as = await server.account('walker', { clusterRules: [{ nonResourceURLs, verbs: ['get'] }] });
    for (const path of ['/allowed/x', '/allowed/x/y', '/allowed', '/exactly', '/exactly/not']) {
      await server.send('GET', path, undefined, { as });
    }
  });

  behaviour('edit allows Secrets and tokens, and no roles', async (server) => {
    const as = await server.account('editor', { clusterRole: ['edit', 'create', 'secrets'] });
    const { path, send } = server;
    await send('POST', path('secrets'), { metadata: { name: 'x' } }, { as });
    await send('POST', path('serviceaccounts', 'default', 'token'), {}, { as });
    await send('GET', path('roles'), undefined, { as });
  });

  behaviour('of the system is there, with its rules', async ({ peek, path, note }) => {
    for (const name of [
      'cluster-admin',
      'system:basic-user',
      'system:discovery',
      'system:public-info-viewer',
      'system:service-account-issuer-discovery',
      'system:auth-delegator',
    ]) {
      const { body } = await peek<{ rules: unknown; metadata: { labels: unknown; annotations: unknown } }>(
        'GET',
        path('clusterroles', name),
      );
      note(name, { rules: body.rules, labels: body.metadata.labels, annotations: body.metadata.annotations });
    }
  });

  behaviour('of the system is bound to its groups', async ({ peek, path, note }) => {
    for (const name of [
      'cluster-admin',
      'system:basic-user',
      'system:discovery',
      'system:public-info-viewer',
      'system:service-account-issuer-discovery',
    ]) {
      const { body } = await peek('GET', path('clusterrolebindings', name));
      note(name, { subjects: body['subjects'], roleRef: body['roleRef'] });
    }
  });
});

describe('nobody gives rights that they do not have:', () => {
  const manager = {
    apiGroups: [apiGroup],
    resources: ['roles', 'rolebindings'],
    verbs: ['create', 'update', 'patch', 'get'],
  };
  const reader = { apiGroups: [''], resources: ['configmaps'], verbs: ['get'] };

  behaviour('a Role with more is refused, and told what is missing', async (server) => {
    const as = await server.account('manager', { rules: [manager, reader] });
    const { path, send } = server;
    const more = { apiGroups: ['', 'apps'], resources: ['secrets', 'pods'], verbs: ['get', 'list'] };
    expect((await send('POST', path('roles'), role('less', reader), { as })).status).toBe(201);
    expect((await send('POST', path('roles'), role('more', reader, more), { as })).status).toBe(403);
    await send('POST', path('roles'), role('named', { ...more, resourceNames: ['a', 'b'] }), { as });
    await send('PATCH', path('roles', 'less'), { rules: [{ ...reader, verbs: ['get', 'delete'] }] }, { as });
  });

  behaviour('a binding to a Role with more is refused, and told what is missing', async (server) => {
    const as = await server.account('manager', { rules: [manager, reader] });
    const { create, path, send } = server;
    await create(path('roles'), role('less', reader));
    await create(path('roles'), role('more', { ...reader, resources: ['secrets'] }));
    expect((await send('POST', path('rolebindings'), binding('a', 'less', 'default'), { as })).status).toBe(201);
    expect((await send('POST', path('rolebindings'), binding('b', 'more', 'default'), { as })).status).toBe(403);
    await send('POST', path('rolebindings'), binding('c', 'missing', 'default'), { as });
  });

  behaviour('the verbs escalate and bind lift this', async (server) => {
    const lifted = { ...manager, verbs: [...manager.verbs, 'escalate', 'bind'] };
    const as = await server.account('manager', { rules: [lifted] });
    const { path, send } = server;
    expect((await send('POST', path('roles'), role('more', reader), { as })).status).toBe(201);
    expect((await send('POST', path('rolebindings'), binding('b', 'more', 'default'), { as })).status).toBe(201);
  });
});

describe('what is no Role or binding', () => {
  behaviour(
    'is refused: rules without verbs, resources or groups, or with paths',
    async ({ send, path, unique, removeLater }) => {
      const rules = [
        { apiGroups: [''], resources: ['pods'] },
        { apiGroups: [''], verbs: ['get'] },
        { resources: ['pods'], verbs: ['get'] },
        { nonResourceURLs: ['/x'], verbs: ['get'] },
        { apiGroups: [''], resources: ['pods'], nonResourceURLs: ['/x'], verbs: ['get'] },
        {},
      ];
      for (const [index, rule] of rules.entries()) {
        await send('POST', path('roles'), role(`role-${index}`, rule));
        removeLater(path('clusterroles', unique(`role-${index}`)));
        await send('POST', path('clusterroles'), role(unique(`role-${index}`), rule));
      }
    },
  );

  behaviour('is refused: bindings without role, or to an odd one, or with odd subjects', async ({ send, path }) => {
    const good = binding('x', 'reader', 'default');
    for (const odd of [
      { ...good, roleRef: undefined },
      { ...good, roleRef: { apiGroup, kind: 'Role' } },
      { ...good, roleRef: { apiGroup, kind: 'Nonsense', name: 'x' } },
      { ...good, roleRef: { apiGroup: 'x', kind: 'Role', name: 'x' } },
      { ...good, subjects: [{ kind: 'Nonsense', name: 'x' }] },
      { ...good, subjects: [{ kind: 'ServiceAccount', name: 'x', apiGroup }] },
      { ...good, subjects: [{ kind: 'ServiceAccount', name: '', namespace: 'x' }] },
      { ...good, subjects: [{ kind: 'User' }] },
      { metadata: { name: 'x' } },
    ]) {
      expect((await send('POST', path('rolebindings'), odd)).status).toBe(422);
    }
  });

  behaviour('is filled in: groups of subjects and of roleRef', async ({ send, path }) => {
    await send('POST', path('rolebindings'), {
      metadata: { name: 'x' },
      subjects: [
        { kind: 'User', name: 'jane' },
        { kind: 'Group', name: 'team' },
        { kind: 'ServiceAccount', name: 'default', namespace: 'default' },
      ],
      roleRef: { kind: 'ClusterRole', name: 'view' },
    });
    await send('POST', path('rolebindings'), binding('own', 'reader', 'default'));
    await send('POST', path('roles'), { metadata: { name: 'empty' } });
  });

  behaviour('is refused: another roleRef for a binding', async ({ send, path }) => {
    await send('POST', path('rolebindings'), binding('x', 'reader', 'default'));
    const { status } = await send('PUT', path('rolebindings', 'x'), binding('x', 'writer', 'default'));
    expect(status).toBe(422);
  });

  behaviour('has names of another kind: a colon may be in them', async ({ send, path }) => {
    await send('POST', path('roles'), role('kube-sa-token:ci-bot'));
    await send('POST', path('roles'), role('a/b'));
    await send('POST', path('rolebindings'), binding('kube-sa-token:ci-bot', 'Upper_Case', 'default'));
  });
});

describe('a ClusterRole', () => {
  behaviour('of rules of others needs to say which', async ({ send, path }) => {
    for (const aggregationRule of [{}, { clusterRoleSelectors: [] }, { clusterRoleSelectors: null }]) {
      const sent = { metadata: { name: 'x' }, aggregationRule };
      expect((await send('POST', `${path('clusterroles')}?dryRun=All`, sent)).status).toBe(422);
    }
  });

  behaviour('of rules of others needs selectors that can be read', async ({ send, path }) => {
    const expression = { key: 'a', operator: 'Other' };
    for (const selector of [{ matchLabels: { 'a b': 'c' } }, { matchExpressions: [expression] }]) {
      const sent = { metadata: { name: 'x' }, aggregationRule: { clusterRoleSelectors: [selector] } };
      expect((await send('POST', `${path('clusterroles')}?dryRun=All`, sent)).status).toBe(422);
    }
  });
});
