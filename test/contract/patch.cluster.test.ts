import { describe, expect } from 'vitest';
import { behaviour } from './behaviour.ts';

const json = { contentType: 'application/json-patch+json' };
const merge = { contentType: 'application/merge-patch+json' };
const strategic = { contentType: 'application/strategic-merge-patch+json' };
const apply = { contentType: 'application/apply-patch+yaml' };
const x = { metadata: { name: 'x', labels: { app: 'x' } }, data: { a: '1', b: '2' } };

describe('a JSON patch', () => {
  const one = (op: string, more: object) => [{ op, ...more }];

  behaviour('adds, replaces, removes, moves, copies and tests', async ({ create, send, path }) => {
    await create(path('configmaps'), x);
    const at = path('configmaps', 'x');
    const operations = [
      { op: 'test', path: '/data/a', value: '1' },
      { op: 'add', path: '/data/c', value: '3' },
      { op: 'replace', path: '/data/a', value: '0' },
      { op: 'remove', path: '/data/b' },
      { op: 'copy', from: '/data/c', path: '/data/d' },
      { op: 'move', from: '/data/c', path: '/data/e' },
      { op: 'add', path: '/metadata/labels/example.com~1f', value: 'y' },
    ];
    const { status, body } = await send('PATCH', at, operations, json);
    expect([status, body.data]).toEqual([200, { a: '0', d: '3', e: '3' }]);
    for (const move of [
      { from: '/data/a', path: '/data/a' },
      { from: '/data/d', path: '/data/e' },
      { from: '/metadata/labels', path: '/metadata/annotations' },
      { from: '/data', path: '/binaryData' },
    ]) {
      await send('PATCH', at, one('move', move), json);
    }
    await send('GET', at);
  });

  behaviour('moves and copies within a list', async ({ create, send, path }) => {
    const imagePullSecrets = ['a', 'b', 'c'].map((name) => ({ name }));
    await create(path('serviceaccounts'), { metadata: { name: 'x' }, imagePullSecrets });
    const at = path('serviceaccounts', 'x');
    const list = '/imagePullSecrets';
    const { status, body } = await send('PATCH', at, one('move', { from: `${list}/0`, path: `${list}/2` }), json);
    expect([status, body['imagePullSecrets']]).toEqual([200, ['b', 'c', 'a'].map((name) => ({ name }))]);
    for (const [op, from, to] of [
      ['move', '2', '0'],
      ['move', '0', '-'],
      ['move', '0', '3'],
      ['move', '0/name', '1/name'],
      ['move', '9', '0'],
      ['copy', '0', '3'],
      ['copy', '0', '9'],
      ['copy', '-', '0'],
      ['copy', '-1', '0'],
    ] as const) {
      await send('PATCH', at, one(op, { from: `${list}/${from}`, path: `${list}/${to}` }), json);
    }
  });

  behaviour('that does not fit is refused', async ({ create, send, path }) => {
    await create(path('configmaps'), x);
    for (const operations of [
      [{ op: 'test', path: '/data/a', value: '2' }],
      [
        { op: 'add', path: '/data/c', value: '3' },
        { op: 'test', path: '/data/c', value: '2' },
      ],
      [{ op: 'test', path: '/data/missing/x', value: null }],
      [{ op: 'test', path: '/data/a' }],
      [{ op: 'test', path: '', value: {} }],
      [{ op: 'remove', path: '/data/missing' }],
      [{ op: 'remove', path: '/data/a/b' }],
      [{ op: 'remove', path: '' }],
      [{ op: 'replace', path: '/data/missing', value: '' }],
      [{ op: 'replace', path: '', value: [] }],
      [{ op: 'add', path: '/nowhere/x', value: '' }],
      [{ op: 'add', path: '', value: {} }],
      [{ op: 'add', path: 'data', value: {} }],
      [{ op: 'add', path: null, value: {} }],
      [{ op: 'add', value: '' }],
      [{ op: 'nonsense', path: '/data/a' }],
      [{ op: 'add', path: '/data/a', value: 1 }],
      [{ op: 'move', from: '/data/missing', path: '/data/c' }],
      [{ op: 'move', from: '/data', path: '/data/c' }],
      [{ op: 'move', from: '/data/a', path: '/data' }],
      [{ op: 'move', path: '/data/c' }],
      [{ op: 'copy', path: '/data/c' }],
      [{ op: 'copy', from: '/nowhere/x', path: '/data/c' }],
      [{ op: 'copy', from: '/data', path: '/data/c' }],
      [{}],
      [null],
    ]) {
      await send('PATCH', path('configmaps', 'x'), operations, json);
    }
    expect((await send('PATCH', path('configmaps', 'x'), [], json)).status).toBe(200);
  });

  behaviour('that is no list of operations is refused', async ({ create, send, path }) => {
    await create(path('configmaps'), x);
    const bodies = ['{}', '1', 'true', '"x"', '[1]', '["x"]', '[[]]', '[true]', '{', ''];
    const oddFields = [one('add', { path: 5 }), [{ op: 5 }], [{ op: 'move', from: {} }]];
    for (const body of [...bodies, ...oddFields]) {
      expect((await send('PATCH', path('configmaps', 'x'), body, json)).status).toBe(400);
    }
    const ignoring = `${path('configmaps', 'x')}?fieldValidation=Ignore`;
    for (const body of ['{}', '[1]', ...oddFields]) await send('PATCH', ignoring, body, json);
    const many = Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/data/a', value: '1' }));
    expect((await send('PATCH', path('configmaps', 'x'), many, json)).status).toBe(413);
    expect((await send('PATCH', path('configmaps', 'x'), 'null', json)).status).toBe(200);
  });

  behaviour('is told of fields that there are not, or twice', async ({ create, send, path }) => {
    await create(path('configmaps'), x);
    const odd = [{ op: 'add', path: '/data/c', value: '3', more: 1 }];
    const twice = '[{"op":"remove","op":"add","path":"/data/c","value":"1","value":"2"}]';
    for (const body of [odd, twice, one('add', { path: '/nonsense', value: 1 })]) {
      expect((await send('PATCH', path('configmaps', 'x'), body, json)).headers['warning']).toBeDefined();
      await send('PATCH', `${path('configmaps', 'x')}?fieldValidation=Strict`, body, json);
      await send('PATCH', `${path('configmaps', 'x')}?fieldValidation=Ignore`, body, json);
    }
  });

  behaviour('does odd things on odd paths', async ({ create, send, path }) => {
    await create(path('configmaps'), x);
    for (const operations of [
      one('copy', { from: '/data/missing', path: '/data/c' }),
      one('test', { path: '/data/missing', value: null }),
      one('test', { path: '/data/missing' }),
      one('add', { path: '/data/d' }),
      one('add', { path: 'elsewhere/data', value: { e: '1' } }),
      one('replace', { path: '', value: { metadata: { name: 'x' } } }),
      one('replace', { path: '', value: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } } }),
    ]) {
      await send('PATCH', path('configmaps', 'x'), operations, json);
    }
  });

  behaviour('works on lists', async ({ create, send, path }) => {
    await create(path('serviceaccounts'), { metadata: { name: 'x' }, imagePullSecrets: [{ name: 'a' }] });
    const operations = [
      { op: 'add', path: '/imagePullSecrets/-', value: { name: 'c' } },
      { op: 'add', path: '/imagePullSecrets/1', value: { name: 'b' } },
      { op: 'remove', path: '/imagePullSecrets/0' },
    ];
    await send('PATCH', path('serviceaccounts', 'x'), operations, json);
    const value = { name: 'd' };
    for (const index of ['', '-', '0', '01', '+1', '-1', '-2', '-9', '9', 'x', '1.0']) {
      const at = `/imagePullSecrets/${index}`;
      await send('PATCH', `${path('serviceaccounts', 'x')}?dryRun=All`, one('add', { path: at, value }), json);
      await send('PATCH', `${path('serviceaccounts', 'x')}?dryRun=All`, one('replace', { path: at, value }), json);
      await send('PATCH', `${path('serviceaccounts', 'x')}?dryRun=All`, one('remove', { path: at }), json);
      await send('PATCH', `${path('serviceaccounts', 'x')}?dryRun=All`, one('test', { path: at, value: null }), json);
    }
  });
});

