import { describe, expect } from 'vitest';
import { behaviour } from './behaviour.ts';

const named = (name: string, rest: object = {}) => ({ metadata: { name }, ...rest });

describe('an object', () => {
  behaviour('is created, read, replaced and deleted: a ConfigMap', async ({ send, path }) => {
    const at = path('configmaps', 'x');
    expect((await send('POST', path('configmaps'), named('x', { data: { a: '1' } }))).status).toBe(201);
    expect((await send('GET', at)).status).toBe(200);
    expect((await send('PUT', at, named('x', { data: { b: '2' } }))).status).toBe(200);
    expect((await send('DELETE', at)).status).toBe(200);
    expect((await send('GET', at)).status).toBe(404);
  });

  behaviour('is created, read, replaced and deleted: a Secret', async ({ send, path }) => {
    const at = path('secrets', 'x');
    await send('POST', path('secrets'), named('x', { data: { a: 'MQ==' } }));
    await send('GET', at);
    await send('PUT', at, named('x', { data: { b: 'Mg==' }, type: 'Opaque' }));
    await send('DELETE', at);
  });

  behaviour('is created, read, replaced and deleted: a ServiceAccount', async ({ send, path }) => {
    const at = path('serviceaccounts', 'x');
    await send('POST', path('serviceaccounts'), named('x', { automountServiceAccountToken: false }));
    await send('GET', at);
    await send('PUT', at, named('x', { imagePullSecrets: [{ name: 'registry' }] }));
    await send('DELETE', at);
    await send('GET', at);
  });

  behaviour('is created, read, replaced and deleted: a Role and its binding', async ({ send, path }) => {
    const rule = { apiGroups: [''], resources: ['pods'], verbs: ['get'] };
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'x' };
    await send('POST', path('roles'), named('x', { rules: [rule] }));
    await send('POST', path('rolebindings'), named('x', { roleRef, subjects: [] }));
    await send('PUT', path('roles', 'x'), named('x', { rules: [{ ...rule, verbs: ['list'] }] }));
    await send('GET', path('rolebindings', 'x'));
    await send('DELETE', path('rolebindings', 'x'));
    await send('DELETE', path('roles', 'x'));
  });

  behaviour('is created, read, replaced and deleted: a ClusterRole and its binding', async (server) => {
    const { send, path, removeLater, unique } = server;
    const name = unique('x');
    removeLater(path('clusterroles', name));
    removeLater(path('clusterrolebindings', name));
    const rule = { apiGroups: [''], resources: ['pods'], verbs: ['get'] };
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name };
    await send('POST', path('clusterroles'), named(name, { rules: [rule] }));
    await send(
      'POST',
      path('clusterrolebindings'),
      named(name, { roleRef, subjects: [{ kind: 'User', name: 'jane' }] }),
    );
    await send('PUT', path('clusterroles', name), named(name, { rules: [{ ...rule, verbs: ['list'] }] }));
    await send('GET', path('clusterrolebindings', name));
    await send('DELETE', path('clusterrolebindings', name));
    await send('DELETE', path('clusterroles', name));
  });

  behaviour('is created, read and deleted: an Event', async ({ send, path, namespace }) => {
    const involvedObject = { kind: 'Secret', name: 'x', namespace };
    await send('POST', path('events'), named('x.1', { involvedObject, reason: 'Because', message: 'It is so' }));
    await send('GET', path('events', 'x.1'));
    await send('DELETE', path('events', 'x.1'));
  });

  behaviour('gets from the server what only the server may say', async ({ send, path }) => {
    await send('POST', path('configmaps'), {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'x',
        uid: '6f2e8c1a-0000-4000-8000-000000000000',
        creationTimestamp: '2001-01-01T00:00:00Z',
        deletionTimestamp: '2001-01-01T00:00:00Z',
        selfLink: '/nowhere',
        generation: 7,
      },
    });
  });

  behaviour('keeps uid and creation time when it is replaced', async ({ create, send, path }) => {
    const { metadata } = await create(path('configmaps'), named('x'));
    const { body } = await send('PUT', path('configmaps', 'x'), named('x', { data: { a: '1' } }));
    expect([body.metadata.uid, body.metadata.creationTimestamp]).toEqual([metadata.uid, metadata.creationTimestamp]);
    expect(body.metadata.resourceVersion).not.toBe(metadata.resourceVersion);
  });

  behaviour('keeps its resourceVersion when nothing changes', async ({ create, send, path }) => {
    const { metadata } = await create(path('configmaps'), named('x', { data: { a: '1' } }));
    const { body } = await send('PUT', path('configmaps', 'x'), named('x', { data: { a: '1' } }));
    expect(body.metadata.resourceVersion).toBe(metadata.resourceVersion);
    await send('PATCH', path('configmaps', 'x'), { data: { a: '1' } });
  });

  behaviour('takes the namespace of the path', async ({ send, path, namespace }) => {
    await send('POST', path('configmaps'), { metadata: { name: 'x', namespace } });
    await send('POST', path('configmaps'), { metadata: { name: 'y', namespace: '' } });
  });

  behaviour('is the same with its apiVersion and kind or without', async ({ send, path }) => {
    await send('POST', path('secrets'), { apiVersion: 'v1', kind: 'Secret', ...named('x') });
    await send('POST', path('secrets'), { kind: 'Secret', ...named('y') });
    await send('POST', path('secrets'), { apiVersion: 'v1', ...named('z') });
  });

  behaviour('may be sent as YAML', async ({ send, path }) => {
    const yaml = 'metadata:\n  name: x\ndata:\n  a: "1"\n';
    expect((await send('POST', path('configmaps'), yaml, { contentType: 'application/yaml' })).status).toBe(201);
  });

  behaviour('tells in managedFields who manages it, how and what', async ({ create, peek, path, note }) => {
    await create(path('configmaps'), named('x', { data: { a: '1' }, metadata: { name: 'x', labels: { app: 'x' } } }));
    await peek('PATCH', path('configmaps', 'x'), { data: { b: '2' } });
    await peek('PATCH', `${path('configmaps', 'x')}?fieldManager=somebody`, { data: { a: '3' } });
    const { body } = await peek<{ metadata: { managedFields: unknown } }>('GET', path('configmaps', 'x'));
    note('managedFields', [body.metadata.managedFields]);
  });
});

