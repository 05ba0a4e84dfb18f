import { describe, expect } from 'vitest';
import type { KubernetesObject } from '../control-plane/rest.ts';
import { behaviour } from './behaviour.ts';
import type { Server } from './server.ts';

interface List {
  readonly metadata: {
    readonly continue?: string;
    readonly resourceVersion: string;
    readonly remainingItemCount?: number;
  };
  readonly items: readonly KubernetesObject[];
}

interface Service extends KubernetesObject {
  readonly spec: { readonly clusterIP: string; readonly ports: readonly { readonly port: number }[] };
}

const some = async ({ create, path }: Server, resource = 'secrets') => {
  for (const [name, labels] of [
    ['a', { app: 'one', tier: 'front' }],
    ['b', { app: 'one' }],
    ['c', { app: 'two', tier: 'back' }],
    ['d', {}],
  ] as const) {
    await create(path(resource), { metadata: { name, labels } });
  }
};

describe('a list', () => {
  behaviour('of nothing has no items', async ({ send, path }) => {
    for (const resource of ['secrets', 'pods', 'services', 'events', 'roles', 'rolebindings']) {
      expect((await send<List>('GET', path(resource))).body.items).toEqual([]);
    }
    await send('GET', '/api/v1/namespaces/nowhere/secrets');
  });

  behaviour('has its items by name, without kind and apiVersion of their own', async (server) => {
    await some(server);
    const { body } = await server.send<List>('GET', server.path('secrets'));
    expect(body.items.map(({ metadata }) => metadata.name)).toEqual(['a', 'b', 'c', 'd']);
    await some(server, 'serviceaccounts');
    await server.send('GET', server.path('serviceaccounts'));
    await server.create(server.path('roles'), { metadata: { name: 'x' }, rules: [] });
    await server.send('GET', server.path('roles'));
  });

  behaviour('over all namespaces is by namespace and name', async (server) => {
    await some(server);
    const { body } = await server.peek<List>('GET', '/api/v1/secrets');
    const keys = body.items.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
    expect(keys).toEqual(keys.toSorted());
    server.note('ours', keys.filter((key) => key.startsWith(`${server.namespace}/`)).length);
  });

  behaviour('is chosen from by labels', async (server) => {
    await some(server);
    for (const selector of [
      'app=one',
      'app==one',
      'app!=one',
      'app in (one,two)',
      'app notin (one)',
      'tier',
      '!tier',
      'app=one,tier',
      'app=one,!tier',
      'app=none',
      'app=',
      'app>1',
      ' app = one ',
    ]) {
      const at = `${server.path('secrets')}?labelSelector=${encodeURIComponent(selector)}`;
      const { body } = await server.peek<List>('GET', at);
      server.note(
        selector,
        body.items?.map(({ metadata }) => metadata.name),
      );
    }
  });

  behaviour('is not chosen from by what is no selector', async ({ send, path }) => {
    for (const selector of ['app=one two', '=', 'a b', 'app in one', 'app in (', '-a', 'a/b/c=d', 'a=-b']) {
      const at = `${path('secrets')}?labelSelector=${encodeURIComponent(selector)}`;
      expect((await send('GET', at)).status).toBe(400);
    }
  });

  behaviour('is chosen from by fields', async (server) => {
    const { create, namespace, path, peek, note } = server;
    await some(server);
    await create(path('secrets'), { metadata: { name: 'typed' }, type: 'example.com/own' });
    for (const selector of [
      'metadata.name=a',
      'metadata.name==a',
      'metadata.name!=a',
      `metadata.namespace=${namespace}`,
      'metadata.namespace=other',
      'type=Opaque',
      'type=example.com/own',
      'type!=Opaque',
      'metadata.name=typed,type=example.com/own',
      '',
    ]) {
      const { body } = await peek<List>('GET', `${path('secrets')}?fieldSelector=${encodeURIComponent(selector)}`);
      note(
        selector,
        body.items?.map(({ metadata }) => metadata.name),
      );
    }
  });

  behaviour('is not chosen from by fields that are no label for it', async ({ send, path }) => {
    for (const [resource, selector] of [
      ['secrets', 'data.a=b'],
      ['secrets', 'metadata.uid=x'],
      ['secrets', 'nonsense'],
      ['secrets', 'metadata.name>a'],
      ['configmaps', 'type=Opaque'],
      ['serviceaccounts', 'type=Opaque'],
      ['roles', 'type=Opaque'],
    ] as const) {
      const at = `${path(resource)}?fieldSelector=${encodeURIComponent(selector)}`;
      expect((await send('GET', at)).status).toBe(400);
    }
  });

  behaviour('comes in pieces, with a count of what remains', async (server) => {
    await some(server);
    const { send, path } = server;
    const first = await send<List>('GET', `${path('secrets')}?limit=3`);
    expect(first.body.metadata.remainingItemCount).toBe(1);
    const next = encodeURIComponent(first.body.metadata.continue ?? '');
    server.hide(next, '<continue>');
    const second = await send<List>('GET', `${path('secrets')}?limit=3&continue=${next}`);
    expect(second.body.metadata.continue).toBeUndefined();
    await send('GET', `${path('secrets')}?limit=4`);
    await send('GET', `${path('secrets')}?limit=0`);
  });

  behaviour('in pieces does not count what is chosen', async (server) => {
    await some(server);
    const { send, path } = server;
    const first = await send<List>('GET', `${path('secrets')}?limit=1&labelSelector=app%3Done`);
    expect(first.body.metadata.remainingItemCount).toBeUndefined();
    const next = encodeURIComponent(first.body.metadata.continue ?? '');
    server.hide(next, '<continue>');
    await send('GET', `${path('secrets')}?limit=1&labelSelector=app%3Done&continue=${next}`);
  });

  behaviour('of Services has the one of the API server', async (server) => {
    const { hide, note, peek, send } = server;
    const { body } = await peek<Service>('GET', '/api/v1/namespaces/default/services/kubernetes');
    const { ports, ...spec } = body.spec;
    hide(spec.clusterIP, '<cluster IP>');
    note('metadata', { ...body.metadata, uid: '', resourceVersion: '' });
    // behind it each server has its own port
    note('the rest', {
      ...body,
      metadata: '',
      spec: { ...spec, ports: ports.map(({ port, ...more }) => [port, Object.keys(more).toSorted()]) },
    });
    const only = 'fieldSelector=metadata.name%3Dkubernetes';
    for (const query of [
      only,
      `${only},spec.type%3DClusterIP`,
      `${only},spec.type%3DNodePort`,
      `${only},spec.clusterIP%3DNone`,
    ]) {
      const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
      await send('GET', `/api/v1/namespaces/default/services?${query}`, undefined, { accept });
    }
    await send('GET', '/api/v1/namespaces/kube-system/services?labelSelector=kubernetes.io%2Fcluster-service%3Dtrue');
    await send('GET', '/api/v1/namespaces/default/services?fieldSelector=spec.nonsense%3Dx');
  });

  behaviour('in pieces ends with the one that the fields name, or with its namespace', async (server) => {
    await some(server);
    const { namespace, send, path } = server;
    const first = await send<List>('GET', `${path('secrets')}?limit=1`);
    const next = encodeURIComponent(first.body.metadata.continue ?? '');
    server.hide(next, '<continue>');
    for (const [fields, expected] of [
      ['metadata.name=a', undefined],
      ['metadata.name=c', undefined],
      ['metadata.name=missing', undefined],
      ['metadata.name=a,type=Opaque', undefined],
      ['metadata.name=a,type=other', undefined],
      [`metadata.name=a,metadata.namespace=${namespace}`, undefined],
      ['metadata.name=a,metadata.namespace=other', undefined],
      ['metadata.name!=a', expect.any(String)],
      ['type=Opaque', expect.any(String)],
    ] as const) {
      const query = `fieldSelector=${encodeURIComponent(fields)}&limit=1`;
      const { body } = await send<List>('GET', `${path('secrets')}?${query}`);
      expect(body.metadata.continue).toEqual(expected);
      await send('GET', `${path('secrets')}?${query}&continue=${next}`);
      await send('GET', `${path('secrets')}?${query}&resourceVersion=0`);
    }
    for (const fields of [`metadata.namespace=${namespace}`, `metadata.namespace=${namespace},metadata.name=a`]) {
      for (const limit of [1, 4]) {
        await send('GET', `/api/v1/secrets?fieldSelector=${encodeURIComponent(fields)}&limit=${limit}`);
      }
    }
    const all = `/api/v1/secrets?fieldSelector=${encodeURIComponent(`metadata.namespace=${namespace}`)}&limit=3`;
    const part = await send<List>('GET', all);
    const rest = encodeURIComponent(part.body.metadata.continue ?? '');
    server.hide(rest, '<continue>');
    await send('GET', `${all}&continue=${rest}`);
  });

  behaviour('in pieces is of one time', async (server) => {
    await some(server);
    const { create, peek, send, path } = server;
    const first = await send<List>('GET', `${path('secrets')}?limit=2`);
    await create(path('secrets'), { metadata: { name: 'bb' } });
    await peek('DELETE', path('secrets', 'd'));
    const next = encodeURIComponent(first.body.metadata.continue ?? '');
    server.hide(next, '<continue>');
    const second = await send<List>('GET', `${path('secrets')}?limit=5&continue=${next}`);
    expect(second.body.items.map(({ metadata }) => metadata.name)).toEqual(['c', 'd']);
  });

  behaviour('does not go on from nonsense', async ({ send, path }) => {
    const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    for (const token of [
      'nonsense',
      encoded({}),
      encoded({ v: 'meta.k8s.io/v1', rv: 1 }),
      encoded({ v: 'nonsense', rv: 1, start: 'x' }),
      encoded({ v: 'meta.k8s.io/v1', rv: -2, start: '../x' }),
    ]) {
      await send('GET', `${path('secrets')}?limit=1&continue=${token}`);
    }
    await send('GET', `${path('secrets')}?limit=-1`);
    await send('GET', `${path('secrets')}?limit=x`);
  });

  behaviour('is of a time that is asked for', async (server) => {
    await some(server);
    const { create, peek, send, path } = server;
    const { body } = await peek<List>('GET', path('secrets'));
    const { metadata } = await create(path('secrets'), { metadata: { name: 'e' } });
    // a list that may be older comes from a cache: it is up to date once it has answered for the last change
    await peek('GET', `${path('secrets')}?resourceVersion=${metadata.resourceVersion}`);
    const { resourceVersion } = body.metadata;
    for (const [query, count] of [
      [`resourceVersion=${resourceVersion}&resourceVersionMatch=Exact`, 4],
      [`resourceVersion=${resourceVersion}&resourceVersionMatch=NotOlderThan`, 5],
      [`resourceVersion=${resourceVersion}`, 5],
      ['resourceVersion=', 5],
    ] as const) {
      const { body: list } = await send<List>('GET', `${path('secrets')}?${query}`);
      expect(list.items).toHaveLength(count);
    }
  });

  behaviour('is of no time that makes no sense', async ({ send, path }) => {
    for (const query of [
      'resourceVersion=x',
      'resourceVersion=-1',
      'resourceVersionMatch=Exact',
      'resourceVersionMatch=NotOlderThan',
      'resourceVersion=1&resourceVersionMatch=Nonsense',
      'resourceVersion=0&resourceVersionMatch=Exact',
      'sendInitialEvents=true',
      'resourceVersion=1&continue=x',
    ]) {
      await send('GET', `${path('secrets')}?${query}`);
    }
  });

  behaviour('of a time to come is not waited for in vain', async ({ send, path }) => {
    const { status } = await send(
      'GET',
      `${path('secrets')}?resourceVersion=999999999999&resourceVersionMatch=NotOlderThan`,
    );
    expect(status).toBe(504);
    await send('GET', `${path('configmaps', 'kube-root-ca.crt')}?resourceVersion=999999999999`);
  });

  behaviour('of one object by its resourceVersion is the object', async ({ peek, send, path }) => {
    const { body } = await peek('GET', path('configmaps', 'kube-root-ca.crt'));
    await peek('GET', `${path('configmaps', 'kube-root-ca.crt')}?resourceVersion=${body.metadata.resourceVersion}`);
    await send('GET', `${path('configmaps', 'kube-root-ca.crt')}?resourceVersion=0`);
    await send('GET', `${path('configmaps', 'kube-root-ca.crt')}?resourceVersion=x`);
  });
});
