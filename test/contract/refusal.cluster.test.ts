import { describe, expect } from 'vitest';
import { behaviour } from './behaviour.ts';

const named = (name: string, rest: object = {}) => ({ metadata: { name }, ...rest });
const namespaced = ['configmaps', 'secrets', 'serviceaccounts', 'events', 'roles', 'rolebindings'];
const clusterScoped = ['namespaces', 'clusterroles', 'clusterrolebindings'];

describe('what is not there is not found:', () => {
  for (const resource of [...namespaced, ...clusterScoped]) {
    behaviour(`one of ${resource}, to read, to change or to delete`, async ({ send, path }) => {
      const at = path(resource, 'missing');
      expect((await send('GET', at)).status).toBe(404);
      expect((await send('DELETE', at)).status).toBe(404);
      await send('PATCH', at, {});
    });
  }

  behaviour('a Pod or a Service to read', async ({ send, path }) => {
    for (const resource of ['pods', 'services']) {
      expect((await send('GET', path(resource, 'missing'))).status).toBe(404);
    }
  });

  for (const [what, resource] of [
    ['a Pod', 'pods'],
    ['a Service', 'services'],
  ] as const) {
    behaviour(`${what} to change or to delete`, async ({ send, path }) => {
      expect((await send('DELETE', path(resource, 'missing'))).status).toBe(404);
      await send('PATCH', path(resource, 'missing'), {});
    });
  }

  behaviour('an object to replace', async ({ send, path }) => {
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'x' };
    for (const resource of ['configmaps', 'secrets', 'serviceaccounts', 'namespaces']) {
      expect((await send('PUT', path(resource, 'missing'), named('missing'))).status).toBe(404);
    }
    await send('PUT', path('roles', 'missing'), named('missing', { rules: [] }));
    await send('PUT', path('rolebindings', 'missing'), named('missing', { roleRef }));
  });

  behaviour('the namespace of an object to create', async ({ send }) => {
    for (const resource of ['configmaps', 'secrets', 'serviceaccounts']) {
      expect((await send('POST', `/api/v1/namespaces/nowhere/${resource}`, named('x'))).status).toBe(404);
    }
    await send('POST', '/apis/rbac.authorization.k8s.io/v1/namespaces/nowhere/roles', named('x', { rules: [] }));
  });

  behaviour('a resource, a version, a group, a path', async ({ send, path, namespace }) => {
    for (const at of [
      path('nonsense'),
      path('nonsense', 'x'),
      '/api/v2',
      '/api/v1/nonsense',
      '/apis/nonsense.example.com/v1',
      '/apis/nonsense.example.com',
      '/apis/rbac.authorization.k8s.io/v9',
      `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/nonsense`,
      '/nowhere',
      '/apinonsense',
    ]) {
      expect((await send('GET', at)).status).toBe(404);
    }
    await send('POST', path('nonsense'), named('x'));
  });

  behaviour('a subresource', async ({ send, path }) => {
    await send('GET', path('secrets', 'x', 'status'));
    await send('GET', path('serviceaccounts', 'default', 'nonsense'));
    await send('POST', path('configmaps', 'x', 'token'), {});
  });
});

describe('what is there already', () => {
  behaviour('is not created again', async ({ create, send, path }) => {
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'x' };
    for (const resource of ['configmaps', 'secrets', 'serviceaccounts']) {
      await create(path(resource), named('x'));
      expect((await send('POST', path(resource), named('x'))).status).toBe(409);
    }
    await create(path('roles'), named('x', { rules: [] }));
    await send('POST', path('roles'), named('x', { rules: [] }));
    await create(path('rolebindings'), named('x', { roleRef }));
    await send('POST', path('rolebindings'), named('x', { roleRef }));
    await send('POST', path('namespaces'), named('default'));
    await send('POST', path('clusterroles'), named('view', { rules: [] }));
  });

  behaviour('is not replaced by who has seen an older version of it', async ({ create, peek, send, path }) => {
    const { metadata } = await create(path('configmaps'), named('x'));
    await peek('PATCH', path('configmaps', 'x'), { data: { a: '1' } });
    const { resourceVersion, uid } = metadata;
    const other = '6f2e8c1a-0000-4000-8000-000000000000';
    await send('PUT', path('configmaps', 'x'), { metadata: { name: 'x', resourceVersion } });
    await send('PUT', path('configmaps', 'x'), { metadata: { name: 'x', uid: other } });
    await send('PATCH', path('configmaps', 'x'), { metadata: { resourceVersion } });
    await send('PATCH', path('configmaps', 'x'), { metadata: { uid: other } });
    expect((await send('PUT', path('configmaps', 'x'), { metadata: { name: 'x', uid } })).status).toBe(200);
  });

  behaviour('is deleted only if it is the one that is meant', async ({ create, send, path }) => {
    const { metadata } = await create(path('configmaps'), named('x'));
    const { uid, resourceVersion } = metadata;
    const at = path('configmaps', 'x');
    const other = '6f2e8c1a-0000-4000-8000-000000000000';
    expect((await send('DELETE', at, { preconditions: { uid: other } })).status).toBe(409);
    expect((await send('DELETE', at, { preconditions: { resourceVersion: '1' } })).status).toBe(409);
    await send('DELETE', at, { preconditions: { uid: other, resourceVersion: '1' } });
    expect((await send('DELETE', at, { preconditions: { uid, resourceVersion } })).status).toBe(200);
  });
});