describe('a merge patch', () => {
  behaviour('merges maps, replaces lists, and removes with null', async ({ create, send, path }) => {
    await create(path('configmaps'), x);
    const { body } = await send(
      'PATCH',
      path('configmaps', 'x'),
      { data: { a: null, c: '3' }, metadata: { labels: null } },
      merge,
    );
    expect(body.data).toEqual({ b: '2', c: '3' });
    await create(path('serviceaccounts'), { metadata: { name: 'x' }, imagePullSecrets: [{ name: 'a' }] });
    await send('PATCH', path('serviceaccounts', 'x'), { imagePullSecrets: [{ name: 'b' }] }, merge);
    await send('PATCH', path('configmaps', 'x'), { data: null }, merge);
  });

  behaviour('that is no object is refused', async ({ create, send, path }) => {
    await create(path('configmaps'), x);
    for (const body of ['', '[]', '"x"', '{', '1']) await send('PATCH', path('configmaps', 'x'), body, merge);
  });

  behaviour('is validated as a whole object is', async ({ create, send, path }) => {
    await create(path('configmaps'), x);
    await send('PATCH', path('configmaps', 'x'), { metadata: { labels: { 'a b': 'x' } } }, merge);
    await send('PATCH', path('configmaps', 'x'), { data: { a: 1 } }, merge);
    await send('PATCH', path('configmaps', 'x'), { apiVersion: 'v2' }, merge);
  });
});

