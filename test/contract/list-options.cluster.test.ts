import { describe, expect } from 'vitest';
import type { KubernetesObject } from '../control-plane/rest.ts';
import { behaviour } from './behaviour.ts';
import type { Server } from './server.ts';

interface List {
  readonly metadata: { readonly continue?: string; readonly resourceVersion: string };
  readonly items: readonly KubernetesObject[];
}

const four = async ({ create, path }: Server) => {
  for (const name of ['a', 'b', 'c', 'd']) await create(path('secrets'), { metadata: { name } });
};
const query = (parameters: Record<string, string>) => new URLSearchParams(parameters).toString();

describe('options of a list', () => {
  behaviour('are numbers where they have to be', async ({ send, path }) => {
    for (const name of ['limit', 'timeoutSeconds']) {
      for (const value of [
        'x',
        '',
        '1x',
        '1.5',
        '0x10',
        '1_000',
        '99999999999999999999',
        '-9223372036854775809',
        '"',
      ]) {
        const { status } = await send('GET', `${path('secrets')}?${query({ [name]: value })}`);
        expect(status).toBe(400);
      }
      for (const value of ['+1', '-1', '007', '9223372036854775807']) {
        await send('GET', `${path('secrets')}?${query({ [name]: value })}`);
      }
    }
  });

  behaviour('are true unless they are false', async (server) => {
    await four(server);
    for (const value of ['', '0', 'false', 'FALSE', 'False']) {
      const { body } = await server.send<List>(
        'GET',
        `${server.path('secrets')}?${value === '' ? '' : `watch=${value}`}`,
      );
      expect(body.items).toHaveLength(4);
    }
    for (const value of ['', '=', '=x', '=abc', '=2', '=no']) {
      const watch = await server.watch(`${server.path('configmaps')}?watch${value}&timeoutSeconds=1`);
      await watch.rest();
    }
  });

  behaviour('count once, the first time', async (server) => {
    await four(server);
    const { send, path } = server;
    for (const asked of ['limit=1&limit=x', 'limit=x&limit=1', 'limit=1&limit=3']) {
      await send('GET', `${path('secrets')}?${asked}`);
    }
  });

  behaviour('that cannot be read at all are none', async (server) => {
    await four(server);
    const { send, path } = server;
    for (const asked of [
      'limit=1;x=y',
      '%zz=1&limit=1',
      'limit=%zz',
      '&&',
      '=1',
      'nonsense=1',
      'limit=1&x=%',
      '?limit=x',
    ]) {
      expect((await send('GET', `${path('secrets')}?${asked}`)).status).toBe(200);
    }
  });

  behaviour('are not said to go together where they do not', async (server) => {
    await four(server);
    const { hide, peek, send, path } = server;
    const { body } = await peek<List>('GET', `${path('secrets')}?limit=2`);
    const next = body.metadata.continue ?? '';
    hide(encodeURIComponent(next), '<continue>');
    for (const asked of [
      { continue: next, resourceVersion: '1' },
      { continue: next, resourceVersion: body.metadata.resourceVersion },
      { continue: next, resourceVersion: '1', resourceVersionMatch: 'Exact' },
      { continue: next, resourceVersionMatch: 'NotOlderThan' },
      { continue: next, resourceVersionMatch: 'Nonsense', sendInitialEvents: 'true' },
      { resourceVersion: '0', resourceVersionMatch: 'Exact', sendInitialEvents: 'x' },
      { resourceVersionMatch: 'Nonsense' },
      { resourceVersion: 'x', resourceVersionMatch: 'Exact' },
      { resourceVersion: '-1', limit: '1' },
      { resourceVersion: '99999999999999999999' },
      { sendInitialEvents: 'false' },
    ]) {
      expect((await send('GET', `${path('secrets')}?${query(asked)}`)).status).toBeGreaterThanOrEqual(400);
    }
    await send('GET', `${path('secrets')}?${query({ continue: next, resourceVersion: '0' })}`);
    await send('GET', `${path('secrets')}?${query({ continue: next, limit: '1' })}`);
  });

  behaviour('that allow any time get all of it', async (server) => {
    await four(server);
    const { create, peek, send, path } = server;
    const { metadata } = await create(path('secrets'), { metadata: { name: 'e' } });
    await peek('GET', `${path('secrets')}?resourceVersion=${metadata.resourceVersion}`);
    for (const asked of ['limit=1&resourceVersion=0', 'limit=2&resourceVersion=0&resourceVersionMatch=NotOlderThan']) {
      const { body } = await send<List>('GET', `${path('secrets')}?${asked}`);
      expect(body.items).toHaveLength(5);
      expect(body.metadata.continue).toBeUndefined();
    }
    const since = `resourceVersion=${metadata.resourceVersion}`;
    for (const asked of [`limit=2&${since}`, `limit=2&${since}&resourceVersionMatch=NotOlderThan`]) {
      const { body } = await send<List>('GET', `${path('secrets')}?${asked}`);
      expect(body.items).toHaveLength(2);
    }
  });

  behaviour('are none of one object: that is not watched', async ({ send, path }) => {
    const at = path('configmaps', 'kube-root-ca.crt');
    for (const asked of [
      'watch=true',
      'watch=true&resourceVersion=0',
      'limit=x',
      'labelSelector==',
      'timeoutSeconds=x',
      'pretty=x',
    ]) {
      expect((await send('GET', `${at}?${asked}`)).status).toBe(200);
    }
    await send('GET', `${path('configmaps', 'missing')}?watch=true`);
    for (const value of ['true', 'false', '0', 'x', '']) await send('GET', `${at}?export=${value}`);
  });
});

