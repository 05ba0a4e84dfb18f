import { describe, expect } from 'vitest';
import { behaviour } from './behaviour.ts';

const json = { contentType: 'application/json-patch+json' };
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
