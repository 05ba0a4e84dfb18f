import { request } from 'node:https';
import { expect, onTestFinished, test } from 'vitest';
import type { FaultName } from '../../../lib/sandbox/faults/names.ts';
import { type Sandbox, startSandbox } from '../../../lib/sandbox/index.ts';
import { restClient } from '../../control-plane/rest.ts';
import { until } from '../../support/until.ts';

// Faults that a program may live through without a word: what they do has to be looked at.

async function start(fault: FaultName): Promise<Sandbox> {
  const sandbox = await startSandbox({ faults: [fault] });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/** A GET as the pieces in which the answer came. */
function piecesOf({ adminCertificate: { certPem, keyPem }, caPem, server }: Sandbox, path: string): Promise<Buffer[]> {
  return new Promise((resolve, reject) => {
    const options = { ca: caPem, cert: certPem, key: keyPem, agent: false } as const;
    const sent = request(`${server}${path}`, options, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('end', () => resolve(pieces));
      response.on('error', reject);
    });
    sent.on('error', reject).end();
  });
}

test('split-chunks cuts an answer into pieces of seven bytes, which make the whole', async () => {
  const pieces = await piecesOf(await start('split-chunks'), '/api/v1/namespaces/default');
  expect(JSON.parse(Buffer.concat(pieces).toString())).toMatchObject({ kind: 'Namespace' });
  expect(pieces.length).toBeGreaterThan(20);
  expect(pieces.filter(({ length }) => length > 7)).toEqual([]);
});

test('no-ca has a Secret filled with a token and its namespace, and with no ca.crt', async () => {
  const sandbox = await start('no-ca');
  const admin = restClient({ ...sandbox, ...sandbox.adminCertificate });
  onTestFinished(() => admin.close());
  const annotations = { 'kubernetes.io/service-account.name': 'default' };
  const type = 'kubernetes.io/service-account-token';
  await admin.post('/api/v1/namespaces/default/secrets', { metadata: { name: 'a', annotations }, type });
  const data = await until('its token', async () => {
    const secret = await admin.get('/api/v1/namespaces/default/secrets/a');
    return secret.data?.['token'] === undefined ? undefined : secret.data;
  });
  expect(Object.keys(data).toSorted()).toEqual(['namespace', 'token']);
});