describe('a body is refused', () => {
  behaviour('that names another object or another namespace than the path', async ({ create, send, path }) => {
    await create(path('configmaps'), named('x'));
    await send('PUT', path('configmaps', 'x'), named('y'));
    await send('PUT', path('configmaps', 'x'), {});
    await send('POST', path('configmaps'), { metadata: { name: 'y', namespace: 'other' } });
    await send('PUT', path('configmaps', 'x'), { metadata: { name: 'x', namespace: 'other' } });
    await send('PATCH', path('configmaps', 'x'), { metadata: { name: 'y' } });
    await send('PATCH', path('configmaps', 'x'), { metadata: { namespace: 'other' } });
  });

  behaviour('of another kind or version', async ({ send, path }) => {
    const bodies = [
      { apiVersion: 'v1', kind: 'ConfigMap' },
      { apiVersion: 'v2', kind: 'Secret' },
      { apiVersion: 'apps/v1', kind: 'Deployment' },
      { apiVersion: 'v1', kind: 'Nonsense' },
      { apiVersion: 'nonsense.example.com/v1', kind: 'Nonsense' },
      { apiVersion: 'v1', kind: 'SecretList', items: [] },
    ];
    for (const body of bodies)
      expect((await send('POST', path('secrets'), { ...body, ...named('x') })).status).toBe(400);
  });

  behaviour('that is no object at all', async ({ send, path }) => {
    for (const body of ['', '{', '[]', 'null', '"x"', '1', '{"metadata":[]}', '{"metadata":{"name":1}}', 'x: y']) {
      await send('POST', path('secrets'), body);
    }
  });

  behaviour('whose fields are of other types', async ({ send, path }) => {
    await send('POST', path('configmaps'), named('x', { data: 'x' }));
    await send('POST', path('configmaps'), named('x', { immutable: 'yes' }));
    await send('POST', path('configmaps'), { metadata: { name: 'x', labels: { a: 1 } } });
    await send('POST', path('configmaps'), { metadata: { name: 'x', annotations: ['a'] } });
    await send('POST', path('serviceaccounts'), named('x', { automountServiceAccountToken: 'no' }));
    await send('POST', path('serviceaccounts'), named('x', { secrets: 'x' }));
    await send('POST', path('roles'), named('x', { rules: [{ verbs: 'get' }] }));
  });

  behaviour('that has a resourceVersion before it is created', async ({ send, path }) => {
    const { status } = await send('POST', path('configmaps'), { metadata: { name: 'x', resourceVersion: '5' } });
    expect(status).toBe(500);
  });

  behaviour('without a name', async ({ send, path }) => {
    for (const resource of ['configmaps', 'secrets', 'serviceaccounts', 'namespaces']) {
      expect((await send('POST', path(resource), {})).status).toBe(422);
    }
    await send('POST', path('roles'), { rules: [] });
  });

  behaviour('with a name of a wrong form', async ({ send, path }) => {
    const names = ['Upper', 'under_score', '-dash', 'dot.', 'a/b', 'x'.repeat(254), 'ü'];
    for (const name of names) expect((await send('POST', path('secrets'), named(name))).status).toBe(422);
    for (const name of ['dots.are.ok', 'x'.repeat(64), 'Upper']) {
      await send('POST', path('serviceaccounts'), named(name));
      if (name !== 'dots.are.ok') await send('POST', path('namespaces'), named(name));
    }
    await send('POST', path('namespaces'), named('no.dots'));
  });

  behaviour('with labels, annotations, finalizers or owners of a wrong form', async ({ send, path }) => {
    const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: 'x' };
    for (const metadata of [
      { labels: { 'a b': '' } },
      { labels: { 'a/b/c': '' } },
      { labels: { a: 'with space' } },
      { labels: { a: 'x'.repeat(64) } },
      { labels: { '': 'x' } },
      { annotations: { 'a b': '' } },
      { annotations: { a: 'x'.repeat(262_145) } },
      { finalizers: ['x'] },
      { finalizers: ['a b/c'] },
      { finalizers: ['a b', ''] },
      { ownerReferences: [{ ...owner, uid: '' }] },
      { ownerReferences: [{ ...owner, kind: '' }] },
      { ownerReferences: [{ ...owner, kind: 'Event' }] },
      { ownerReferences: [{ apiVersion: 'v1', kind: 'Event' }] },
      { ownerReferences: [{}] },
      { ownerReferences: [{ ...owner, apiVersion: 'a/b/c' }] },
      { ownerReferences: [{ ...owner, apiVersion: 'a/' }] },
      {
        ownerReferences: [
          { ...owner, controller: true },
          { ...owner, name: 'y', uid: 'y', controller: true },
        ],
      },
    ]) {
      expect((await send('POST', path('configmaps'), { metadata: { name: 'x', ...metadata } })).status).toBe(422);
    }
  });

  behaviour('with an owner twice keeps it once, and says so', async ({ send, path }) => {
    const owner = { apiVersion: 'example.com/v1', kind: 'Owner', name: 'x', uid: 'x' };
    const ownerReferences = [owner, { ...owner, uid: 'y' }, owner, { ...owner, name: 'z' }];
    const { body } = await send('POST', path('configmaps'), { metadata: { name: 'x', ownerReferences } });
    expect((body.metadata as { ownerReferences?: unknown }).ownerReferences).toHaveLength(3);
    await send('PUT', path('configmaps', 'x'), { metadata: { name: 'x', ownerReferences } });
    await send('PATCH', path('configmaps', 'x'), { metadata: { ownerReferences } });
  });

  behaviour('whose resourceVersion is no number', async ({ create, send, path }) => {
    await create(path('configmaps'), named('x'));
    for (const resourceVersion of ['abc', '1.5', '-1', '"']) {
      const metadata = { name: 'x', resourceVersion };
      expect((await send('PUT', path('configmaps', 'x'), { metadata })).status).toBe(500);
    }
  });

  behaviour('in a form that the server does not read', async ({ send, path }) => {
    for (const contentType of ['text/plain', 'application/xml', 'application/merge-patch+json', 'nonsense']) {
      expect((await send('POST', path('configmaps'), '{}', { contentType })).status).toBe(415);
    }
  });

  behaviour('in no form that is named is read as JSON', async ({ send, path }) => {
    const { status } = await send('POST', path('configmaps'), JSON.stringify(named('x')), { contentType: '' });
    expect(status).toBe(201);
  });

  behaviour('of more than three mebibytes', async ({ send, path }) => {
    const { status } = await send('POST', path('configmaps'), named('x', { data: { a: 'x'.repeat(3 * 2 ** 20) } }));
    expect(status).toBe(413);
  });
});

