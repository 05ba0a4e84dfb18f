import { describe, expect, test } from 'vitest';
import { pages } from '../../lib/connection/paginate.ts';
import { ServerError } from '../../lib/model/errors.ts';
import { testConnection } from '../support/connect.ts';
import { failure, json, type ScriptedStep, startScriptedServer } from '../support/scripted-server.ts';

const page = (items: unknown, token?: string) =>
  json(200, { kind: 'SecretList', apiVersion: 'v1', metadata: { resourceVersion: '7', continue: token }, items });

async function collect(script: readonly ScriptedStep[], request: Partial<Parameters<typeof pages>[1]> = {}) {
  const server = await startScriptedServer(script);
  const { connection } = await testConnection(server.url);
  const items: unknown[] = [];
  const paths = () => server.requests.map(({ path }) => path);
  try {
    for await (const each of pages(connection, { path: '/api/v1/secrets', doing: 'list Secrets', ...request }))
      items.push(...each.items);
    return { items, paths };
  } catch (error) {
    return { items, paths, error };
  }
}

describe('pages()', () => {
  test('reads a list to its end', async () => {
    const { items, paths } = await collect([page([1, 2], 'a+b'), page([3], 'c'), page([4])]);
    expect(items).toEqual([1, 2, 3, 4]);
    expect(paths()).toEqual([
      '/api/v1/secrets?limit=500',
      '/api/v1/secrets?limit=500&continue=a%2Bb',
      '/api/v1/secrets?limit=500&continue=c',
    ]);
  });

  test('asks for pages of another size where the path or the query says so', async () => {
    expect((await collect([page([])], { path: '/api/v1/secrets?limit=2' })).paths()).toEqual([
      '/api/v1/secrets?limit=2',
    ]);
    expect((await collect([page([])], { query: { limit: 3, labelSelector: 'a' } })).paths()).toEqual([
      '/api/v1/secrets?limit=3&labelSelector=a',
    ]);
  });

  test('says that the list has expired while it was read, and how to go on', async () => {
    const { items, error } = await collect([
      page([1], 'a'),
      failure(410, 'Expired', 'The provided continue parameter is too old'),
    ]);
    expect(items).toEqual([1]);
    expect(error).toBeInstanceOf(ServerError);
    expect(error).toMatchObject({
      reason: 'Expired',
      message: 'Cannot list Secrets to its end: it took so long that the server has forgotten the state it began with',
      hint: 'Begin again; larger pages need fewer calls',
    });
  });

  test.each<[string, ScriptedStep[], string]>([
    ['an object that is no list', [json(200, { kind: 'Secret' })], 'UnexpectedKind'],
    ['null', [json(200, null)], 'UnexpectedKind'],
    ['a list without end', [page([1], 'a'), page([1], 'a')], 'EndlessList'],
  ])('refuses %s', async (_, script, reason) => {
    expect((await collect(script)).error).toMatchObject({ name: 'ServerError', reason });
  });
});