describe('a label selector', () => {
  behaviour('is read as a whole, or not at all', async ({ send, path }) => {
    for (const selector of [
      'a===b',
      'a in (b',
      'a in (b,',
      'a in (',
      'a in b',
      'a in',
      'a in (b c)',
      'a in (b) c',
      'a in (b,!c)',
      'a in (!b)',
      'a in ((b))',
      'a>x',
      'a<',
      'a>1.5',
      'a>99999999999999999999',
      'a>-x-',
      'a=b=c',
      'a=,=b',
      'a=!b',
      'a!',
      '!',
      '!!a',
      '!a=b',
      'a,',
      ',',
      ',a',
      'a,,b',
      '(a)',
      ')',
      'a b c',
      'a/b/c',
      '/a',
      'a/',
      'é=1',
      'a=é',
      'a="b"',
      `a=${'x'.repeat(64)}`,
      `${'x'.repeat(64)}=a`,
      'a in (b,-c,d)',
      'a notin (-)',
      'in',
      'notin in (in)',
      'a\u00A0=b',
    ]) {
      await send('GET', `${path('secrets')}?${query({ labelSelector: selector })}`);
    }
  });

  behaviour('finds what it means', async ({ create, peek, note, path }) => {
    const labels = [{}, { a: '' }, { a: 'b' }, { a: '5' }, { a: '10' }, { a: 'in', in: 'a' }, { b: '1' }];
    for (const [index, each] of labels.entries())
      await create(path('secrets'), { metadata: { name: `x${index}`, labels: each } });
    for (const selector of [
      'a=',
      'a==',
      'a!=',
      'a',
      '!a',
      'a in ()',
      'a in (,b)',
      'a in (b,)',
      'a in (b,,5)',
      'a notin ()',
      'a notin (b,5)',
      'a>7',
      'a<7',
      'a>+7',
      'a>-7',
      'a in (in)',
      'a=in,in=a',
      'a=notin',
      'in in (a)',
      'a!=b,a',
      ' a\t=\nb ',
      '   ',
    ]) {
      const { body, status } = await peek<List>('GET', `${path('secrets')}?${query({ labelSelector: selector })}`);
      note(JSON.stringify(selector), [status, body.items?.map(({ metadata }) => metadata.name)]);
    }
  });
});

describe('a field selector', () => {
  behaviour('is read as a whole, or not at all', async ({ send, path }) => {
    for (const selector of [
      'x',
      'metadata.name',
      '=',
      '=x',
      '!=x',
      'metadata.name=a=b',
      'metadata.name===a',
      'metadata.name in (a)',
      'metadata.name>a',
      'metadata.name=a,',
      ',,',
      'metadata.name=a,x',
      'b=1,a=1',
      String.raw`metadata.name=a\b`,
      String.raw`metadata.name=a\,b`,
      'metadata.name=a\\',
      'metadata.name=a!=b',
      ' metadata.name=a',
      'metadata."x"=a',
      'type=a\tb',
      'metadata.name=a, type=b',
    ]) {
      await send('GET', `${path('secrets')}?${query({ fieldSelector: selector })}`);
    }
    for (const resource of ['configmaps', 'pods', 'events', 'namespaces', 'clusterroles']) {
      for (const selector of [
        'spec.nonsense=x',
        'metadata.labels=x',
        'status=x',
        'reason=x',
        'spec.nodeName=x',
        'status.phase=x',
      ]) {
        await send('GET', `${path(resource)}?${query({ fieldSelector: selector, labelSelector: 'none=none' })}`);
      }
    }
  });

  behaviour('and a label selector that are both wrong: the labels are told of', async ({ send, path }) => {
    await send('GET', `${path('secrets')}?${query({ fieldSelector: 'x', labelSelector: '=' })}`);
    await send('GET', `${path('secrets')}?${query({ fieldSelector: 'x', limit: 'x' })}`);
    await send('GET', `${path('secrets')}?${query({ fieldSelector: 'data.a=b', resourceVersionMatch: 'Exact' })}`);
  });

  behaviour('for a name is authorized as that name', async (server) => {
    const as = await server.account('bot', {
      rules: [{ resources: ['secrets'], resourceNames: ['x'], verbs: ['list', 'watch'] }],
    });
    for (const selector of [
      'metadata.name=x',
      'metadata.name==x',
      'metadata.name=x,type=Opaque',
      'type=Opaque,metadata.name=x',
      'metadata.name=y',
      'metadata.name!=x',
      'metadata.name=..',
      'type=a,metadata.name=x\\',
      '',
    ]) {
      await server.send('GET', `${server.path('secrets')}?${query({ fieldSelector: selector })}`, undefined, { as });
    }
    await server.send(
      'GET',
      `${server.path('secrets')}?${query({ fieldSelector: 'metadata.name=x', limit: 'x' })}`,
      undefined,
      { as },
    );
  });
});
