import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { V1ConfigMap } from '@kubernetes/client-node';
import { expect } from 'vitest';
import { connect } from '../../lib/connection/connect.ts';
import { readSelfSubject } from '../../lib/connection/self-subject.ts';
import { watch } from '../../lib/connection/watch.ts';
import { loadKubeconfig } from '../../lib/kubeconfig/load.ts';
import { resolveClusterAccess } from '../../lib/kubeconfig/resolve.ts';
import { restoreAuthority } from '../../lib/sandbox/certificates/authority.ts';
import { needsOwnControlPlane, test } from '../control-plane/cluster-test.ts';
import { simpleKubeconfig, writeKubeconfig } from '../support/kubeconfig.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

test('a client certificate that is replaced in the middle of a watch: the watch goes on, and the next call goes out as the new one', async ({
  cluster,
  namespace,
  skip,
}) => {
  if (cluster.authority === undefined) return skip(needsOwnControlPlane);
  const { issue } = restoreAuthority(cluster.authority, { now: Date.now });
  await using directory = await temporaryDirectory();
  const place = async (commonName: string) => {
    const organizations = ['system:masters'];
    const { certPem, keyPem } = issue({ commonName, organizations, usage: 'client' });
    await Promise.all([
      writeFile(join(directory.path, 'jane.crt'), certPem),
      writeFile(join(directory.path, 'jane.key'), keyPem),
    ]);
  };
  await place('jane-before');
  const file = await writeKubeconfig(
    directory.path,
    simpleKubeconfig('dev', {
      cluster: {
        server: cluster.server,
        'certificate-authority-data': Buffer.from(cluster.caPem ?? '').toString('base64'),
      },
      user: { 'client-certificate': 'jane.crt', 'client-key': 'jane.key' },
    }),
  );
  const kubeconfig = await loadKubeconfig({ files: [file], explicit: true, firstOnly: false });
  const connection = await connect(resolveClusterAccess(kubeconfig, {}), {
    env: {},
    now: Date.now,
    random: Math.random,
  });
  const ended = new AbortController();
  try {
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    const fieldSelector = 'metadata.name=after';
    const { signal } = ended;
    const events = watch<V1ConfigMap>(connection, {
      path,
      query: { fieldSelector },
      doing: 'watch ConfigMaps',
      signal,
    });
    const first = events.next();
    expect(await readSelfSubject(connection, signal)).toMatchObject({ username: 'jane-before' });
    await place('jane-after');
    expect(await readSelfSubject(connection, signal)).toMatchObject({ username: 'jane-after' });
    await cluster.admin.post(path, { metadata: { name: 'after' } });
    expect(await first).toMatchObject({ value: { type: 'ADDED', object: { metadata: { name: 'after' } } } });
  } finally {
    ended.abort();
    connection.close();
  }
});