describe('a fieldManager', () => {
  behaviour('has 128 bytes at most, which can be seen', async ({ create, send, path }) => {
    await create(path('configmaps'), named('y'));
    for (const manager of [
      'x'.repeat(128),
      'x'.repeat(129),
      'ж'.repeat(65),
      '\u0007',
      'a\nb',
      'ж\u0085',
      '\u200B',
      ' ',
      'ж',
    ]) {
      const query = `?dryRun=All&fieldManager=${encodeURIComponent(manager)}`;
      await send('POST', `${path('configmaps')}${query}`, named('x'));
      await send('PUT', `${path('configmaps', 'y')}${query}`, named('y'));
      await send('PATCH', `${path('configmaps', 'y')}${query}`, {});
    }
    await send('POST', `${path('configmaps')}?fieldManager=%07&dryRun=x&fieldValidation=y`, named('x'));
  });
});

describe('a method that a path does not have', () => {
  behaviour('is not allowed', async ({ send, path }) => {
    for (const [method, at] of [
      ['PUT', path('secrets')],
      ['PATCH', path('secrets')],
      ['POST', path('secrets', 'x')],
      ['PUT', path('namespaces')],
      ['PUT', path('clusterroles')],
      ['POST', '/api/v1/secrets'],
      ['DELETE', '/api/v1/secrets'],
      ['GET', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'],
      ['GET', '/apis/authentication.k8s.io/v1/tokenreviews'],
      ['OPTIONS', path('secrets')],
      ['HEAD', path('secrets')],
      ['TRACE', path('secrets')],
    ] as const) {
      await send(method, at, ['PUT', 'PATCH', 'POST'].includes(method) ? {} : undefined);
    }
  });

  behaviour('is not allowed where there are no objects either', async ({ send }) => {
    for (const [method, at] of [
      ['POST', '/api'],
      ['POST', '/api/v1'],
      ['POST', '/version'],
      ['POST', '/healthz'],
      ['PUT', '/openid/v1/jwks'],
    ] as const) {
      await send(method, at, {});
    }
  });
});

describe('an answer in a form that the server does not write', () => {
  behaviour('is not acceptable', async ({ send, path }) => {
    for (const accept of [
      'text/html',
      'application/xml',
      'image/png',
      'application/json;as=Nonsense;v=v1;g=meta.k8s.io',
    ]) {
      expect((await send('GET', path('secrets'), undefined, { accept })).status).toBe(406);
    }
    await send('GET', path('secrets'), undefined, { accept: 'text/html, */*' });
    await send('GET', path('secrets'), undefined, { accept: 'application/*' });
  });
});
