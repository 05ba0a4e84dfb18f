import { describe, expect } from 'vitest';
import { behaviour } from './behaviour.ts';

const strategic = { contentType: 'application/strategic-merge-patch+json' };
const x = { metadata: { name: 'x', labels: { app: 'x' } }, data: { a: '1', b: '2' } };

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
