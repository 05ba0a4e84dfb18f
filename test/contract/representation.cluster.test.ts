import { describe, expect } from 'vitest';
import { parse } from 'yaml';
import { behaviour } from './behaviour.ts';

const partial = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
const partialList = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
const table = 'application/json;as=Table;v=v1;g=meta.k8s.io';
const kubectls = `${table},application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json`;

describe('PartialObjectMetadata', () => {
  behaviour('is the metadata alone, of one and of many', async ({ create, send, path }) => {
    await create(path('secrets'), { metadata: { name: 'x', labels: { app: 'x' } }, stringData: { a: 'hidden' } });
    const one = await send('GET', path('secrets', 'x'), undefined, { accept: partial });
    expect(one.text).not.toContain(Buffer.from('hidden').toString('base64'));
    await send('GET', path('secrets'), undefined, { accept: partialList });
    await send('GET', `${path('secrets')}?limit=1`, undefined, { accept: `${partialList},application/json` });
  });

  behaviour('is not asked for one as a list, nor for many as one', async ({ create, send, path }) => {
    await create(path('secrets'), { metadata: { name: 'x' } });
    await send('GET', path('secrets', 'x'), undefined, { accept: partialList });
    await send('GET', path('secrets'), undefined, { accept: partial });
  });

  behaviour('is what a create, a patch and a delete may answer', async ({ send, path }) => {
    await send('POST', path('configmaps'), { metadata: { name: 'x' } }, { accept: partial });
    await send('PATCH', path('configmaps', 'x'), { data: { a: '1' } }, { accept: partial });
    await send('DELETE', path('configmaps', 'x'), undefined, { accept: `${partial},application/json` });
  });
});

describe('a Table', () => {
  behaviour(
    'has the columns that kubectl prints: Secrets, ConfigMaps, ServiceAccounts',
    async ({ create, send, path }) => {
      await create(path('secrets'), { metadata: { name: 'x' }, stringData: { a: '1', b: '2' } });
      for (const resource of ['secrets', 'configmaps', 'serviceaccounts']) {
        await send('GET', path(resource), undefined, { accept: table });
      }
      await send('GET', path('secrets', 'x'), undefined, { accept: kubectls });
    },
  );

  behaviour('has the columns that kubectl prints: Roles and bindings', async ({ create, send, path }) => {
    await create(path('roles'), { metadata: { name: 'x' }, rules: [] });
    await create(path('rolebindings'), {
      metadata: { name: 'x' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'x' },
      subjects: [
        { kind: 'User', name: 'jane' },
        { kind: 'ServiceAccount', name: 'default', namespace: 'default' },
      ],
    });
    for (const resource of ['roles', 'rolebindings']) await send('GET', path(resource), undefined, { accept: table });
    await send('GET', path('clusterroles', 'system:discovery'), undefined, { accept: table });
    await send('GET', path('clusterrolebindings', 'system:discovery'), undefined, { accept: table });
  });

  behaviour('has the columns that kubectl prints: namespaces, Pods, Events', async ({ send, path, namespace }) => {
    await send('GET', path('namespaces', namespace), undefined, { accept: table });
    for (const resource of ['pods', 'events']) await send('GET', path(resource), undefined, { accept: table });
  });

  behaviour('holds the metadata, the object or nothing, as it is asked', async ({ create, send, path }) => {
    await create(path('secrets'), { metadata: { name: 'x' } });
    for (const includeObject of ['None', 'Metadata', 'Object', 'Nonsense']) {
      await send('GET', `${path('secrets')}?includeObject=${includeObject}`, undefined, { accept: table });
    }
  });

  behaviour('is not what an error comes as', async ({ send, path }) => {
    await send('GET', path('secrets', 'missing'), undefined, { accept: kubectls });
  });
});

describe('YAML', () => {
  behaviour('is written where it is asked for', async ({ create, peek, path, note }) => {
    await create(path('secrets'), { metadata: { name: 'x' } });
    const { text, headers } = await peek('GET', path('secrets', 'x'), undefined, { accept: 'application/yaml' });
    note('as', headers['content-type']);
    note('it says', parse(text));
    const missing = await peek('GET', path('secrets', 'missing'), undefined, { accept: 'application/yaml' });
    note('missing', parse(missing.text));
  });
});

describe('JSON', () => {
  behaviour('is indented where it is asked for, or where a person seems to read it', async ({ peek, path, note }) => {
    for (const [query, agent] of [
      ['', 'contract/1.0'],
      ['?pretty=true', 'contract/1.0'],
      ['', 'curl/8.0.0'],
      ['?pretty=false', 'curl/8.0.0'],
      ['', 'Mozilla/5.0'],
    ] as const) {
      const { text } = await peek('GET', `${path('configmaps', 'kube-root-ca.crt')}${query}`, undefined, {
        headers: { 'user-agent': agent },
      });
      note(`${agent} ${query}`, /^\{\n {2}"/u.test(text) && text.endsWith('}'));
    }
  });

  behaviour('ends in a line break if it is not indented', async ({ peek, path, note }) => {
    const { text } = await peek('GET', path('secrets'));
    note('ends in', JSON.stringify(text.slice(-1)));
  });
});