describe('managedFields', () => {
  const manager = { manager: 'x', operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1' };

  behaviour('lose what is taken out of maps and lists', async ({ create, peek, path, note }) => {
    const managed = async (body: object, contentType: string) => {
      const at = path('serviceaccounts', 'x');
      const { metadata } = (await peek('PATCH', at, body, { contentType })).body as { metadata: object };
      note('managedFields', [(metadata as { managedFields?: unknown }).managedFields]);
    };
    const finalizers = ['example.com/a', 'example.com/b'];
    const labels = { a: '1', b: '2' };
    await create(path('serviceaccounts'), {
      metadata: { name: 'x', finalizers, labels },
      secrets: [{ name: 'a' }, { name: 'b' }],
    });
    const strategic = 'application/strategic-merge-patch+json';
    const merge = 'application/merge-patch+json';
    await managed({ secrets: [{ $patch: 'delete', name: 'a' }] }, strategic);
    await managed({ metadata: { finalizers: ['example.com/b'] } }, merge);
    await managed({ metadata: { labels: { a: null } } }, merge);
    await managed({ secrets: null, metadata: { labels: null, finalizers: null } }, merge);
  });

  behaviour('have nothing that only the server says, and nothing at all of what has no key', async (server) => {
    const { note, peek, path } = server;
    const system = { deletionTimestamp: '2020-01-01T00:00:00Z', deletionGracePeriodSeconds: 5, uid: 'x' };
    const bodies: [resource: string, body: object][] = [
      ['configmaps', { metadata: { name: 'x', ...system } }],
      ['configmaps', { metadata: { name: 'x', ...system, labels: { a: '1' } } }],
      ['serviceaccounts', { metadata: { name: 'x', labels: { a: '1' } }, secrets: [{}] }],
      ['serviceaccounts', { metadata: { name: 'x' }, secrets: [{ name: 'a', namespace: 'b' }] }],
      ['roles', { metadata: { name: 'x' }, rules: [] }],
      ['roles', { metadata: { name: 'x' }, rules: null }],
    ];
    for (const [resource, sent] of bodies) {
      const { body } = await peek('POST', `${path(resource)}?dryRun=All`, sent);
      note('managedFields', [(body.metadata as { managedFields?: unknown }).managedFields]);
    }
  });

  behaviour('may be reset, or said, by who writes', async ({ create, peek, path, note }) => {
    const fieldsV1 = { 'f:data': { 'f:a': {} } };
    for (const managedFields of [
      null,
      [],
      [{}],
      [{}, {}],
      [{ ...manager, fieldsV1 }],
      [{ ...manager, fieldsV1: {} }],
      [{ ...manager, operation: 'Other', fieldsV1 }],
      [{ ...manager, fieldsType: 'Other', fieldsV1 }],
      [{ ...manager, apiVersion: '', fieldsV1 }],
      [{ manager: 'x', operation: 'Update', apiVersion: 'v1', fieldsV1 }],
    ]) {
      await create(path('configmaps'), named('x', { data: { a: '1', b: '2' } }));
      for (const metadata of [{ managedFields }, { managedFields, labels: { a: '1' } }]) {
        const { body, status } = await peek('PATCH', `${path('configmaps', 'x')}?dryRun=All`, { metadata });
        note('status and managedFields', [status, [(body.metadata as { managedFields?: unknown }).managedFields]]);
      }
      await peek('DELETE', path('configmaps', 'x'));
      const { body, status } = await peek('POST', `${path('configmaps')}?dryRun=All`, {
        metadata: { name: 'x', managedFields },
        data: { a: '1' },
      });
      note('status and managedFields', [status, [(body.metadata as { managedFields?: unknown }).managedFields]]);
    }
  });
});

describe('a Secret', () => {
  behaviour('keeps stringData as data, which wins, and never shows it', async ({ send, path }) => {
    const { body } = await send(
      'POST',
      path('secrets'),
      named('x', { data: { a: 'MQ==' }, stringData: { a: '2', b: '3' } }),
    );
    expect(body.data).toEqual({ a: 'Mg==', b: 'Mw==' });
    expect(body['stringData']).toBeUndefined();
    await send('PATCH', path('secrets', 'x'), { stringData: { c: '4' } });
  });

  behaviour('keeps its type', async ({ send, path }) => {
    await send('POST', path('secrets'), named('x', { type: 'example.com/own' }));
    expect((await send('PUT', path('secrets', 'x'), named('x', { type: 'Opaque' }))).status).toBe(422);
    await send('PUT', path('secrets', 'x'), named('x'));
    await send('PATCH', path('secrets', 'x'), { type: 'kubernetes.io/service-account-token' });
  });

  behaviour('of a known type needs what belongs to it', async ({ send, path }) => {
    for (const type of [
      'kubernetes.io/service-account-token',
      'kubernetes.io/dockerconfigjson',
      'kubernetes.io/dockercfg',
      'kubernetes.io/basic-auth',
      'kubernetes.io/ssh-auth',
      'kubernetes.io/tls',
    ]) {
      expect((await send('POST', path('secrets'), named('x', { type }))).status).toBe(422);
    }
    const annotations = { 'kubernetes.io/service-account.name': '' };
    await send('POST', path('secrets'), {
      metadata: { name: 'x', annotations },
      type: 'kubernetes.io/service-account-token',
    });
  });

  behaviour('for registries is a JSON object, of which nothing is quoted', async ({ send, path }) => {
    for (const [type, key] of [
      ['kubernetes.io/dockerconfigjson', '.dockerconfigjson'],
      ['kubernetes.io/dockercfg', '.dockercfg'],
    ] as const) {
      const secret = (value: string) => named('x', { type, stringData: { [key]: value } });
      for (const value of ['v', '', '5', '"x"', '[]', 'true', '{', '{"a":1} x', '{"a":}']) {
        expect((await send('POST', path('secrets'), secret(value))).status).toBe(422);
      }
      for (const value of ['null', ' {"auths":{}}\n', '{"a":1,"a":[2]}']) {
        expect((await send('POST', `${path('secrets')}?dryRun=All`, secret(value))).status).toBe(201);
      }
    }
    const empty = { 'ssh-privatekey': '' };
    await send('POST', path('secrets'), named('x', { type: 'kubernetes.io/ssh-auth', data: empty }));
    await send('POST', path('secrets'), named('x', { type: 'kubernetes.io/basic-auth', data: { username: '' } }));
  });

  behaviour('for TLS comes with a warning where its certificate is none', async ({ send, path }) => {
    const data = { 'tls.crt': '', 'tls.key': '' };
    const { headers } = await send('POST', path('secrets'), named('x', { type: 'kubernetes.io/tls', data }));
    expect(headers['warning']).toBeDefined();
  });

  behaviour('has keys of a certain form, and data in base64', async ({ send, path }) => {
    for (const data of [{ 'a/b': '' }, { '..': '' }, { '': '' }, { a: '%' }, { a: 'MQ' }, { a: 1 }, { a: null }, []]) {
      await send('POST', path('secrets'), named('x', { data }));
      await send('DELETE', path('secrets', 'x'));
    }
  });

  behaviour('that is immutable stays as it is', async ({ send, path }) => {
    await send('POST', path('secrets'), named('x', { immutable: true, data: { a: 'MQ==' } }));
    await send('PATCH', path('secrets', 'x'), { data: { b: 'Mg==' } });
    await send('PATCH', path('secrets', 'x'), { immutable: false });
    await send('PATCH', path('secrets', 'x'), { metadata: { labels: { app: 'x' } } });
    await send('DELETE', path('secrets', 'x'));
  });

  behaviour('holds a mebibyte and not more', async ({ peek, send, path }) => {
    const data = (bytes: number) => ({ a: Buffer.alloc(bytes).toString('base64') });
    expect((await peek('POST', path('secrets'), named('full', { data: data(2 ** 20) }))).status).toBe(201);
    expect((await send('POST', path('secrets'), named('x', { data: data(2 ** 20 + 1) }))).status).toBe(422);
  });
});

describe('a ServiceAccount', () => {
  behaviour('keeps of its Secrets the names alone', async ({ send, path }) => {
    const secrets = [{ name: 'a', namespace: 'elsewhere', kind: 'Secret' }, { kind: 'Secret' }];
    const { body } = await send('POST', path('serviceaccounts'), named('x', { secrets }));
    expect(body['secrets']).toEqual([{ name: 'a' }, {}]);
    await send('PUT', path('serviceaccounts', 'x'), named('x', { secrets: [{ name: 'b', uid: '1' }] }));
  });
});

describe('a ConfigMap', () => {
  behaviour('has data and binaryData, no key in both', async ({ send, path }) => {
    await send('POST', path('configmaps'), named('x', { data: { a: '1' }, binaryData: { b: 'MQ==' } }));
    await send('POST', path('configmaps'), named('y', { data: { a: '1' }, binaryData: { a: 'MQ==' } }));
    await send('POST', path('configmaps'), named('y', { data: { 'a/b': '1' } }));
    await send('POST', path('configmaps'), named('y', { data: { a: 1 } }));
    const long = 'k'.repeat(254);
    await send('POST', path('configmaps'), named('y', { data: { [long]: '1' } }));
    await send('POST', path('secrets'), named('y', { data: { [long]: 'MQ==' } }));
  });

  behaviour('holds a mebibyte and not more', async ({ send, path }) => {
    const body = named('y', { data: { a: 'x'.repeat(2 ** 20) }, binaryData: { b: 'MQ==' } });
    expect((await send('POST', path('configmaps'), body)).status).toBe(422);
  });
});

describe('an Event', () => {
  const about = (namespace: string | undefined) =>
    named('x', { involvedObject: { kind: 'Pod', name: 'x', namespace } });

  behaviour('is where its object is', async ({ send, path, namespace, unique }) => {
    for (const other of ['default', '', undefined, namespace]) {
      await send('POST', `${path('events')}?dryRun=All`, about(other));
    }
    const name = unique('event');
    const nowhere = { ...about(undefined), metadata: { name } };
    expect((await send('POST', '/api/v1/namespaces/default/events?dryRun=All', nowhere)).status).toBe(201);
  });

  behaviour('with a time in microseconds says who reports it, and what was done', async ({ send, path, namespace }) => {
    const event = { ...about(namespace), eventTime: '2020-01-01T00:00:00.000000Z' };
    expect((await send('POST', `${path('events')}?dryRun=All`, event)).status).toBe(422);
    const reporter = { reportingComponent: 'example.com/x', reportingInstance: 'x', action: 'Do', reason: 'Because' };
    await send('POST', `${path('events')}?dryRun=All`, { ...event, ...reporter, type: 'Odd' });
  });

  behaviour('has a time in microseconds', async ({ send, path, namespace }) => {
    const wrong = ['2020-01-01T00:00:00Z', '2020-01-01T00:00:00.5Z', '2020-01-01T00:00:00.1234567Z', '2020-01-01', 5];
    for (const eventTime of wrong) {
      const event = { ...about(namespace), eventTime };
      expect((await send('POST', `${path('events')}?dryRun=All`, event)).status).toBe(400);
    }
  });
});

describe('generateName', () => {
  behaviour('gives a name of five more characters', async ({ send, peek, path, note, hide }) => {
    const { body } = await peek('POST', path('configmaps'), { metadata: { generateName: 'x-' } });
    expect(body.metadata.name).toMatch(/^x-[bcdfghjklmnpqrstvwxz2456789]{5}$/u);
    note('status', body.kind);
    hide(body.metadata.name, '<generated>');
    await send('GET', path('configmaps', body.metadata.name));
  });

  behaviour('is cut to 58 characters, and loses to a name', async ({ peek, send, path, note }) => {
    const { body } = await peek('POST', path('configmaps'), { metadata: { generateName: 'x'.repeat(70) } });
    note('length', body.metadata.name.length);
    await send('POST', path('configmaps'), { metadata: { generateName: 'x-', name: 'y' } });
  });

  behaviour('of a wrong form is refused', async ({ send, path }) => {
    await send('POST', path('configmaps'), { metadata: { generateName: 'X_' } });
  });
});

describe('dryRun=All', () => {
  behaviour('answers as if, and changes nothing', async ({ create, send, path }) => {
    expect((await send('POST', `${path('configmaps')}?dryRun=All`, named('x'))).status).toBe(201);
    expect((await send('GET', path('configmaps', 'x'))).status).toBe(404);
    await create(path('configmaps'), named('y'));
    await send('PUT', `${path('configmaps', 'y')}?dryRun=All`, named('y', { data: { a: '1' } }));
    await send('PATCH', `${path('configmaps', 'y')}?dryRun=All`, { data: { a: '1' } });
    await send('DELETE', `${path('configmaps', 'y')}?dryRun=All`);
    await send('DELETE', path('configmaps', 'y'), { dryRun: ['All'] });
    await send('GET', path('configmaps', 'y'));
  });

  behaviour('refuses what would be refused', async ({ send, path }) => {
    await send('POST', `${path('secrets')}?dryRun=All`, named('x', { type: 'kubernetes.io/tls' }));
    await send('DELETE', `${path('secrets', 'missing')}?dryRun=All`);
  });

  behaviour('has no other value', async ({ send, path }) => {
    await send('POST', `${path('configmaps')}?dryRun=Some`, named('x'));
    await send('POST', `${path('configmaps')}?dryRun=`, named('x'));
    await send('DELETE', `${path('configmaps', 'x')}?dryRun=Some`);
    await send('PATCH', `${path('configmaps', 'x')}?dryRun=Some`, {});
  });
});

describe('fieldValidation', () => {
  const odd = named('x', { spec: { x: 1 }, metadata: { name: 'x', color: 'red' } });
  const twice = '{"metadata":{"name":"x"},"data":{"a":"1","a":"2"}}';

  behaviour('warns of unknown fields if it is unset', async ({ send, path }) => {
    expect((await send('POST', path('configmaps'), odd)).headers['warning']).toBeDefined();
    await send('PUT', path('configmaps', 'x'), odd);
    await send('PATCH', path('configmaps', 'x'), { nonsense: true });
  });

  behaviour('Strict refuses them, and fields that come twice', async ({ create, send, path }) => {
    expect((await send('POST', `${path('configmaps')}?fieldValidation=Strict`, odd)).status).toBe(400);
    await send('POST', `${path('configmaps')}?fieldValidation=Strict`, twice);
    await create(path('configmaps'), named('x'));
    await send('PUT', `${path('configmaps', 'x')}?fieldValidation=Strict`, odd);
    await send('PATCH', `${path('configmaps', 'x')}?fieldValidation=Strict`, { nonsense: true });
  });

  behaviour('Ignore says nothing', async ({ send, path }) => {
    await send('POST', `${path('configmaps')}?fieldValidation=Ignore`, odd);
  });

  behaviour('warns of fields that come twice', async ({ send, path }) => {
    await send('POST', path('configmaps'), twice);
  });

  behaviour('has no other value', async ({ send, path }) => {
    await send('POST', `${path('configmaps')}?fieldValidation=Some`, named('x'));
  });

  behaviour('sees unknown fields deep in a list', async ({ send, path }) => {
    const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['get'], nonsense: 1 }];
    await send('POST', path('roles'), named('x', { rules }));
    await send('POST', `${path('roles')}?fieldValidation=Strict`, named('y', { rules }));
  });
});
