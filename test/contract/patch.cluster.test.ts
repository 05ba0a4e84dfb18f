import { describe, expect } from 'vitest';
import { behaviour } from './behaviour.ts';

const merge = { contentType: 'application/merge-patch+json' };
const strategic = { contentType: 'application/strategic-merge-patch+json' };
const x = { metadata: { name: 'x', labels: { app: 'x' } }, data: { a: '1', b: '2' } };

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
