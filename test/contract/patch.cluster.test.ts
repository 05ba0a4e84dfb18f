import { describe, expect } from 'vitest';
import { behaviour } from './behaviour.ts';

const json = { contentType: 'application/json-patch+json' };
const merge = { contentType: 'application/merge-patch+json' };
const strategic = { contentType: 'application/strategic-merge-patch+json' };
const apply = { contentType: 'application/apply-patch+yaml' };
const x = { metadata: { name: 'x', labels: { app: 'x' } }, data: { a: '1', b: '2' } };

describe('a JSON patch', () => {
  behaviour('adds, replaces, removes, moves, copies and tests', async ({ create, send, path }) => {
    await create(path('configmaps'), x);
    const operations = [
      { op: 'test', path: '/data/a', value: '1' },
      { op: 'add', path: '/data/c', value: '3' },
      { op: 'replace', path: '/data/a', value: '0' },
      { op: 'remove', path: '/data/b' },
      { op: 'copy', from: '/data/c', path: '/data/d' },
      { op: 'move', from: '/data/c', path: '/data/e~1f' },
      { op: 'add', path: '/metadata/annotations', value: { 'example.com/x': 'y' } },
    ];
    const { status } = await send(
      'PATCH',
      path('configmaps', 'x'),
      [operations[6] ?? {}, ...operations.slice(0, 5)],
      json,
    );
    expect(status).toBe(200);
    await send('PATCH', path('configmaps', 'x'), operations, json);
    await send('GET', path('configmaps', 'x'));
  });

  behaviour('that does not fit is refused', async ({ create, send, path }) => {
    await create(path('configmaps'), x);
    for (const operations of [
      [{ op: 'test', path: '/data/a', value: '2' }],
      [{ op: 'remove', path: '/data/missing' }],
      [{ op: 'replace', path: '/data/missing', value: '' }],
      [{ op: 'add', path: '/nowhere/x', value: '' }],
      [{ op: 'nonsense', path: '/data/a' }],
      [{ op: 'add', path: '/data/a', value: 1 }],
      [{}],
      {},
      'nonsense',
    ]) {
      await send('PATCH', path('configmaps', 'x'), operations, json);
    }
    await send('PATCH', path('configmaps', 'x'), [], json);
  });

  behaviour('works on lists', async ({ create, send, path }) => {
    await create(path('serviceaccounts'), { metadata: { name: 'x' }, imagePullSecrets: [{ name: 'a' }] });
    const operations = [
      { op: 'add', path: '/imagePullSecrets/-', value: { name: 'c' } },
      { op: 'add', path: '/imagePullSecrets/1', value: { name: 'b' } },
      { op: 'remove', path: '/imagePullSecrets/0' },
    ];
    await send('PATCH', path('serviceaccounts', 'x'), operations, json);
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
  });

  behaviour('that does not fit is refused', async ({ create, send, path }) => {
    await create(path('configmaps'), x);
    for (const body of ['{', '[]', '', { data: 'x' }, { data: { $patch: 'nonsense' } }]) {
      await send('PATCH', path('configmaps', 'x'), body, strategic);
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
