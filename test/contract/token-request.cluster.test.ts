import { describe, expect } from 'vitest';
import { behaviour } from './behaviour.ts';
import type { Server } from './server.ts';

const ask = ({ send, path }: Server, spec: object | undefined, account = 'default', rest: object = {}) =>
  send<{ spec: { expirationSeconds: number } }>('POST', path('serviceaccounts', account, 'token'), {
    ...(spec === undefined ? {} : { spec }),
    ...rest,
  });

describe('a TokenRequest', () => {
  behaviour('gives a token for an hour and for the API server, if nothing is asked for', async (server) => {
    const { status, body } = await ask(server, {});
    expect([status, body.spec.expirationSeconds]).toEqual([201, 3600]);
  });

  behaviour('needs no spec, and may say its apiVersion and kind', async (server) => {
    await ask(server, undefined);
    await ask(server, {}, 'default', { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest' });
  });

  behaviour('gives as many seconds as are asked for, from ten minutes to 2^32', async (server) => {
    for (const expirationSeconds of [600, 601, 3607, 7200, 86_400, 2 ** 32]) {
      expect((await ask(server, { expirationSeconds })).status).toBe(201);
    }
  });

  behaviour('refuses less than ten minutes and more than 2^32 seconds', async (server) => {
    for (const expirationSeconds of [599, 1, 0, -1, 2 ** 32 + 1]) {
      expect((await ask(server, { expirationSeconds })).status).toBe(422);
    }
  });

  behaviour('refuses what is no number of seconds', async (server) => {
    for (const expirationSeconds of ['600', 1.5, true, {}]) {
      expect((await ask(server, { expirationSeconds })).status).toBe(400);
    }
  });

  behaviour('takes a null for unset', async (server) => {
    await ask(server, { expirationSeconds: null, audiences: null, boundObjectRef: null });
  });

  behaviour('gives the audiences that are asked for', async (server) => {
    for (const audiences of [['vault'], ['vault', 'consul'], ['']]) await ask(server, { audiences });
  });

  behaviour('tells who asked for what, for no audience too', async ({ note, peek, path }) => {
    for (const audiences of [[], ['vault'], null, undefined]) {
      const { body } = await peek('POST', path('serviceaccounts', 'default', 'token'), { spec: { audiences } });
      note('managedFields', [(body.metadata as { managedFields?: unknown }).managedFields]);
    }
  });

  behaviour('may be bound to a Node, but not to one that is not there', async (server) => {
    for (const name of ['missing', '', undefined]) {
      await ask(server, { boundObjectRef: { kind: 'Node', apiVersion: 'v1', name } });
    }
  });

  behaviour('for a missing ServiceAccount is not found', async (server) => {
    expect((await ask(server, {}, 'nobody')).status).toBe(404);
  });

  behaviour('in a namespace that is not there is not found', async ({ send }) => {
    const { status } = await send('POST', '/api/v1/namespaces/nowhere/serviceaccounts/default/token', { spec: {} });
    expect(status).toBe(404);
  });

  behaviour('may name its ServiceAccount, but no other and no other namespace', async (server) => {
    await ask(server, {}, 'default', { metadata: { name: 'default', namespace: server.namespace } });
    await ask(server, {}, 'default', { metadata: { name: 'other' } });
    await ask(server, {}, 'default', { metadata: { namespace: 'other' } });
  });

  behaviour('may name the uid of its ServiceAccount, but no other', async (server) => {
    const { body } = await server.peek('GET', server.path('serviceaccounts', 'default'));
    await ask(server, {}, 'default', { metadata: { uid: body.metadata.uid } });
    await ask(server, {}, 'default', { metadata: { uid: '6f2e8c1a-0000-4000-8000-000000000000' } });
  });

  behaviour('is bound to a Secret, whose uid may be given', async (server) => {
    const { metadata } = await server.create(server.path('secrets'), { metadata: { name: 'anchor' } });
    const ref = { apiVersion: 'v1', kind: 'Secret', name: 'anchor' };
    await ask(server, { boundObjectRef: ref });
    await ask(server, { boundObjectRef: { ...ref, uid: metadata.uid } });
  });

  behaviour('is not bound to a Secret with another uid, nor to one that is missing', async (server) => {
    await server.create(server.path('secrets'), { metadata: { name: 'anchor' } });
    const ref = { apiVersion: 'v1', kind: 'Secret', name: 'anchor' };
    await ask(server, { boundObjectRef: { ...ref, uid: '6f2e8c1a-0000-4000-8000-000000000000' } });
    await ask(server, { boundObjectRef: { ...ref, name: 'missing' } });
  });

  behaviour('is not bound to a Pod that is missing', async (server) => {
    await ask(server, { boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: 'missing' } });
  });

  behaviour('is bound to nothing but a Pod, a Node or a Secret', async (server) => {
    for (const boundObjectRef of [
      { apiVersion: 'v1', kind: 'ConfigMap', name: 'kube-root-ca.crt' },
      { apiVersion: 'v2', kind: 'Secret', name: 'x' },
      { kind: 'Secret', name: 'x' },
      { apiVersion: 'v1', name: 'x' },
      { apiVersion: 'v1', kind: 'Secret' },
      {},
    ]) {
      await ask(server, { boundObjectRef });
    }
  });

  behaviour('of another kind or version is refused', async (server) => {
    await ask(server, {}, 'default', { apiVersion: 'v1', kind: 'Secret' });
    await ask(server, {}, 'default', { apiVersion: 'authentication.k8s.io/v1beta1', kind: 'TokenRequest' });
    await ask(server, {}, 'default', { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview' });
  });

  behaviour('can only be created', async ({ send, path }) => {
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
      const { status } = await send(
        method,
        path('serviceaccounts', 'default', 'token'),
        method === 'GET' ? undefined : {},
      );
      expect(status).toBe(405);
    }
  });

  behaviour('with dryRun gives no token', async ({ send, path }) => {
    await send('POST', `${path('serviceaccounts', 'default', 'token')}?dryRun=All`, { spec: {} });
  });

  behaviour('gives another token each time', async ({ create, path, note }) => {
    const tokens = new Set<string>();
    for (let count = 0; count < 3; count += 1) {
      const { status } = await create<{ status: { token: string } }>(path('serviceaccounts', 'default', 'token'), {});
      tokens.add(status.token);
    }
    expect(tokens.size).toBe(3);
    note('tokens', tokens.size);
  });

  behaviour('needs the right to create serviceaccounts/token, which may be for one name', async (server) => {
    const one = { resources: ['serviceaccounts/token'], resourceNames: ['default'], verbs: ['create'] };
    const as = await server.account('asker', { rules: [one] });
    const { path, send } = server;
    expect((await send('POST', path('serviceaccounts', 'default', 'token'), {}, { as })).status).toBe(201);
    expect((await send('POST', path('serviceaccounts', 'asker', 'token'), {}, { as })).status).toBe(403);
  });
});