describe('a strategic merge patch', () => {
  behaviour('merges maps, and lists by their key', async ({ create, send, path }) => {
    await create(path('configmaps'), x);
    await send('PATCH', path('configmaps', 'x'), { data: { a: null, c: '3' } }, strategic);
    await create(path('serviceaccounts'), {
      metadata: { name: 'x', finalizers: ['example.com/a'] },
      secrets: [{ name: 'a' }],
      imagePullSecrets: [{ name: 'a' }],
    });
    await send(
      'PATCH',
      path('serviceaccounts', 'x'),
      { secrets: [{ name: 'b' }], imagePullSecrets: [{ name: 'b' }] },
      strategic,
    );
    await send('PATCH', path('serviceaccounts', 'x'), { secrets: [{ $patch: 'delete', name: 'a' }] }, strategic);
    await send('PATCH', path('serviceaccounts', 'x'), { metadata: { finalizers: ['example.com/b'] } }, strategic);
    await send('PATCH', path('serviceaccounts', 'x'), { metadata: { finalizers: null } }, strategic);
  });

  behaviour('replaces with $patch, and lists without a key', async ({ create, send, path }) => {
    await create(path('configmaps'), x);
    await send('PATCH', path('configmaps', 'x'), { data: { $patch: 'replace', c: '3' } }, strategic);
    const rule = { apiGroups: [''], resources: ['pods'], verbs: ['get'] };
    await create(path('roles'), { metadata: { name: 'x' }, rules: [rule] });
    await send('PATCH', path('roles', 'x'), { rules: [{ ...rule, resources: ['secrets'] }] }, strategic);
    for (const rules of [[{ $patch: 'replace' }, rule], [{ $patch: 'delete' }], null]) {
      await send('PATCH', `${path('roles', 'x')}?dryRun=All`, { rules }, strategic);
    }
  });

  behaviour('deletes with $patch, keeps with $retainKeys', async ({ create, send, path }) => {
    await create(path('configmaps'), x);
    const at = `${path('configmaps', 'x')}?dryRun=All`;
    for (const patch of [
      { data: { $patch: 'delete' } },
      { data: { $patch: 'delete', c: '3' } },
      { binaryData: { $patch: 'delete' } },
      { binaryData: { $patch: 'replace', c: 'MQ==' } },
      { $patch: 'delete' },
      { $patch: 'replace' },
      { $patch: 'replace', metadata: { name: 'x' } },
      { $retainKeys: ['metadata'] },
      { $retainKeys: ['metadata', 'data'], data: { c: '3' } },
      { $retainKeys: ['metadata'], data: { c: '3' } },
      { $retainKeys: 'metadata' },
      { $retainKeys: null },
      { data: { $retainKeys: ['a', 'c'], b: null, c: '3' } },
      { data: { $retainKeys: ['a'], c: '3' } },
    ]) {
      await send('PATCH', at, patch, strategic);
    }
  });

  behaviour('orders lists, and deletes from those of texts', async ({ create, send, path }) => {
    const finalizers = ['example.com/a', 'example.com/b', 'example.com/c'];
    const secrets = ['a', 'b', 'c'].map((name) => ({ name }));
    await create(path('serviceaccounts'), { metadata: { name: 'x', finalizers }, secrets });
    const at = `${path('serviceaccounts', 'x')}?dryRun=All`;
    const [a, b, c] = finalizers;
    const order = '$setElementOrder';
    const remove = '$deleteFromPrimitiveList';
    for (const metadata of [
      { finalizers: [c, a] },
      { finalizers: [b, 'example.com/d'] },
      { finalizers: [] },
      { finalizers: [5] },
      { finalizers: 'example.com/d' },
      { finalizers: [{ a: 'b' }] },
      { finalizers: [['a']] },
      { [`${remove}/finalizers`]: [b] },
      { [`${remove}/finalizers`]: [b], finalizers: ['example.com/d'] },
      { [`${remove}/finalizers`]: null },
      { [`${remove}/finalizers`]: b },
      { [`${remove}/missing`]: [b] },
      { [`${remove}/ownerReferences`]: [b] },
      { [remove]: [b] },
      { [`${order}/finalizers`]: [c, 'example.com/d', a], finalizers: ['example.com/d'] },
      { [`${order}/finalizers`]: [c, a] },
      { [`${order}/finalizers`]: [c], finalizers: ['example.com/d'] },
      { [`${order}/finalizers`]: [c, b], [`${remove}/finalizers`]: [a] },
      { [`${order}/finalizers`]: 'a' },
    ]) {
      await send('PATCH', at, { metadata }, strategic);
    }
    for (const patch of [
      { secrets: [{ name: 'c' }, { name: 'a' }] },
      { secrets: [{ name: 'd' }] },
      { secrets: [] },
      { [`${order}/secrets`]: [{ name: 'c' }, { name: 'd' }, { name: 'a' }], secrets: [{ name: 'd' }] },
      { [`${order}/secrets`]: [{ name: 'c' }, { name: 'a' }] },
      { [`${order}/secrets`]: [{ name: 'c' }], secrets: [{ name: 'd' }] },
      { [`${order}/secrets`]: [{ name: 'c' }, { name: 'a' }], secrets: [{ $patch: 'delete', name: 'b' }] },
      { [`${order}/secrets`]: [], secrets: [{ name: 'd' }] },
      { [`${order}/secrets`]: ['c'], secrets: [{ name: 'd' }] },
      { [`${order}/secrets`]: [{ name: 'a' }], secrets: 'a' },
      { [`${order}/secrets`]: [{ name: 'a' }], secrets: null },
      { [`${order}/secrets`]: 1 },
      { [`${order}/missing`]: [{ name: 'a' }] },
      { [`${order}/`]: ['a'] },
      { [order]: ['a'] },
      { [order]: 1 },
    ]) {
      await send('PATCH', at, patch, strategic);
    }
  });

  behaviour('of a list needs the key of each item', async ({ create, send, path }) => {
    const owner = (uid: string) => ({ apiVersion: 'example.com/v1', kind: 'Owner', name: uid, uid });
    await create(path('serviceaccounts'), {
      metadata: { name: 'x', ownerReferences: [owner('1'), owner('2')] },
      secrets: [{ name: 'a', namespace: 'elsewhere' }],
    });
    const at = `${path('serviceaccounts', 'x')}?dryRun=All`;
    for (const secrets of [
      [{ namespace: 'x' }],
      [{ $patch: 'delete' }],
      [{ $patch: 'merge' }],
      [{ $patch: 'nonsense' }],
      [{ $patch: 'replace' }, { name: 'd' }],
      ['a'],
      [5],
      [[]],
      'a',
      { a: 1 },
      [{ name: 5 }],
    ]) {
      await send('PATCH', at, { secrets }, strategic);
    }
    for (const ownerReferences of [
      [{ uid: '1', name: 'other' }],
      [owner('3')],
      [{ uid: '2', $patch: 'delete' }],
      [{ $patch: 'replace' }],
      [{ name: 'x' }],
      [{ uid: 5, name: 'x' }],
    ]) {
      await send('PATCH', at, { metadata: { ownerReferences } }, strategic);
    }
  });

  behaviour('that does not fit is refused', async ({ create, send, path }) => {
    await create(path('configmaps'), x);
    const directives = [{ $patch: 'nonsense' }, { $patch: 'merge' }, { $patch: 5 }, { $patch: null }];
    for (const body of ['{', '[]', '', '1', '"x"', 'true', { data: 'x' }, ...directives.map((data) => ({ data }))]) {
      await send('PATCH', path('configmaps', 'x'), body, strategic);
    }
    for (const body of directives) await send('PATCH', path('configmaps', 'x'), body, strategic);
    expect((await send('PATCH', path('configmaps', 'x'), 'null', strategic)).status).toBe(200);
  });

  behaviour('of other types is refused in words of its own', async ({ create, send, path }) => {
    await create(path('configmaps'), x);
    const data = [5, 1.5, true, [], { a: 5 }, { a: true }, { a: {} }, { a: [] }].map((one) => ({ data: one }));
    const immutable = ['x', 5, {}, []].map((one) => ({ immutable: one }));
    const metadata = ['x', { labels: { a: 5 } }, { generation: 'x' }, { creationTimestamp: 'x' }, { uid: 5 }];
    const more = [{ binaryData: { c: '%' } }, { binaryData: { c: {} } }, { apiVersion: 5 }, { kind: {} }];
    for (const body of [...data, ...immutable, ...metadata.map((one) => ({ metadata: one })), ...more]) {
      await send('PATCH', path('configmaps', 'x'), body, strategic);
    }
    for (const body of [{ kind: 'Secret' }, { apiVersion: 'v2' }, { apiVersion: null }]) {
      expect((await send('PATCH', path('configmaps', 'x'), body, strategic)).status).toBe(200);
    }
  });
});

