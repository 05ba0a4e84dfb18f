import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { loadKubeconfig } from '../../lib/kubeconfig/load.ts';
import { resolveClusterAccess } from '../../lib/kubeconfig/resolve.ts';
import { KubeSaTokenError } from '../../lib/model/errors.ts';
import { test } from '../kubectl/kubectl-test.ts';
import { kubectlView } from '../kubectl/view.ts';
import { simpleKubeconfig, writeKubeconfig } from '../support/kubeconfig.ts';
import type { KubeconfigSpec } from '../support/kubeconfig.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const dev = (fields?: Parameters<typeof simpleKubeconfig>[1]) => simpleKubeconfig('dev', fields);

describe('kubectl', () => {
  test('reads files from the directory of the kubeconfig that names them, too', async ({ kubectl }) => {
    await using directory = await temporaryDirectory();
    const [one, two] = [join(directory.path, 'one'), join(directory.path, 'two')];
    for (const place of [one, two]) {
      await mkdir(join(place, 'pki'), { recursive: true });
      await writeFile(join(place, 'pki', 'ca.crt'), `CA of ${place}`);
    }
    await writeFile(join(directory.path, 'u.crt'), 'certificate');
    await writeFile(join(two, 'u.key'), 'key');
    const files = [
      await writeKubeconfig(one, { clusters: { a: { 'certificate-authority': 'pki/ca.crt', server: 'https://h' } } }),
      await writeKubeconfig(two, {
        clusters: { b: { 'certificate-authority': './pki/ca.crt', server: 'https://h' } },
        users: { u: { 'client-certificate': '../u.crt', 'client-key': 'u.key' } },
        contexts: { a: { cluster: 'a', user: 'u' }, b: { cluster: 'b', user: 'u' } },
        currentContext: 'a',
      }),
    ];
    const view = await kubectlView(kubectl, files, { home: directory.path, flags: ['--flatten'] });
    const kubeconfig = await loadKubeconfig({ files, explicit: false, firstOnly: false });
    const [a, b] = ['a', 'b'].map((context) => resolveClusterAccess(kubeconfig, { context }));
    const inline = async (source: object | undefined) =>
      base64(await readFile((source as { file: string }).file, 'utf8'));
    expect(view).toMatchObject({
      clusters: [
        { name: 'a', cluster: { 'certificate-authority-data': await inline(a?.cluster.certificateAuthority) } },
        { name: 'b', cluster: { 'certificate-authority-data': await inline(b?.cluster.certificateAuthority) } },
      ],
      users: [
        {
          user: {
            'client-certificate-data': await inline(a?.user.clientCertificate),
            'client-key-data': await inline(a?.user.clientKey),
          },
        },
      ],
    });
  });

  test.for<[what: string, spec: KubeconfigSpec]>([
    ['a current-context that does not exist', { ...dev(), currentContext: 'gone' }],
    ['a context whose cluster does not exist', dev({ context: { cluster: 'gone' } })],
    ['a context whose user does not exist', dev({ context: { user: 'gone' } })],
    ['no current-context', { ...dev(), currentContext: '' }],
  ])('does not minify %s either', async ([, spec], { kubectl }) => {
    await using directory = await temporaryDirectory();
    const files = [await writeKubeconfig(directory.path, spec)];
    expect(await kubectlView(kubectl, files, { home: directory.path, flags: ['--minify'] })).toBeUndefined();
    const kubeconfig = await loadKubeconfig({ files, explicit: false, firstOnly: false });
    expect(() => resolveClusterAccess(kubeconfig, {})).toThrow(KubeSaTokenError);
  });
});
