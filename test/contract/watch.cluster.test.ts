import { describe, expect } from 'vitest';
import type { KubernetesObject } from '../control-plane/rest.ts';
import { behaviour } from './behaviour.ts';
import type { Server } from './server.ts';

const named = (name: string, labels = {}) => ({ metadata: { name, labels } });
const now = async ({ peek, path }: Server, resource = 'configmaps') => {
  const { body } = await peek('GET', path(resource));
  return body.metadata.resourceVersion;
};
const types = (events: readonly { type: string; object: KubernetesObject }[]) =>
  events.map(({ type, object }) => `${type} ${object.metadata?.name ?? ''}`.trim());
const own = 'fieldSelector=metadata.name!%3Dkube-root-ca.crt';

describe('a watch', () => {
  behaviour('from a resourceVersion tells what happened after it', async (server) => {
    const { create, peek, path } = server;
    const from = await now(server);
    await create(path('configmaps'), named('x'));
    const watch = await server.watch(`${path('configmaps')}?watch=true&resourceVersion=${from}`);
    await peek('PATCH', path('configmaps', 'x'), { data: { a: '1' } });
    await peek('DELETE', path('configmaps', 'x'));
    expect(types(await watch.take(3))).toEqual(['ADDED x', 'MODIFIED x', 'DELETED x']);
    watch.end();
  });

  behaviour('without a resourceVersion begins with what there is', async (server) => {
    const { create, path } = server;
    await create(path('secrets'), named('x'));
    await create(path('secrets'), named('y'));
    for (const query of ['', '&resourceVersion=', '&resourceVersion=0']) {
      const watch = await server.watch(`${path('secrets')}?watch=true${query}`);
      const events = await watch.take(2);
      expect(types(events).toSorted()).toEqual(['ADDED x', 'ADDED y']);
      watch.end();
    }
  });

  behaviour('says nothing of an object that is not there', async (server) => {
    const at = `${server.path('secrets')}?watch=true&fieldSelector=metadata.name%3Dnobody&timeoutSeconds=1`;
    const watch = await server.watch(at);
    expect(await watch.rest()).toEqual([]);
  });

  behaviour('ends when its timeoutSeconds are over', async (server) => {
    const watch = await server.watch(`${server.path('secrets')}?watch=1&timeoutSeconds=1`);
    expect(await watch.rest()).toEqual([]);
  });

  behaviour('has bookmarks if it allows them, of what it is not told too', async (server) => {
    const query = 'watch=true&allowWatchBookmarks=true&labelSelector=app%3Dx&timeoutSeconds=4';
    const from = await now(server, 'secrets');
    const watch = await server.watch(`${server.path('secrets')}?${query}&resourceVersion=${from}`);
    await server.create(server.path('secrets'), named('y'));
    expect(types(await watch.take(1))).toEqual(['BOOKMARK']);
    watch.end();
  });

  behaviour('that asks for the initial events is told when they are over', async (server) => {
    await server.create(server.path('secrets'), named('x'));
    const query = 'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const watch = await server.watch(`${server.path('secrets')}?${query}`);
    expect(types(await watch.take(2))).toEqual(['ADDED x', 'BOOKMARK']);
    watch.end();
  });

  behaviour('that does not ask for them is told so too', async (server) => {
    const { create, path } = server;
    await create(path('secrets'), named('x'));
    const query = 'watch=true&sendInitialEvents=false&resourceVersionMatch=NotOlderThan';
    const watch = await server.watch(`${path('secrets')}?${query}`);
    await create(path('secrets'), named('y'));
    expect(types(await watch.take(1))).toEqual(['ADDED y']);
    watch.end();
  });

  behaviour('of what it cannot do is refused', async ({ send, path }) => {
    for (const query of [
      'sendInitialEvents=true',
      'sendInitialEvents=true&resourceVersionMatch=NotOlderThan',
      'sendInitialEvents=true&resourceVersionMatch=Exact&allowWatchBookmarks=true',
      'resourceVersionMatch=NotOlderThan',
      'resourceVersion=x',
      'resourceVersion=-1',
      'labelSelector=%3D',
      'fieldSelector=data.a%3Db',
      'timeoutSeconds=x',
    ]) {
      const { status } = await send('GET', `${path('secrets')}?watch=true&timeoutSeconds=1&${query}`);
      expect(status).toBeGreaterThanOrEqual(200);
    }
  });

  behaviour('with a label selector tells of what comes into it and goes out of it', async (server) => {
    const { create, peek, path } = server;
    await create(path('configmaps'), named('x'));
    const from = await now(server);
    const watch = await server.watch(`${path('configmaps')}?watch=true&labelSelector=app%3Dx&resourceVersion=${from}`);
    await peek('PATCH', path('configmaps', 'x'), { metadata: { labels: { app: 'x' } } });
    await peek('PATCH', path('configmaps', 'x'), { data: { a: '1' } });
    await peek('PATCH', path('configmaps', 'x'), { metadata: { labels: { app: 'y' } } });
    await peek('PATCH', path('configmaps', 'x'), { data: { a: '2' } });
    await peek('PATCH', path('configmaps', 'x'), { metadata: { labels: { app: 'x' } } });
    await peek('DELETE', path('configmaps', 'x'));
    expect(types(await watch.take(5))).toEqual(['ADDED x', 'MODIFIED x', 'DELETED x', 'ADDED x', 'DELETED x']);
    watch.end();
  });

  behaviour('with a field selector tells of these objects alone', async (server) => {
    const { create, path } = server;
    const from = await now(server, 'secrets');
    const watch = await server.watch(
      `${path('secrets')}?watch=true&fieldSelector=metadata.name%3Dy&resourceVersion=${from}`,
    );
    for (const name of ['x', 'y', 'z']) await create(path('secrets'), named(name));
    expect(types(await watch.take(1))).toEqual(['ADDED y']);
    watch.end();
  });

  behaviour('over all namespaces tells of each', async (server) => {
    const from = await now(server);
    const watch = await server.watch(
      `/api/v1/configmaps?watch=true&resourceVersion=${from}&labelSelector=of%3D${server.namespace}`,
    );
    await server.create(server.path('configmaps'), named('x', { of: server.namespace }));
    await watch.take(1);
    watch.end();
  });

  behaviour('tells of each of many changes in their order', async (server) => {
    const { create, peek, path } = server;
    await create(path('secrets'), named('x'));
    const from = await now(server, 'secrets');
    const watch = await server.watch(`${path('secrets')}?watch=true&resourceVersion=${from}`);
    for (let step = 0; step < 20; step += 1)
      await peek('PATCH', path('secrets', 'x'), { metadata: { labels: { step: `${step}` } } });
    const events = await watch.take(20);
    expect(events.map(({ object }) => object.metadata.labels?.['step'])).toEqual(
      Array.from({ length: 20 }, (_, step) => `${step}`),
    );
    watch.end();
  });

  behaviour('tells of an object that waits for its finalizers', async (server) => {
    const { create, peek, path } = server;
    await create(path('configmaps'), { metadata: { name: 'x', finalizers: ['example.com/wait'] } });
    const watch = await server.watch(`${path('configmaps')}?watch=true&resourceVersion=${await now(server)}`);
    await peek('DELETE', path('configmaps', 'x'));
    await peek('PATCH', path('configmaps', 'x'), { metadata: { finalizers: null } });
    expect(types(await watch.take(2))).toEqual(['MODIFIED x', 'DELETED x']);
    watch.end();
  });

  behaviour('from a resourceVersion to come waits for it', async (server) => {
    const watch = await server.watch(
      `${server.path('secrets')}?watch=true&resourceVersion=999999999999&timeoutSeconds=1`,
    );
    await watch.rest();
  });

  behaviour('in the old form, /watch/, is there too', async (server) => {
    const { namespace } = server;
    const watch = await server.watch(`/api/v1/watch/namespaces/${namespace}/secrets?timeoutSeconds=1&${own}`);
    await watch.rest();
  });

  behaviour('as PartialObjectMetadata tells the metadata alone', async (server) => {
    const { create, path } = server;
    await create(path('secrets'), named('x'));
    const accept = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
    const watch = await server.watch(`${path('secrets')}?watch=true`, { accept });
    await watch.take(1);
    watch.end();
  });

  behaviour('as Table tells rows, the columns in the first', async (server) => {
    const { create, path } = server;
    await create(path('secrets'), named('x'));
    const accept = 'application/json;as=Table;g=meta.k8s.io;v=v1';
    const watch = await server.watch(`${path('secrets')}?watch=true&resourceVersion=0`, { accept });
    await create(path('secrets'), named('y'));
    await watch.take(2);
    watch.end();
  });
});