describe('apply', () => {
  const manifest = (name: string, rest = '') => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${rest}`;
  const by = (manager: string, force = false) => `?fieldManager=${manager}${force ? '&force=true' : ''}`;

  behaviour('creates what is not there, and changes what is', async ({ send, path }) => {
    const at = path('configmaps', 'x');
    expect((await send('PATCH', `${at}${by('one')}`, manifest('x', 'data:\n  a: "1"\n'), apply)).status).toBe(201);
    expect((await send('PATCH', `${at}${by('one')}`, manifest('x', 'data:\n  b: "2"\n'), apply)).status).toBe(200);
    await send('PATCH', `${at}${by('one')}`, manifest('x'), apply);
  });

  behaviour('keeps what others manage, and conflicts with them unless forced', async ({ send, path }) => {
    const at = path('configmaps', 'x');
    await send('PATCH', `${at}${by('one')}`, manifest('x', 'data:\n  a: "1"\n'), apply);
    await send('PATCH', `${at}${by('two')}`, manifest('x', 'data:\n  b: "2"\n'), apply);
    expect((await send('PATCH', `${at}${by('two')}`, manifest('x', 'data:\n  a: "2"\n'), apply)).status).toBe(409);
    expect((await send('PATCH', `${at}${by('two', true)}`, manifest('x', 'data:\n  a: "2"\n'), apply)).status).toBe(
      200,
    );
    await send('PATCH', `${at}${by('one')}`, manifest('x'), apply);
  });

  behaviour('needs a manager, a kind and an apiVersion', async ({ send, path }) => {
    const at = path('configmaps', 'x');
    await send('PATCH', at, manifest('x'), apply);
    await send('PATCH', `${at}${by('one')}`, 'metadata:\n  name: x\n', apply);
    await send('PATCH', `${at}${by('one')}`, manifest('other'), apply);
    await send('PATCH', `${at}${by('one')}`, '{', apply);
  });

  behaviour('refuses a force elsewhere, and fields that it does not know', async ({ create, send, path }) => {
    await create(path('configmaps'), x);
    await send('PATCH', `${path('configmaps', 'x')}?force=true`, {}, merge);
    await send('PATCH', `${path('configmaps', 'x')}${by('one')}`, manifest('x', 'nonsense: 1\n'), apply);
  });

  const object = (rest: object, kind = 'ConfigMap', apiVersion = 'v1') => ({
    apiVersion,
    kind,
    metadata: { name: 'x' },
    ...rest,
  });
  const trying = `${by('one')}&dryRun=All`;

  behaviour('refuses what is no object of its kind', async ({ send, path }) => {
    const at = `${path('configmaps', 'x')}${trying}`;
    const texts = ['', '~', 'hello', '5', 'true', '[]', 'a: [', 'a: *b', 'a: &a [*a]', '%YAML 1.2\n---\na: b'];
    const kinds = [{ apiVersion: 'v2' }, { apiVersion: 5 }, { kind: 5 }, { kind: 'Secret' }, { kind: 'Nonsense' }];
    const more = [{ apiVersion: 'a/b/c' }, { apiVersion: '' }, { kind: '' }, { apiVersion: 'apps/v1' }];
    for (const body of [...texts, ...[...kinds, ...more].map((one) => object(one))]) {
      expect((await send('PATCH', at, body, apply)).status).toBe(400);
    }
    for (const managedFields of [[], [{}], null]) {
      await send('PATCH', at, object({ metadata: { name: 'x', managedFields } }), apply);
    }
    for (const metadata of [
      null,
      {},
      { generateName: 'x-' },
      { name: 'x', namespace: 'other' },
      { name: 'x', uid: 'y' },
    ]) {
      await send('PATCH', at, object({ metadata }), apply);
    }
  });

  behaviour('refuses what does not fit the fields that there are', async ({ send, path }) => {
    const at = `${path('configmaps', 'x')}${trying}`;
    const data = [5, 'x', [], { a: 5 }, { a: true }, { a: { b: 1 } }, { a: [] }].map((one) => ({ data: one }));
    const immutable = ['x', 5, {}].map((one) => ({ immutable: one }));
    const metadata = [
      'x',
      [],
      { name: 5 },
      { labels: { a: 5 } },
      { labels: 'x' },
      { nonsense: 1 },
      { creationTimestamp: 'x' },
      { creationTimestamp: 5 },
      { generation: 'x' },
      { generation: 1.5 },
      { ownerReferences: ['x'] },
      { ownerReferences: [{ kind: 'x' }] },
      { finalizers: ['a/b', 'a/b'] },
      { finalizers: [5] },
      { finalizers: 'a/b' },
      { finalizers: { a: 1 } },
      { ownerReferences: [{ uid: '1' }, { uid: '1' }] },
    ].map((one) => ({ metadata: typeof one === 'string' || Array.isArray(one) ? one : { name: 'x', ...one } }));
    const more = [{ binaryData: { a: '%' } }, { binaryData: { a: 5 } }, { nonsense: 1 }];
    for (const body of [...data, ...immutable, ...metadata, ...more]) {
      expect((await send('PATCH', at, object(body), apply)).status).toBeGreaterThan(399);
    }
    const account = `${path('serviceaccounts', 'x')}${trying}`;
    for (const secrets of [[{ name: 'a' }, { name: 'a' }], [{ namespace: 'x' }], ['a'], 'a', [null]]) {
      await send('PATCH', account, object({ secrets }, 'ServiceAccount'), apply);
    }
    const role = `${path('roles', 'x')}${trying}`;
    for (const rules of ['x', [{ verbs: 'get' }], [{ verbs: ['get'], nonsense: 1 }], [{}]]) {
      await send('PATCH', role, object({ rules }, 'Role', 'rbac.authorization.k8s.io/v1'), apply);
    }
  });

  behaviour('manages what it sets to nothing', async ({ note, peek, path }) => {
    const bodies: [resource: string, body: object][] = [
      ...[
        { data: null },
        { data: {} },
        { data: { a: null } },
        { immutable: null },
        { metadata: { name: 'x', labels: {} } },
      ].map((one): [string, object] => ['configmaps', object(one)]),
      ...[{ secrets: null }, { secrets: [] }, { imagePullSecrets: [] }].map((one): [string, object] => [
        'serviceaccounts',
        object(one, 'ServiceAccount'),
      ]),
      ...[{ rules: null }, { rules: [] }].map((one): [string, object] => [
        'roles',
        object(one, 'Role', 'rbac.authorization.k8s.io/v1'),
      ]),
      ['secrets', object({ stringData: { a: '1' }, type: null }, 'Secret')],
    ];
    for (const [resource, body] of bodies) {
      const { body: made, status } = await peek('PATCH', `${path(resource, 'x')}${trying}`, body, apply);
      const { managedFields } = made.metadata as { managedFields?: unknown };
      note('status, data, managedFields', [status, made.data, [managedFields]]);
    }
  });

  const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

  behaviour(
    'as kubectl renews what is said to be applied last, where that is said',
    async ({ create, note, path, peek }) => {
      const said = (value: string) => ({ annotations: { [lastApplied]: value } });
      for (const [index, [annotations, manager, metadata]] of (
        [
          [said('{}'), 'kubectl', {}],
          [said('nonsense'), 'kubectl', {}],
          [said(''), 'kubectl', {}],
          [{}, 'kubectl', {}],
          [said('{}'), 'other', {}],
          [said('{}'), 'kubectl', { annotations: {} }],
          [said('{}'), 'kubectl', { annotations: { b: '<&>\u2028' }, labels: { z: '1', a: '2' } }],
          [said('{}'), 'kubectl&force=true', said('{"a":1}')],
          [{}, 'kubectl', said('{"a":1}')],
          [said('{}'), 'kubectl', { annotations: { b: 'x'.repeat(150_000) } }],
        ] as [object, string, object][]
      ).entries()) {
        const name = `x-${index}`;
        await create(path('configmaps'), { metadata: { name, ...annotations }, data: { a: '1' } });
        const body = { data: { c: '3', b: '2' }, ...object({ metadata: { ...metadata, name } }) };
        const { body: made, status } = await peek('PATCH', `${path('configmaps', name)}${by(manager)}`, body, apply);
        const { annotations: now, managedFields } = made.metadata as {
          annotations?: Record<string, string>;
          managedFields?: object[];
        };
        const shown = Object.entries(now ?? {}).map(([key, value]) => [key, value.length > 999 ? 'long' : value]);
        note(`case ${index}`, [status, shown, made.data, [managedFields]]);
      }
      const body = object({ metadata: { name: 'new', ...said('{"a":1}') }, data: { a: '1' } });
      const { body: made, status } = await peek('PATCH', `${path('configmaps', 'new')}${by('kubectl')}`, body, apply);
      note('a new one', [status, (made.metadata as { annotations?: object }).annotations]);
    },
  );

  behaviour(
    'as kubectl takes over what was applied last, unless it was changed since',
    async ({ create, path, send }) => {
      const applied = (name: string, data: object, more: object = {}) =>
        JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data, ...more });
      for (const [index, [text, data, manager]] of (
        [
          [applied('x', { a: '1' }), { a: '2' }, 'kubectl'],
          [applied('x', { a: '1' }), { a: '2' }, 'other'],
          [applied('x', { a: '1' }), { a: '2', b: '2' }, 'kubectl'],
          [applied('x', { a: '1', b: '1' }), { a: '2', b: '2', c: '3' }, 'kubectl'],
          [applied('x', { a: '0' }), { a: '2' }, 'kubectl'],
          [applied('x', { a: '1' }, { apiVersion: 'v2' }), { a: '2' }, 'kubectl'],
          [applied('x', { a: '1' }, { kind: 'Other' }), { a: '2' }, 'kubectl'],
          [applied('x', { a: '1' }, { nonsense: 1 }), { a: '2' }, 'kubectl'],
          [applied('x', { a: 1 }), { a: '2' }, 'kubectl'],
          ['nonsense', { a: '2' }, 'kubectl'],
          ['null', { a: '2' }, 'kubectl'],
          ['', { a: '2' }, 'kubectl'],
        ] as [string, object, string][]
      ).entries()) {
        const name = `x-${index}`;
        const metadata = { name, annotations: { [lastApplied]: text } };
        await create(path('configmaps'), { metadata, data: { a: '1', b: '1' } });
        await send('PATCH', `${path('configmaps', name)}${by(manager)}`, object({ metadata: { name }, data }), apply);
      }
    },
  );

  behaviour('takes items out of lists that nobody else has put there', async ({ note, peek, path }) => {
    const at = path('serviceaccounts', 'x');
    const applied = async (manager: string, names: string[]) => {
      const secrets = names.map((name) => ({ name }));
      const metadata = { name: 'x', finalizers: names.map((name) => `example.com/${name}`) };
      const { body } = await peek(
        'PATCH',
        `${at}${by(manager)}`,
        object({ metadata, secrets }, 'ServiceAccount'),
        apply,
      );
      note(`as ${manager} applies`, [body['secrets'], [body.metadata]]);
      note('managedFields', [(body.metadata as { managedFields?: unknown }).managedFields]);
    };
    await applied('one', ['a', 'b', 'c']);
    await applied('two', ['b', 'd']);
    await applied('one', ['c']);
    await applied('two', []);
    await applied('one', []);
  });

  behaviour('is told of keys that come twice', async ({ send, path }) => {
    const text = manifest('x', 'data: {a: "1", a: "2"}\nimmutable: true\nimmutable: false\n');
    for (const validation of ['Warn', 'Strict', 'Ignore']) {
      await send('PATCH', `${path('configmaps', 'x')}${trying}&fieldValidation=${validation}`, text, apply);
    }
    await send('PATCH', `${path('configmaps', 'x')}${trying}`, `${manifest('x')}---\n${manifest('y')}`, apply);
  });

  behaviour('is forced by anything but false', async ({ peek, send, path }) => {
    await peek('PATCH', `${path('configmaps', 'x')}${by('one')}`, manifest('x', 'data:\n  a: "1"\n'), apply);
    for (const force of ['=true', '=1', '=maybe', '', '=false', '=0']) {
      const at = `${path('configmaps', 'x')}?fieldManager=two&dryRun=All&force${force}`;
      await send('PATCH', at, manifest('x', 'data:\n  a: "2"\n'), apply);
    }
  });

  behaviour('with dryRun=All changes nothing', async ({ send, path }) => {
    await send('PATCH', `${path('configmaps', 'x')}${by('one')}&dryRun=All`, manifest('x'), apply);
    await send('GET', path('configmaps', 'x'));
  });
});

describe('a patch', () => {
  behaviour('of another kind is refused', async ({ create, send, path }) => {
    await create(path('configmaps'), x);
    for (const contentType of ['application/json', 'text/plain', 'application/nonsense-patch+json']) {
      expect((await send('PATCH', path('configmaps', 'x'), '{}', { contentType })).status).toBe(415);
    }
  });

  behaviour('is told of fields that come twice, or that there are not', async ({ create, send, path }) => {
    await create(path('configmaps'), x);
    for (const body of ['{"data":{"a":"5","a":"6"}}', '{"zodd":1,"odd\\n":{},"metadata":{"more":1}}']) {
      for (const kind of [merge, strategic]) {
        for (const validation of ['Warn', 'Strict', 'Ignore']) {
          const at = `${path('configmaps', 'x')}?dryRun=All&fieldValidation=${validation}`;
          await send('PATCH', at, body, kind);
        }
      }
    }
  });

  behaviour('may leave out what belongs to the path, but not say what it is not', async ({ create, send, path }) => {
    await create(path('configmaps'), x);
    const at = `${path('configmaps', 'x')}?dryRun=All`;
    for (const body of [
      { kind: null },
      { apiVersion: null },
      { apiVersion: null, kind: null },
      { kind: 'Secret' },
      { kind: 5 },
      { apiVersion: 'v2' },
      { apiVersion: 'a/b/c' },
      { apiVersion: 5 },
      { metadata: null },
      ...['name', 'namespace', 'uid', 'resourceVersion', 'creationTimestamp'].map((one) => ({
        metadata: { [one]: null },
      })),
      ...['0', '1', 'x', '-1'].map((resourceVersion) => ({ metadata: { resourceVersion } })),
      { data: { c: { d: null } } },
    ]) {
      await send('PATCH', at, body, merge);
    }
  });

  behaviour('changes nothing of what only the server may say', async ({ create, send, path }) => {
    await create(path('configmaps'), x);
    const metadata = {
      creationTimestamp: '2001-01-01T00:00:00Z',
      deletionTimestamp: '2001-01-01T00:00:00Z',
      generation: 7,
    };
    await send('PATCH', path('configmaps', 'x'), { metadata }, merge);
  });

  behaviour('of many at once loses none', async ({ create, peek, send, path }) => {
    await create(path('configmaps'), x);
    const keys = Array.from({ length: 8 }, (_, index) => `key-${index}`);
    const answers = await Promise.all(
      keys.map((key) => peek('PATCH', path('configmaps', 'x'), { data: { [key]: '' } }, merge)),
    );
    expect(answers.map(({ status }) => status)).toEqual(keys.map(() => 200));
    await send('GET', path('configmaps', 'x'));
  });
});
