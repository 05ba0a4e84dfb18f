import { describe, expect, test } from 'vitest';
import { listClusters, listContexts } from '../../lib/kubeconfig/list.ts';
import { mergeKubeconfigs } from '../../lib/kubeconfig/merge.ts';
import { parseKubeconfig } from '../../lib/kubeconfig/parse.ts';
import { renderKubeconfig } from '../support/kubeconfig.ts';
import type { KubeconfigSpec } from '../support/kubeconfig.ts';
import { largeKubeconfig } from '../support/large-kubeconfig.ts';

const read = (spec: KubeconfigSpec, file = '/config') => parseKubeconfig(renderKubeconfig(spec), file);

describe('listClusters()', () => {
  test('gives name, server, contexts, trust and file of each cluster, sorted by name', async () => {
    const kubeconfig = mergeKubeconfigs([
      await read(
        {
          clusters: {
            west: { server: 'https://west/' },
            east: { server: 'https://east', 'certificate-authority': 'ca' },
          },
          contexts: { c2: { cluster: 'east' }, c1: { cluster: 'east' } },
          currentContext: 'c1',
        },
        '/one',
      ),
      await read({ clusters: { north: { server: 'h:1' } }, contexts: { c3: { cluster: 'west' } } }, '/two'),
    ]);
    expect(listClusters(kubeconfig)).toEqual([
      {
        name: 'east',
        server: 'https://east',
        current: true,
        contexts: ['c1', 'c2'],
        trust: 'certificate-authority',
        file: '/one',
      },
      { name: 'north', server: 'http://h:1', current: false, contexts: [], trust: 'none', file: '/two' },
      { name: 'west', server: 'https://west', current: false, contexts: ['c3'], trust: 'system', file: '/one' },
    ]);
  });

  test.each([
    ['certificate-authority-data', { 'certificate-authority-data': 'QUJD' }],
    ['certificate-authority', { 'certificate-authority': 'ca.crt' }],
    ['system', {}],
    ['insecure-skip-tls-verify', { 'insecure-skip-tls-verify': true }],
    ['insecure-skip-tls-verify', { 'insecure-skip-tls-verify': true, 'certificate-authority': 'ca.crt' }],
    ['none', { server: 'http://h', 'certificate-authority-data': 'QUJD' }],
    ['none', { server: 'h' }],
  ])('says that trust is %s for %j', async (trust, fields) => {
    const [item] = listClusters(await read({ clusters: { c: { server: 'https://h', ...fields } } }));
    expect(item?.trust).toBe(trust);
  });

  test('lists broken entries as they are written, without the password of a URL', async () => {
    const clusters = { a: {}, b: { server: 'https://jane:s3cr3t@h' }, c: { server: 'ftp://h', 'proxy-url': '::' } };
    const servers = listClusters(await read({ clusters })).map(({ server }) => server);
    expect(servers).toEqual(['', 'https://***@h', 'ftp://h']);
  });

  test('has no current cluster if the current context does not exist', async () => {
    const kubeconfig = await read({ clusters: { c: {} }, currentContext: 'gone' });
    expect(listClusters(kubeconfig)).toMatchObject([{ current: false }]);
  });

  test('lists every cluster of a large kubeconfig', async () => {
    const items = listClusters(await parseKubeconfig(largeKubeconfig({ contexts: 300 }), '/config'));
    expect(items).toHaveLength(300);
    expect(items[299]).toEqual({
      name: 'cluster-00299',
      server: 'https://cluster-00299.example.invalid:6443',
      current: true,
      contexts: ['context-00299'],
      trust: 'certificate-authority-data',
      file: '/config',
    });
  });
});

describe('listContexts()', () => {
  test('gives each context, sorted by name, and what it names that is missing', async () => {
    const kubeconfig = await read({
      clusters: { east: {} },
      users: { jane: {} },
      contexts: {
        b: { cluster: 'gone', user: 'gone', namespace: 'ci' },
        a: { cluster: 'east', user: 'jane' },
        c: { cluster: 'east' },
      },
      currentContext: 'b',
    });
    const file = '/config';
    expect(listContexts(kubeconfig)).toEqual([
      { name: 'a', current: false, cluster: 'east', user: 'jane', namespace: '', missing: [], file },
      { name: 'b', current: true, cluster: 'gone', user: 'gone', namespace: 'ci', missing: ['cluster', 'user'], file },
      { name: 'c', current: false, cluster: 'east', user: '', namespace: '', missing: [], file },
    ]);
  });
});
