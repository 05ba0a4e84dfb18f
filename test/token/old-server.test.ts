import { expect, test } from 'vitest';
import { oldServerWarning } from '../../lib/token/old-server.ts';
import { testConnection } from '../support/connect.ts';
import { failure, json, startScriptedServer } from '../support/scripted-server.ts';

test.each([
  ['v1.23.17', 'the API server is v1.23.17: kube-sa-token is made for v1.24 and later'],
  ['v1.24.0', undefined],
  ['v1.37.2-eks-1', undefined],
  ['v2.0.0', undefined],
  ['unknown', undefined],
])('oldServerWarning() of %s', async (gitVersion, warning) => {
  const server = await startScriptedServer([json(200, { gitVersion })]);
  const { connection } = await testConnection(server.url);
  expect(await oldServerWarning(connection, new AbortController().signal)).toBe(warning);
});

test('oldServerWarning() is no reason to fail', async () => {
  const server = await startScriptedServer([failure(403, 'Forbidden', 'no')]);
  const { connection } = await testConnection(server.url);
  expect(await oldServerWarning(connection, new AbortController().signal)).toBeUndefined();
});
