import { describe, expect } from 'vitest';
import { behaviour } from './behaviour.ts';

const merge = { contentType: 'application/merge-patch+json' };
const apply = { contentType: 'application/apply-patch+yaml' };
const x = { metadata: { name: 'x', labels: { app: 'x' } }, data: { a: '1', b: '2' } };

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
