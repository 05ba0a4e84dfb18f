import { describe, expect } from 'vitest';
import { until } from '../support/until.ts';
import { behavioursOn } from './behaviour.ts';
import type { Answer } from './recorder.ts';
import type { Server } from './server.ts';
import { forgetfulTest } from './targets.ts';

interface List {
  readonly metadata: { readonly continue?: string; readonly resourceVersion: string };
  readonly items: readonly { readonly metadata: { readonly name: string } }[];
}

const behaviour = behavioursOn(forgetfulTest);
const names = ['a', 'b', 'c', 'd'];

const some = async ({ create, path }: Server) => {
  for (const name of names) await create(path('secrets'), { metadata: { name } });
};

/** Asks again and again, while other things change, until it is too long ago. */
async function forgotten({ peek, path }: Server, at: string): Promise<void> {
  await until(
    `${at} to be forgotten`,
    async () => {
      await peek('PATCH', path('configmaps', 'kube-root-ca.crt'), {
        metadata: { labels: { step: `${Math.random()}` } },
      });
      const { status } = await peek('GET', at);
      return status === 410 ? true : undefined;
    },
    30_000,
  );
}

describe('a list of a time that the server has forgotten', () => {
  behaviour('is refused, and in pieces goes on with what there is now', async (server) => {
    await some(server);
    const { create, hide, peek, send, path } = server;
    const first = await send<List>('GET', `${path('secrets')}?limit=2`);
    const next = encodeURIComponent(first.body.metadata.continue ?? '');
    hide(next, '<continue>');
    const rest = `${path('secrets')}?limit=2&continue=${next}`;
    await create(path('secrets'), { metadata: { name: 'bb' } });
    await create(path('secrets'), { metadata: { name: 'aa' } });
    await peek('DELETE', path('secrets', 'd'));
    await forgotten(server, rest);
    const refused: Answer<List> = await send<List>('GET', rest);
    expect(refused.status).toBe(410);
    const now = encodeURIComponent(refused.body.metadata.continue ?? '');
    hide(now, '<another continue>');
    const second = await send<List>('GET', `${path('secrets')}?limit=5&continue=${now}`);
    expect(second.body.items.map(({ metadata }) => metadata.name)).toEqual(['bb', 'c']);
    const { resourceVersion } = first.body.metadata;
    const exactly = 'resourceVersionMatch=Exact';
    for (const query of [exactly, `${exactly}&limit=1`, `${exactly}&labelSelector=app%3Dx`, 'limit=1']) {
      expect((await send('GET', `${path('secrets')}?resourceVersion=${resourceVersion}&${query}`)).status).toBe(410);
    }
    for (const query of ['', '&resourceVersionMatch=NotOlderThan']) {
      expect((await send('GET', `${path('secrets')}?resourceVersion=${resourceVersion}${query}`)).status).toBe(200);
    }
  });
});

describe('a watch from a time that the server has forgotten', () => {
  behaviour('is told so, and ends', async (server) => {
    const at = `${server.path('secrets')}?watch=true&resourceVersion=1&timeoutSeconds=5`;
    const forms = [
      'application/json',
      ...['Table', 'PartialObjectMetadata'].map((as) => `application/json;as=${as};g=meta.k8s.io;v=v1`),
    ];
    for (const accept of forms) {
      for (const query of ['', '&allowWatchBookmarks=true', '&fieldSelector=metadata.name%3Dx']) {
        const watch = await server.watch(`${at}${query}`, { accept });
        const [event, ...more] = await watch.rest();
        expect([watch.status, event?.type, event?.object['code'], more]).toEqual([200, 'ERROR', 410, []]);
      }
    }
    const watch = await server.watch(`/api/v1/watch/secrets?resourceVersion=1&timeoutSeconds=5`);
    expect(await watch.rest()).toHaveLength(1);
  });

  behaviour('is told so in other words where nothing is remembered: of Events', async (server) => {
    await forgotten(server, `${server.path('events')}?resourceVersion=1&resourceVersionMatch=Exact`);
    const watch = await server.watch(`${server.path('events')}?watch=true&resourceVersion=1&timeoutSeconds=5`);
    const [event, ...more] = await watch.rest();
    expect([event?.object['code'], more]).toEqual([410, []]);
  });
});
