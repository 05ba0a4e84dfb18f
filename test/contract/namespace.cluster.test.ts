import { describe } from 'vitest';
import { behaviour } from './behaviour.ts';
import type { Answer } from './recorder.ts';
import type { Server } from './server.ts';

const apply = { contentType: 'application/apply-patch+yaml' };
const strategic = { contentType: 'application/strategic-merge-patch+json' };

const managedIn = ({ body }: Answer) => [(body.metadata as { managedFields?: unknown }).managedFields];

/** A namespace of its own, whose managers are told as well. */
async function own({ create, note, path, removeLater, send, unique }: Server) {
  const name = unique('own');
  removeLater(path('namespaces', name));
  await create(path('namespaces'), { metadata: { name, labels: { a: '1' } } });
  return {
    name,
    async put(part: string | undefined, body: { readonly metadata?: object; readonly [field: string]: unknown }) {
      const whole = { ...body, metadata: { name, ...body.metadata } };
      note('managedFields', managedIn(await send('PUT', path('namespaces', name, part), whole)));
    },
    async patch(part: string | undefined, body: object, options: { readonly contentType?: string } = {}) {
      note('managedFields', managedIn(await send('PATCH', path('namespaces', name, part), body, options)));
    },
  };
}

describe('a Namespace', () => {
  behaviour(
    'has its name as a label, whatever is said',
    async ({ hide, note, peek, send, path, unique, removeLater }) => {
      const at = `${path('namespaces')}?dryRun=All`;
      const generated = await peek('POST', at, { metadata: { generateName: 'x-', labels: { a: '1' } } });
      hide(generated.body.metadata.name, '<generated>');
      note('labels and managers', [generated.body.metadata.labels, managedIn(generated)]);
      await send('POST', at, { metadata: { name: 'x', labels: { 'kubernetes.io/metadata.name': 'y' } } });
      const name = unique('named');
      removeLater(path('namespaces', name));
      await send('POST', path('namespaces'), { metadata: { name } });
      for (const label of ['other', null]) {
        const metadata = { labels: { 'kubernetes.io/metadata.name': label } };
        await send('PATCH', path('namespaces', name), { metadata });
      }
    },
  );

  behaviour('has finalizers of a certain form', async (server) => {
    const { send, path } = server;
    const lists = [['x'], ['x', 'example.com/a', 'a b/c', '', 'kubernetes', 'orphan'], ['example.com/a'], []];
    for (const finalizers of lists) {
      await send('POST', `${path('namespaces')}?dryRun=All`, { metadata: { name: 'x' }, spec: { finalizers } });
    }
    const { name } = await own(server);
    for (const finalizers of lists) {
      const body = { metadata: { name }, spec: { finalizers } };
      await send('PUT', `${path('namespaces', name, 'finalize')}?dryRun=All`, body);
      await send('PUT', `${path('namespaces', name)}?dryRun=All`, body);
    }
  });

  behaviour('keeps its finalizers and its status, and tells who wanted them otherwise', async (server) => {
    const { note, peek, path } = server;
    const { patch, put } = await own(server);
    await patch(undefined, { spec: { finalizers: ['example.com/a'] } }, strategic);
    await patch(undefined, { status: { phase: 'Terminating' } });
    await put(undefined, { spec: { finalizers: ['x'] }, status: { phase: 'x' } });
    const made = { metadata: { name: 'x' }, spec: { finalizers: ['example.com/a'] }, status: { phase: 'Terminating' } };
    note('managedFields', managedIn(await peek('POST', `${path('namespaces')}?dryRun=All`, made)));
  });

  behaviour('has a status that says what it is', async (server) => {
    const { send, path } = server;
    const { name, patch, put } = await own(server);
    await patch('status', { status: { phase: 'x' } });
    await patch('status', { status: { phase: 'Terminating' } });
    await patch('status', { metadata: { labels: { b: '2' } }, spec: { finalizers: ['example.com/a'] } });
    await patch('status', [], { contentType: 'application/json-patch+json' });
    await put('status', { metadata: { labels: { c: '3' } } });
    await send('GET', path('namespaces', name, 'status'));
    await send('PUT', path('namespaces', name, 'status'), { metadata: { name: 'other' } });
    await send('PUT', `${path('namespaces', name, 'status')}?dryRun=x`, { metadata: { name } });
    await send('PATCH', path('namespaces', 'missing', 'status'), {});
    await send('PATCH', path('namespaces', name, 'finalize'), {});
  });

  behaviour('is finalized with its labels, and not with its status', async (server) => {
    const { send, path } = server;
    const { name, put } = await own(server);
    await put('finalize', {
      metadata: { labels: { b: '2' } },
      spec: { finalizers: ['kubernetes', 'example.com/a'] },
      status: { phase: 'Terminating' },
    });
    await put('finalize', { spec: { finalizers: [] } });
    await send('PUT', path('namespaces', name, 'finalize'), { metadata: { name: 'other' } });
    await send('PUT', path('namespaces', name, 'finalize'), { metadata: {} });
  });

  behaviour('is applied without anybody managing its label', async (server) => {
    const { path, send } = server;
    const { name, patch } = await own(server);
    const manifest = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { d: '4' } } };
    server.note('managedFields', [
      managedIn(await send('PATCH', `${path('namespaces', name)}?fieldManager=me`, manifest, apply)),
    ]);
    await patch(undefined, { metadata: { labels: { d: null } } });
  });

  behaviour('has conditions, each with its managers', async (server) => {
    const { patch } = await own(server);
    await patch('status', { status: { conditions: [{ type: 'X', status: 'True' }] } });
  });
});
