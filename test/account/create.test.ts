import { expect, test } from 'vitest';
import { createNamespace } from '../../lib/account/namespace.ts';
import { createServiceAccount } from '../../lib/account/service-account.ts';
import { ensureServiceAccount } from '../../lib/account/ensure.ts';
import { UnreachableError } from '../../lib/model/errors.ts';
import type { ObjectRef } from '../../lib/model/made-object.ts';
import { testConnection } from '../support/connect.ts';
import { failure, json, type ScriptedStep, startScriptedServer } from '../support/scripted-server.ts';

const account = { namespace: 'ci', name: 'ci-bot' };
const owned = (run: string) => ({
  labels: { 'app.kubernetes.io/managed-by': 'kube-sa-token' },
  annotations: { 'kube-sa-token/run': run },
});
const serviceAccount = (run: string) =>
  json(200, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { ...account, uid: 'uid-1', ...owned(run) } });
const namespace = (run: string) =>
  json(200, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ci', uid: 'uid-2', ...owned(run) } });
const missing = failure(404, 'NotFound', 'not found');
const reset: ScriptedStep = ({ reset: rst }) => rst();
const options = { run: 'run-1', signal: new AbortController().signal };

async function connectTo(script: readonly ScriptedStep[]) {
  const server = await startScriptedServer(script);
  return { server, connection: (await testConnection(server.url)).connection };
}

test('createServiceAccount() resolves an unanswered create by reading the name', async () => {
  const { connection, server } = await connectTo([reset, serviceAccount('run-1')]);
  expect(await createServiceAccount(connection, account, options)).toMatchObject({ uid: 'uid-1', created: true });
  expect(server.requests.map(({ method }) => method)).toEqual(['POST', 'GET']);
});

test('createServiceAccount() does not take one of another run for its own', async () => {
  const { connection } = await connectTo([reset, serviceAccount('run-2')]);
  expect(await createServiceAccount(connection, account, options)).toBeUndefined();
});

test('createNamespace() resolves an unanswered create, and knows one that exists', async () => {
  const unanswered = await connectTo([reset, namespace('run-1')]);
  expect(await createNamespace(unanswered.connection, 'ci', options)).toBe(true);
  const existing = await connectTo([failure(409, 'AlreadyExists', 'exists'), namespace('run-2')]);
  expect(await createNamespace(existing.connection, 'ci', options)).toBe(false);
});

test('ensureServiceAccount() keeps what an unanswered create may have made among what stays, and nothing refused', async () => {
  const stays: ObjectRef[] = [];
  const ensure = async (script: readonly ScriptedStep[]) => {
    const { connection } = await connectTo(script);
    return ensureServiceAccount(connection, account, 'missing', {
      ...options,
      createNamespace: false,
      createServiceAccount: true,
      waitTimeoutMs: 1000,
      onMaking(object) {
        stays.push(object);
        return () => stays.splice(stays.indexOf(object), 1);
      },
    });
  };
  await expect(ensure([namespace('other'), failure(403, 'Forbidden', 'no')])).rejects.toThrow('no');
  expect(stays).toEqual([]);
  await expect(ensure([namespace('other'), reset, missing, missing, missing])).rejects.toThrow(UnreachableError);
  expect(stays).toEqual([{ kind: 'ServiceAccount', ...account }]);
});
