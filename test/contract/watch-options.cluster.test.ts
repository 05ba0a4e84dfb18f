import { describe, expect } from 'vitest';
import { behaviour } from './behaviour.ts';
import type { Server } from './server.ts';

const table = 'application/json;as=Table;g=meta.k8s.io;v=v1';
const two = async ({ create, path }: Server) => {
  for (const name of ['x', 'y']) await create(path('secrets'), { metadata: { name } });
};
/** Reads the beginning of a watch: who asks for bookmarks may get one at any time. */
const begin = async (server: Server, path: string, events: number) => {
  const watch = await server.watch(path);
  await watch.take(events);
  watch.end();
};

describe('options of a watch', () => {
  behaviour('that go together', async (server) => {
    await two(server);
    const path = `${server.path('secrets')}?watch=true&timeoutSeconds=1`;
    const noLimit = await server.watch(`${path}&limit=1&continue=x&resourceVersion=999999999999`);
    await noLimit.rest();
    const noBookmarks = await server.watch(`${path}&allowWatchBookmarks=0&resourceVersion=0`);
    expect(await noBookmarks.rest()).toHaveLength(2);
    await begin(server, `${path}&allowWatchBookmarks=abc&limit=1`, 2);
    const initial = 'resourceVersionMatch=NotOlderThan&resourceVersion=0&allowWatchBookmarks=true&sendInitialEvents';
    await begin(server, `${path}&${initial}=abc`, 3);
    await begin(server, `${path}&${initial}=0`, 0);
  });

  behaviour('that do not go together, or cannot be read', async ({ send, path }) => {
    for (const query of [
      'continue=x',
      'continue=x&resourceVersion=0',
      'continue=x&resourceVersionMatch=NotOlderThan&sendInitialEvents=true',
      'resourceVersionMatch=Exact',
      'resourceVersionMatch=Nonsense&resourceVersion=1',
      'sendInitialEvents=true&resourceVersion=1',
      'sendInitialEvents=false',
      'sendInitialEvents=&resourceVersionMatch=Exact',
      'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&resourceVersion=x',
      'limit=x',
      'timeoutSeconds=1.5',
      'timeoutSeconds=99999999999999999999',
      'resourceVersion=99999999999999999999',
      'fieldSelector=x',
      'labelSelector=a>b',
    ]) {
      expect((await send('GET', `${path('secrets')}?watch=true&${query}`)).status).toBeGreaterThanOrEqual(400);
    }
  });

  behaviour('leave it going for a time that no clock tells', async (server) => {
    const watch = await server.watch(`${server.path('secrets')}?watch=true&timeoutSeconds=9000000000`);
    await server.create(server.path('secrets'), { metadata: { name: 'x' } });
    await watch.take(1);
    watch.end();
  });
});

describe('a watch in the old form', () => {
  const at = ({ namespace }: Server, rest: string) => `/api/v1/watch/namespaces/${namespace}/${rest}`;

  behaviour('begins with what there is, whatever it says of watching', async (server) => {
    await two(server);
    for (const query of ['watch=false', 'resourceVersion=0', 'allowWatchBookmarks=true']) {
      await begin(server, `${at(server, 'secrets')}?${query}`, 2);
    }
    const everywhere = await server.watch(`/api/v1/watch/secrets?fieldSelector=metadata.namespace=${server.namespace}`);
    await everywhere.take(2);
    everywhere.end();
    const itself = await server.watch(`/api/v1/watch/namespaces/${server.namespace}`);
    await itself.take(1);
    itself.end();
  });

  behaviour('is of one object, and of no others', async (server) => {
    await two(server);
    for (const query of ['', 'fieldSelector=metadata.name=x,type=Opaque', 'fieldSelector=']) {
      const watch = await server.watch(`${at(server, 'secrets/x')}?${query}`);
      await watch.take(1);
      watch.end();
    }
    for (const selector of ['metadata.name=y', 'metadata.name!=x', 'type=Opaque', 'metadata.name=']) {
      const { status } = await server.send('GET', `${at(server, 'secrets/x')}?fieldSelector=${selector}`);
      expect(status).toBe(400);
    }
  });

  behaviour('has the options of a list', async (server) => {
    for (const query of [
      'resourceVersionMatch=NotOlderThan',
      'sendInitialEvents=true',
      'continue=x&resourceVersionMatch=Exact',
    ]) {
      expect((await server.send('GET', `${at(server, 'secrets')}?${query}`)).status).toBe(422);
    }
  });

  behaviour('leads nowhere but to a resource, and is only read', async (server) => {
    for (const rest of ['secrets/x/y', 'nonsense', 'secrets/x/status']) await server.send('GET', at(server, rest));
    for (const method of ['POST', 'PUT', 'DELETE', 'HEAD']) await server.send(method, at(server, 'secrets'));
  });
});

describe('a watch', () => {
  behaviour('as Table has a bookmark in a row, whatever its columns', async (server) => {
    const kinds = ['secrets', 'configmaps', 'serviceaccounts', 'events', 'pods', 'namespaces'];
    for (const resource of [...kinds, 'roles', 'rolebindings', 'clusterroles', 'clusterrolebindings']) {
      const query = 'watch=true&allowWatchBookmarks=true&labelSelector=none%3Dnone';
      const watch = await server.watch(`${server.path(resource)}?${query}`, { accept: table });
      await watch.take(1);
      watch.end();
    }
  });

  behaviour('as Table is refused before it begins where its rows cannot be', async ({ send, path }) => {
    const { status } = await send('GET', `${path('secrets')}?watch=true&includeObject=x`, undefined, { accept: table });
    expect(status).toBe(400);
  });

  behaviour('is not indented', async (server) => {
    await two(server);
    for (const accept of ['application/json', 'application/json;pretty=1', 'application/json;stream=watch']) {
      const watch = await server.watch(`${server.path('secrets')}?watch=true&pretty=true`, { accept });
      await watch.take(2);
      watch.end();
    }
  });

  behaviour('over a WebSocket', async ({ send, path }) => {
    await send('GET', `${path('secrets')}?watch=true&timeoutSeconds=1`, undefined, {
      headers: {
        connection: 'upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      },
    });
  });
});
