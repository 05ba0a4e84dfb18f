import { randomUUID } from 'node:crypto';
import { describe, expect } from 'vitest';
import type { KubernetesObject } from '../control-plane/rest.ts';
import { behaviour } from './behaviour.ts';
import type { Answer } from './recorder.ts';
import type { Server } from './server.ts';

const owned = (name: string, owner: { metadata: { name: string; uid: string } }, more: object = {}) => {
  const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: owner.metadata.name, uid: owner.metadata.uid };
  return { metadata: { name, ownerReferences: [{ ...reference, ...more }] } };
};
const gone = ({ sendUntil }: Server, at: string) => sendUntil(at, ({ status }) => status === 404);

/**
 * Waits until the garbage collector knows of every Secret that there is. It hears of Secrets in the order in which they
 * were written, and takes one after another into its graph (kubernetes: graph_builder.go, runProcessGraphChanges). It
 * deletes one whose owner never was once that one is in the graph; then all before it are.
 */
async function secretsAreKnown({ create, path, peekUntil }: Server): Promise<void> {
  const name = `last-${randomUUID()}`;
  await create(path('secrets'), owned(name, { metadata: { name: 'nobody', uid: randomUUID() } }));
  await peekUntil(path('secrets', name), ({ status }) => status === 404);
}

