import { expect, test } from 'vitest';
import { DeniedError, RefusedError, UnreachableError } from '../../lib/model/errors.ts';
import { createTokenSecret } from '../../lib/token/create.ts';
import { tokenSecretManifest } from '../../lib/token/secret.ts';
import { testConnection } from '../support/connect.ts';
import { failure, json, type ScriptedStep, startScriptedServer } from '../support/scripted-server.ts';

const manifest = tokenSecretManifest({ namespace: 'ci', name: 'ci-bot' }, 'ci-bot-token-x', 'run-1');
const reset: ScriptedStep = ({ reset: rst }) => rst();
const missing = failure(404, 'NotFound', 'secrets "ci-bot-token-x" not found');
const existing = (run: string) =>
  json(200, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 'ci-bot-token-x',
      namespace: 'ci',
      uid: 'uid-2',
      labels: { 'app.kubernetes.io/managed-by': 'kube-sa-token' },
      annotations: { 'kube-sa-token/run': run },
    },
  });

async function create(script: readonly ScriptedStep[]) {
  const server = await startScriptedServer(script);
  const { connection } = await testConnection(server.url);
  return { server, result: createTokenSecret(connection, manifest, new AbortController().signal) };
}

const calls = (server: { requests: readonly { method: string; path: string }[] }) =>
  server.requests.map(({ method }) => method);

test('createTokenSecret() resolves an unanswered create by reading the name, never by creating again', async () => {
  const { server, result } = await create([reset, missing, existing('run-1')]);
  expect((await result).metadata?.uid).toBe('uid-2');
  expect(calls(server)).toEqual(['POST', 'GET', 'GET']);
});

test('createTokenSecret() looks for the Secret where the answer to the create makes no sense', async () => {
  const page = 'HTTP/1.1 201 Created\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>';
  const { server, result } = await create([page, existing('run-1')]);
  expect((await result).metadata?.uid).toBe('uid-2');
  expect(calls(server)).toEqual(['POST', 'GET']);
});

test('createTokenSecret() gives up where an unanswered create has left nothing', async () => {
  const { server, result } = await create([reset, missing, missing, missing]);
  await expect(result).rejects.toThrow(UnreachableError);
  expect(calls(server)).toEqual(['POST', 'GET', 'GET', 'GET']);
});

test('createTokenSecret() does not take a Secret of that name that another run made', async () => {
  const { result } = await create([
    failure(409, 'AlreadyExists', 'secrets "ci-bot-token-x" already exists'),
    existing('run-2'),
  ]);
  await expect(result).rejects.toThrow(RefusedError);
});

test('createTokenSecret() is sent again after a 429, which was surely not executed', async () => {
  const { server, result } = await create([
    failure(429, 'TooManyRequests', 'later', { details: { retryAfterSeconds: 0 } }),
    existing('run-1'),
  ]);
  await result;
  expect(calls(server)).toEqual(['POST', 'POST']);
});

test('createTokenSecret() says what the server said of a quota', async () => {
  const words =
    'secrets "ci-bot-token-x" is forbidden: exceeded quota: none, requested: secrets=1, used: secrets=0, limited: secrets=0';
  const { result } = await create([failure(403, 'Forbidden', words)]);
  await expect(result).rejects.toThrow(DeniedError);
  await expect(result).rejects.toThrow('exceeded quota: none');
});
