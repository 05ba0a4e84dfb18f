import { describe, expect } from 'vitest';
import { behaviour } from './behaviour.ts';
import type { Server } from './server.ts';
import { filled, nameAnnotation, type Secret, secretFor, uidAnnotation } from './token-secret.ts';

const gone = ({ sendUntil, path }: Server, name = 'token') =>
  sendUntil(path('secrets', name), ({ status }) => status === 404);
const eventsFor = async (server: Server, name: string, resourceVersion: string) =>
  server.watch(
    `${server.path('secrets')}?watch=true&fieldSelector=metadata.name%3D${name}&resourceVersion=${resourceVersion}`,
  );

describe('the token controller', () => {
  behaviour('fills a token Secret with token, ca.crt and namespace, and notes the uid', async (server) => {
    const { send, path } = server;
    const created = await send<Secret>('POST', path('secrets'), secretFor('default', 'token'));
    expect(created.status).toBe(201);
    expect(created.body.data).toBeUndefined();
    const { body } = await filled(server);
    expect(Object.keys(body.data ?? {}).toSorted()).toEqual(['ca.crt', 'namespace', 'token']);
    expect(body.metadata.annotations?.[uidAnnotation]).toMatch(/^[0-9a-f-]{36}$/u);
  });

  behaviour('shows a watch from the create one change, the filled Secret', async (server) => {
    const { body } = await server.send<Secret>('POST', server.path('secrets'), secretFor('default', 'token'));
    const watch = await eventsFor(server, 'token', body.metadata.resourceVersion);
    const [event] = await watch.take(1);
    watch.end();
    expect(event?.type).toBe('MODIFIED');
  });

  behaviour('fills it after the create has been answered, not within', async ({ send, path }) => {
    for (const name of ['one', 'two', 'three']) {
      const { body } = await send<Secret>('POST', path('secrets'), secretFor('default', name));
      expect(body.data).toBeUndefined();
    }
  });

  behaviour(
    'deletes a Secret whose ServiceAccount is missing, and a watch opened later still hears of it',
    async (server) => {
      const { body } = await server.send<Secret>('POST', server.path('secrets'), secretFor('nobody', 'token'));
      await gone(server);
      const watch = await eventsFor(server, 'token', body.metadata.resourceVersion);
      const [event] = await watch.take(1);
      watch.end();
      expect(event?.type).toBe('DELETED');
    },
  );

  behaviour('deletes a Secret that names another uid for its ServiceAccount', async (server) => {
    const annotations = { [nameAnnotation]: 'default', [uidAnnotation]: '6f2e8c1a-0000-4000-8000-000000000000' };
    const { send, path } = server;
    await send('POST', path('secrets'), secretFor('default', 'token', { metadata: { name: 'token', annotations } }));
    await gone(server);
  });

  behaviour('fills a Secret that names the right uid', async (server) => {
    const { peek, send, path } = server;
    const { body: account } = await peek('GET', path('serviceaccounts', 'default'));
    const annotations = { [nameAnnotation]: 'default', [uidAnnotation]: account.metadata.uid };
    await send('POST', path('secrets'), secretFor('default', 'token', { metadata: { name: 'token', annotations } }));
    await filled(server);
  });

  behaviour('deletes a filled Secret whose uid annotation is changed', async (server) => {
    await server.create(server.path('secrets'), secretFor('default', 'token'));
    await filled(server);
    const annotations = { [uidAnnotation]: '6f2e8c1a-0000-4000-8000-000000000000' };
    await server.send('PATCH', server.path('secrets', 'token'), { metadata: { annotations } });
    await gone(server);
  });

  behaviour('deletes the token Secrets of a ServiceAccount that is deleted, and no others', async (server) => {
    const { create, send, path } = server;
    await create(path('serviceaccounts'), { metadata: { name: 'ci-bot' } });
    await create(path('secrets'), secretFor('ci-bot', 'token'));
    await create(path('secrets'), secretFor('default', 'other'));
    await create(path('secrets'), { metadata: { name: 'plain', annotations: { [nameAnnotation]: 'ci-bot' } } });
    await filled(server);
    await filled(server, 'other');
    await send('DELETE', path('serviceaccounts', 'ci-bot'));
    await gone(server);
    await send('GET', path('secrets', 'other'));
    await send('GET', path('secrets', 'plain'));
  });

  behaviour('deletes the Secret of a ServiceAccount that was deleted and created again', async (server) => {
    const { create, peek, path } = server;
    await create(path('serviceaccounts'), { metadata: { name: 'ci-bot' } });
    await create(path('secrets'), secretFor('ci-bot', 'token'));
    await filled(server);
    await peek('DELETE', path('serviceaccounts', 'ci-bot'));
    await create(path('serviceaccounts'), { metadata: { name: 'ci-bot' } });
    await gone(server);
    await create(path('secrets'), secretFor('ci-bot', 'again'));
    await filled(server, 'again');
  });

  behaviour('refills a token that was blanked', async (server) => {
    await server.create(server.path('secrets'), secretFor('default', 'token'));
    await filled(server);
    await server.peek('PATCH', server.path('secrets', 'token'), { data: { token: null } });
    await filled(server);
  });

  behaviour('writes ca.crt again where it was changed', async (server) => {
    await server.create(server.path('secrets'), secretFor('default', 'token'));
    const { body } = await filled(server);
    const authority = body.data?.['ca.crt'];
    await server.peek('PATCH', server.path('secrets', 'token'), { data: { 'ca.crt': 'b3RoZXI=' } });
    await server.sendUntil<Secret>(
      server.path('secrets', 'token'),
      ({ body: { data } }) => data?.['ca.crt'] === authority,
    );
  });

  behaviour('leaves a token alone that somebody else wrote, and completes the rest', async (server) => {
    const data = { token: Buffer.from('bogus').toString('base64') };
    await server.send('POST', server.path('secrets'), secretFor('default', 'token', { data }));
    const { body } = await server.sendUntil<Secret>(
      server.path('secrets', 'token'),
      ({ body: { data: found } }) => found?.['ca.crt'] !== undefined,
    );
    expect(body.data?.['token']).toBe(data.token);
  });

  behaviour('leaves a namespace alone that somebody else wrote', async (server) => {
    const data = { namespace: Buffer.from('elsewhere').toString('base64') };
    await server.create(server.path('secrets'), secretFor('default', 'token', { data }));
    await filled(server);
  });

  behaviour('cannot fill an immutable Secret', async (server) => {
    await server.send('POST', server.path('secrets'), secretFor('default', 'frozen', { immutable: true }));
    await server.create(server.path('secrets'), secretFor('default', 'token'));
    await filled(server);
    const { body } = await server.send<Secret>('GET', server.path('secrets', 'frozen'));
    expect(body.data).toBeUndefined();
  });

  behaviour('keeps data, labels and annotations that are not its own', async (server) => {
    const metadata = {
      name: 'token',
      labels: { app: 'ci' },
      annotations: { [nameAnnotation]: 'default', 'example.com/purpose': 'ci' },
    };
    const data = { extra: Buffer.from('mine').toString('base64') };
    await server.create(server.path('secrets'), secretFor('default', 'token', { metadata, data }));
    await filled(server);
  });

  behaviour('takes no interest in a label or an annotation that is not its own', async (server) => {
    await server.create(server.path('secrets'), secretFor('default', 'token'));
    const { body } = await filled(server);
    const watch = await eventsFor(server, 'token', body.metadata.resourceVersion);
    const metadata = { labels: { app: 'ci' }, annotations: { 'example.com/purpose': 'ci' } };
    await server.peek('PATCH', server.path('secrets', 'token'), { metadata });
    await server.peek('DELETE', server.path('secrets', 'token'));
    const events = await watch.take(2);
    watch.end();
    expect(events.map(({ type }) => type)).toEqual(['MODIFIED', 'DELETED']);
  });

  behaviour('does not list the Secret in the ServiceAccount', async (server) => {
    await server.create(server.path('secrets'), secretFor('default', 'token'));
    await filled(server);
    await server.send('GET', server.path('serviceaccounts', 'default'));
  });

  behaviour('fills many Secrets that are created at once', async (server) => {
    const names = Array.from({ length: 20 }, (_, index) => `token-${String(index).padStart(2, '0')}`);
    await Promise.all(names.map((name) => server.create(server.path('secrets'), secretFor('default', name))));
    for (const name of names) await filled(server, name);
  });

  behaviour('fills the Secret of a ServiceAccount that comes just before it', async (server) => {
    const { send, path } = server;
    for (const name of ['one', 'two', 'three', 'four']) {
      await send('POST', path('serviceaccounts'), { metadata: { name } });
      await send('POST', path('secrets'), secretFor(name, name));
      await filled(server, name);
    }
  });
});