describe('deleting', () => {
  behaviour(
    'is answered by what was deleted, or by a Status, as the resource has it',
    async ({ create, send, path }) => {
      const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'x' };
      for (const resource of ['configmaps', 'secrets', 'serviceaccounts']) {
        await create(path(resource), { metadata: { name: 'x' } });
        await send('DELETE', path(resource, 'x'));
      }
      await create(path('roles'), { metadata: { name: 'x' }, rules: [] });
      await create(path('rolebindings'), { metadata: { name: 'x' }, roleRef });
      await send('DELETE', path('roles', 'x'));
      await send('DELETE', path('rolebindings', 'x'));
    },
  );

  behaviour('takes its options in the body or in the query', async ({ create, send, path }) => {
    for (const [query, body] of [
      ['', { apiVersion: 'v1', kind: 'DeleteOptions' }],
      ['', {}],
      ['', { gracePeriodSeconds: 0 }],
      ['?gracePeriodSeconds=0', undefined],
      ['?propagationPolicy=Background', undefined],
      ['', { propagationPolicy: 'Nonsense' }],
      ['?propagationPolicy=Nonsense', undefined],
      ['', { orphanDependents: true, propagationPolicy: 'Orphan' }],
    ] as const) {
      await create(path('configmaps'), { metadata: { name: 'x' } });
      await send('DELETE', `${path('configmaps', 'x')}${query}`, body);
      await send('DELETE', path('configmaps', 'x'));
    }
  });

  behaviour('refuses options that it cannot read, or that there are not', async ({ create, send, path }) => {
    await create(path('configmaps'), { metadata: { name: 'x' } });
    const at = path('configmaps', 'x');
    for (const query of [
      ...['abc', '', '1e2', '1.5', '0x10', '99999999999999999999'].map((one) => `gracePeriodSeconds=${one}`),
      'gracePeriodSeconds=abc&dryRun=x',
      'propagationPolicy=',
      'propagationPolicy=orphan',
      'orphanDependents=true&propagationPolicy=Background',
      'orphanDependents=true&propagationPolicy=Nonsense&dryRun=x',
      'dryRun=x',
      'dryRun=All&dryRun=x',
      'dryRun=',
    ]) {
      expect((await send('DELETE', `${at}?${query}`)).status).toBeGreaterThan(399);
    }
    for (const body of [
      'nonsense',
      '{',
      '[]',
      '"x"',
      ' ',
      { kind: 5 },
      { apiVersion: 5 },
      { apiVersion: 'a/b/c' },
      { kind: 'Nonsense' },
      { kind: 'Nonsense', apiVersion: 'v1' },
      { kind: 'ConfigMap', apiVersion: 'v1' },
      { kind: 'Status', apiVersion: 'v1' },
      { orphanDependents: 'x' },
      { propagationPolicy: 5 },
      { gracePeriodSeconds: 'x' },
      { gracePeriodSeconds: 1.5 },
      { dryRun: 'All' },
      { dryRun: ['All', 'x'] },
      { preconditions: 'x' },
      { preconditions: { uid: 5 } },
      { propagationPolicy: '' },
    ]) {
      expect((await send('DELETE', at, body)).status).toBeGreaterThan(399);
    }
    const options = { contentType: 'application/yaml' };
    expect((await send('DELETE', at, 'a: [', options)).status).toBe(400);
    expect((await send('DELETE', at, '{}', { contentType: 'text/plain' })).status).toBe(415);
  });

  behaviour('reads its query only where it has no body', async ({ create, send, path }) => {
    const at = path('configmaps', 'x');
    for (const [query, body] of [
      ['fieldValidation=x', undefined],
      ['fieldManager=%07', undefined],
      ['dryRun=x&gracePeriodSeconds=abc', {}],
      ['dryRun=All', {}],
      ['', 'null'],
      ['', { nonsense: 1 }],
      ['', { apiVersion: 'meta.k8s.io/v1', kind: 'DeleteOptions' }],
    ] as const) {
      await create(path('configmaps'), { metadata: { name: 'x' } });
      expect((await send('DELETE', `${at}?${query}`, body)).status).toBe(200);
    }
    await create(path('configmaps'), { metadata: { name: 'x' } });
    await send('DELETE', at, 'dryRun: [All]\n', { contentType: 'application/yaml' });
    await send('GET', at);
  });

  behaviour('leaves orphans where the query says so', async ({ create, peek, send, path }) => {
    const at = path('configmaps', 'x');
    for (const value of ['=true', '=false', '=FALSE', '=0', '=nonsense', '=', '']) {
      await create(path('configmaps'), { metadata: { name: 'x', finalizers: ['example.com/wait'] } });
      const { body } = await send('DELETE', `${at}?orphanDependents${value}`);
      expect((body.metadata as { finalizers?: string[] }).finalizers).toContain('example.com/wait');
      await peek('PATCH', at, { metadata: { finalizers: null } });
    }
    for (const orphanDependents of [true, false]) {
      await create(path('configmaps'), { metadata: { name: 'x', finalizers: ['example.com/wait'] } });
      await send('DELETE', at, { orphanDependents });
      await peek('PATCH', at, { metadata: { finalizers: null } });
    }
  });

  behaviour('in spite of what is in the store is refused where that can be read', async ({ create, send, path }) => {
    await create(path('configmaps'), { metadata: { name: 'x' } });
    const option = 'ignoreStoreReadErrorWithClusterBreakingPotential';
    expect((await send('DELETE', `${path('configmaps', 'x')}?${option}=true`)).status).toBe(409);
    expect((await send('DELETE', path('configmaps', 'x'), { [option]: true })).status).toBe(409);
  });

  behaviour('of many refuses what a list would refuse', async ({ create, send, path }) => {
    await create(path('configmaps'), { metadata: { name: 'x' } });
    const queries = [
      'limit=x',
      'timeoutSeconds=x',
      'resourceVersion=abc',
      'labelSelector=%3D%3D',
      'fieldSelector=x%3Dy',
    ];
    for (const query of [...queries, 'gracePeriodSeconds=abc', 'limit=x&gracePeriodSeconds=abc', 'dryRun=x']) {
      expect((await send('DELETE', `${path('configmaps')}?${query}`)).status).toBeGreaterThan(399);
    }
    for (const query of ['labelSelector=%3D%3D', 'labelSelector=a%3Db']) {
      await send('DELETE', `${path('configmaps')}?${query}`, 'nonsense');
    }
    await send('GET', path('configmaps', 'x'));
  });

  behaviour('waits for the finalizers, and nobody adds one then', async ({ create, send, path }) => {
    await create(path('configmaps'), { metadata: { name: 'x', finalizers: ['example.com/wait'] } });
    await send('DELETE', path('configmaps', 'x'));
    await send('GET', path('configmaps', 'x'));
    await send('DELETE', path('configmaps', 'x'));
    await send('PATCH', path('configmaps', 'x'), {
      metadata: { finalizers: ['example.com/wait', 'example.com/more'] },
    });
    await send('PATCH', path('configmaps', 'x'), { data: { a: '1' } });
    await send('PATCH', path('configmaps', 'x'), { metadata: { finalizers: null } });
    expect((await send('GET', path('configmaps', 'x'))).status).toBe(404);
  });

  behaviour('takes what is owned with it, a little later', async (server) => {
    const { create, path, send } = server;
    const owner = await create(path('configmaps'), { metadata: { name: 'owner' } });
    await create(path('secrets'), owned('owned', owner));
    await send('DELETE', path('configmaps', 'owner'));
    await gone(server, path('secrets', 'owned'));
  });

  behaviour('with Orphan leaves what is owned', async (server) => {
    const { create, path, send } = server;
    const owner = await create(path('configmaps'), { metadata: { name: 'owner' } });
    await create(path('secrets'), owned('owned', owner));
    // what is not known to be owned is not let go, and is collected when its owner is no more
    await secretsAreKnown(server);
    await send('DELETE', path('configmaps', 'owner'), { propagationPolicy: 'Orphan' });
    await gone(server, path('configmaps', 'owner'));
    await send('GET', path('secrets', 'owned'));
  });

  behaviour('with Foreground ends with the owner, when what blocks it is gone', async (server) => {
    const { create, path, send } = server;
    const owner = await create(path('configmaps'), { metadata: { name: 'owner' } });
    await create(path('secrets'), owned('owned', owner, { blockOwnerDeletion: true }));
    // what is not known to be owned blocks nothing
    await secretsAreKnown(server);
    await send('DELETE', path('configmaps', 'owner'), { propagationPolicy: 'Foreground' });
    await gone(server, path('configmaps', 'owner'));
    expect((await send('GET', path('secrets', 'owned'))).status).toBe(404);
  });

  behaviour('with Foreground waits for what blocks it, and not for other things that it owns', async (server) => {
    const { create, peek, path, send } = server;
    const held = { finalizers: ['example.com/wait'] };
    const owner = await create(path('configmaps'), { metadata: { name: 'owner' } });
    const blocking = owned('blocking', owner, { blockOwnerDeletion: true });
    await create(path('secrets'), { metadata: { ...blocking.metadata, ...held } });
    await create(path('secrets'), { metadata: { ...owned('other', owner).metadata, ...held } });
    await secretsAreKnown(server);
    await send('DELETE', path('configmaps', 'owner'), { propagationPolicy: 'Foreground' });
    const isDying = ({ body }: Answer) => 'deletionTimestamp' in body.metadata;
    await server.sendUntil(path('secrets', 'blocking'), isDying);
    const { body, status } = await send('GET', path('configmaps', 'owner'));
    expect([status, body.metadata]).toMatchObject([200, { finalizers: ['foregroundDeletion'] }]);
    await peek('PATCH', path('secrets', 'blocking'), { metadata: { finalizers: null } });
    await gone(server, path('configmaps', 'owner'));
    await server.sendUntil(path('secrets', 'other'), isDying);
    await peek('PATCH', path('secrets', 'other'), { metadata: { finalizers: null } });
    await gone(server, path('secrets', 'other'));
  });

  behaviour('with Foreground goes down to what the owned own', async (server) => {
    const { create, peek, path, send } = server;
    const top = await create(path('secrets'), { metadata: { name: 'top' } });
    const ofSecret = (name: string, owner: KubernetesObject, more: object = {}) => {
      const reference = { apiVersion: 'v1', kind: 'Secret', name: owner.metadata.name, uid: owner.metadata.uid };
      return { metadata: { name, ownerReferences: [{ ...reference, blockOwnerDeletion: true }], ...more } };
    };
    const middle = await create(path('secrets'), ofSecret('middle', top));
    await create(path('secrets'), ofSecret('bottom', middle, { finalizers: ['example.com/wait'] }));
    await secretsAreKnown(server);
    await send('DELETE', path('secrets', 'top'), { propagationPolicy: 'Foreground' });
    await server.sendUntil(path('secrets', 'bottom'), ({ body }) => 'deletionTimestamp' in body.metadata);
    await send('GET', path('secrets', 'middle'));
    await send('GET', path('secrets', 'top'));
    await peek('PATCH', path('secrets', 'bottom'), { metadata: { finalizers: null } });
    await gone(server, path('secrets', 'top'));
    await gone(server, path('secrets', 'middle'));
  });

  behaviour('with Foreground spares what somebody else owns as well', async (server) => {
    const { create, path, send } = server;
    const one = await create(path('configmaps'), { metadata: { name: 'one' } });
    const two = await create(path('configmaps'), { metadata: { name: 'two' } });
    const blocks = { blockOwnerDeletion: true };
    const both = [one, two].flatMap((owner) => owned('x', owner, blocks).metadata.ownerReferences);
    await create(path('secrets'), { metadata: { name: 'shared', ownerReferences: both } });
    await secretsAreKnown(server);
    await send('DELETE', path('configmaps', 'one'), { propagationPolicy: 'Foreground' });
    await gone(server, path('configmaps', 'one'));
    await send('GET', path('secrets', 'shared'));
  });

  behaviour('anew changes its policy while finalizers hold the object', async ({ create, peek, path, send }) => {
    // the garbage collector leaves alone what another policy began without it
    for (const first of [undefined, 'Background']) {
      for (const policy of ['Orphan', 'Foreground']) {
        await create(path('configmaps'), { metadata: { name: 'x', finalizers: ['example.com/wait'] } });
        await peek('DELETE', path('configmaps', 'x'), first && { propagationPolicy: first });
        const again = `${path('configmaps', 'x')}?dryRun=All`;
        const { body } = await send('DELETE', `${again}&propagationPolicy=${policy}`);
        expect((body.metadata as { finalizers?: string[] }).finalizers).toHaveLength(2);
        await send('DELETE', again);
        await peek('PATCH', path('configmaps', 'x'), { metadata: { finalizers: null } });
      }
    }
    for (const standard of ['orphan', 'foregroundDeletion']) {
      const name = standard.toLowerCase();
      await create(path('configmaps'), { metadata: { name, finalizers: [standard, 'example.com/wait'] } });
      for (const query of [
        '',
        '&propagationPolicy=Orphan',
        '&propagationPolicy=Foreground',
        '&propagationPolicy=Background',
        '&orphanDependents=true',
        '&orphanDependents=false',
      ]) {
        await send('DELETE', `${path('configmaps', name)}?dryRun=All${query}`);
      }
    }
  });

  behaviour('as a dry run shows what finalizers would leave of it', async ({ create, send, path }) => {
    await create(path('configmaps'), { metadata: { name: 'x', finalizers: ['example.com/wait'] } });
    await create(path('configmaps'), { metadata: { name: 'y' } });
    for (const name of ['x', 'y']) {
      for (const policy of [
        '',
        '&propagationPolicy=Foreground',
        '&propagationPolicy=Orphan',
        '&orphanDependents=false',
      ]) {
        await send('DELETE', `${path('configmaps', name)}?dryRun=All${policy}`);
      }
      await send('GET', path('configmaps', name));
    }
  });

  behaviour('collects an object whose owner is not there', async (server) => {
    const nobody = { metadata: { name: 'nobody', uid: '6f2e8c1a-0000-4000-8000-000000000000' } };
    await server.send('POST', server.path('secrets'), owned('owned', nobody));
    await gone(server, server.path('secrets', 'owned'));
  });

  behaviour('lets go of an owner that is not there, where there is another', async (server) => {
    const { create, path, send } = server;
    const owner = await create(path('configmaps'), { metadata: { name: 'owner' } });
    const nobody = { metadata: { name: 'nobody', uid: randomUUID() } };
    const ownerReferences = [owner, nobody].flatMap((one) => owned('x', one).metadata.ownerReferences);
    await send('POST', path('secrets'), { metadata: { name: 'owned', ownerReferences } });
    const { body } = await server.sendUntil<{ metadata: { ownerReferences: object[] } }>(
      path('secrets', 'owned'),
      ({ body: { metadata } }) => metadata.ownerReferences.length === 1,
    );
    expect(body.metadata.ownerReferences).toMatchObject([{ name: 'owner' }]);
  });

  behaviour('spares an object that somebody else still owns', async (server) => {
    const { create, path, send } = server;
    const one = await create(path('configmaps'), { metadata: { name: 'one' } });
    const two = await create(path('configmaps'), { metadata: { name: 'two' } });
    const both = [...owned('x', one).metadata.ownerReferences, ...owned('x', two).metadata.ownerReferences];
    await create(path('secrets'), { metadata: { name: 'shared', ownerReferences: both } });
    await create(path('secrets'), owned('single', one));
    await send('DELETE', path('configmaps', 'one'));
    await gone(server, path('secrets', 'single'));
    const { body } = await server.sendUntil<{ metadata: { ownerReferences: object[] } }>(
      path('secrets', 'shared'),
      ({ body: { metadata } }) => metadata.ownerReferences.length === 1,
    );
    expect(body.metadata.ownerReferences).toHaveLength(1);
  });

  behaviour('a collection deletes what the selectors choose', async ({ create, send, path, peek, note }) => {
    for (const [name, app] of [
      ['a', 'one'],
      ['b', 'one'],
      ['c', 'two'],
    ] as const) {
      await create(path('secrets'), { metadata: { name, labels: { app } } });
    }
    await send('DELETE', `${path('secrets')}?labelSelector=app%3Done`);
    await send('GET', path('secrets'));
    await send('DELETE', path('secrets'));
    note('left', (await peek('GET', path('secrets'))).body['items']);
  });
});

describe('a namespace', () => {
  behaviour('comes with a label, a phase, a finalizer, the ServiceAccount default and the CA', async (server) => {
    const { send, path, removeLater, unique } = server;
    const name = unique('x');
    removeLater(path('namespaces', name));
    await send('POST', path('namespaces'), { metadata: { name } });
    const inside = (resource: string, object: string) => `/api/v1/namespaces/${name}/${resource}/${object}`;
    await server.sendUntil(inside('serviceaccounts', 'default'), ({ status }) => status === 200);
    await server.sendUntil(inside('configmaps', 'kube-root-ca.crt'), ({ status }) => status === 200);
  });

  behaviour('gets its ServiceAccount default and its CA again when they are deleted or changed', async (server) => {
    const { peek, path } = server;
    const { body } = await peek('GET', path('serviceaccounts', 'default'));
    await peek('DELETE', path('serviceaccounts', 'default'));
    await server.sendUntil(
      path('serviceaccounts', 'default'),
      (answer) => answer.status === 200 && answer.body.metadata.uid !== body.metadata.uid,
    );
    await peek('DELETE', path('configmaps', 'kube-root-ca.crt'));
    await server.sendUntil(path('configmaps', 'kube-root-ca.crt'), ({ status }) => status === 200);
    await peek('PATCH', path('configmaps', 'kube-root-ca.crt'), { data: { 'ca.crt': 'other' } });
    await server.sendUntil(
      path('configmaps', 'kube-root-ca.crt'),
      (answer) => answer.body.data?.['ca.crt'] !== 'other',
    );
  });

  behaviour('that is deleted terminates, takes nothing new, and is gone with all that is in it', async (server) => {
    const { create, send, path, removeLater, unique } = server;
    const name = unique('x');
    removeLater(path('namespaces', name));
    await create(path('namespaces'), { metadata: { name } });
    const secrets = `/api/v1/namespaces/${name}/secrets`;
    await create(secrets, { metadata: { name: 'kept', finalizers: ['example.com/wait'] } });
    await create(secrets, { metadata: { name: 'x' } });
    await send('DELETE', path('namespaces', name));
    await send('POST', secrets, { metadata: { name: 'y' } });
    await send('POST', `/api/v1/namespaces/${name}/serviceaccounts/default/token`, {});
    await server.peekUntil(`${secrets}/x`, ({ status }) => status === 404);
    await server.peek('PATCH', `${secrets}/kept`, { metadata: { finalizers: null } });
    await gone(server, path('namespaces', name));
    await gone(server, `${secrets}/x`);
  });

  behaviour('of the system is not deleted', async ({ send, path }) => {
    for (const name of ['default', 'kube-system', 'kube-public']) {
      expect((await send('DELETE', path('namespaces', name))).status).toBe(403);
      expect((await send('DELETE', `${path('namespaces', name)}?dryRun=All`)).status).toBe(403);
    }
  });

  behaviour(
    'as a dry run is shown as it would terminate',
    async ({ create, path, peek, removeLater, send, unique }) => {
      const { body } = await send('DELETE', `${path('namespaces', 'kube-node-lease')}?dryRun=All`);
      expect([body.metadata, body]).toMatchObject([
        { deletionTimestamp: expect.any(String) },
        { status: { phase: 'Terminating' } },
      ]);
      await send('GET', path('namespaces', 'kube-node-lease'));
      const name = unique('x');
      removeLater(path('namespaces', name));
      await create(path('namespaces'), { metadata: { name } });
      for (const policy of ['Foreground', 'Orphan', 'Background']) {
        await send('DELETE', `${path('namespaces', name)}?dryRun=All&propagationPolicy=${policy}`);
      }
      for (const preconditions of [{ uid: 'x' }, { resourceVersion: '1' }]) {
        await send('DELETE', path('namespaces', name), { preconditions });
        await send('DELETE', path('namespaces', 'default'), { preconditions });
      }
      await peek('DELETE', path('namespaces', name));
    },
  );

  behaviour('is looked for by its name and its phase', async ({ peek, path, namespace, note }) => {
    for (const selector of [
      `metadata.name=${namespace}`,
      `metadata.name=${namespace},status.phase=Active`,
      'status.phase=Terminating,metadata.name=default',
    ]) {
      const { body } = await peek<{ items: object[] }>(
        'GET',
        `${path('namespaces')}?fieldSelector=${encodeURIComponent(selector)}`,
      );
      note(selector, body.items.length);
    }
  });
});
