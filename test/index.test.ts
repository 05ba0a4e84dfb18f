import { expect, test } from 'vitest';
import { bootstrap, type BootstrapOptions, UsageError } from '../lib/index.ts';
import { testConnection } from './support/connect.ts';
import { startScriptedServer } from './support/scripted-server.ts';

test.each([
  [{ secretNamePrefix: 'a_b' }, 'Cannot use secretNamePrefix "a_b"'],
  [{ secretNamePrefix: 'a', reuse: true }, 'Cannot use secretNamePrefix: it does not go together with reuse'],
  [{ waitTimeoutMs: -1 }, 'Cannot use waitTimeoutMs'],
  [{ waitTimeoutMs: Number.NaN }, 'Cannot use waitTimeoutMs'],
  [{ roleScope: 'cluster' }, 'Cannot use roleScope'],
  [{ roleScope: 'all', roles: ['view'] }, 'Cannot use roleScope'],
  [{ rotateAfter: 'tomorrow' }, 'Cannot use rotateAfter'],
  [{ rotateAfter: '2027-01-01' }, 'Cannot use rotateAfter'],
  [{ rotateAfter: '2027-13-01T00:00:00Z' }, 'Cannot use rotateAfter'],
  [{ rotateAfter: new Date(Number.NaN) }, 'Cannot use rotateAfter'],
])('bootstrap() sends nothing for options that make no sense: %j', async (options, why) => {
  const server = await startScriptedServer([]);
  const { connection } = await testConnection(server.url);
  const refused = await bootstrap(connection, { serviceAccount: 'ci-bot', ...options } as BootstrapOptions).catch(
    (thrown: unknown) => thrown,
  );
  expect(refused).toBeInstanceOf(UsageError);
  expect((refused as Error).message).toContain(why);
  expect(server.requests).toEqual([]);
});

test.each([
  [{}, 'Cannot use ServiceAccount: its name is missing'],
  [{ serviceAccount: 7 }, 'Cannot use ServiceAccount: its name is not a text'],
  [{ serviceAccount: '..' }, 'Cannot use ServiceAccount "..": a name has lower-case letters'],
  [{ serviceAccount: 'Ci-Bot' }, 'Cannot use ServiceAccount "Ci-Bot"'],
  [{ serviceAccount: 'a'.repeat(254) }, 'Cannot use ServiceAccount of 254 characters'],
  [{ serviceAccount: 'ci-bot', namespace: '..' }, 'Cannot use namespace ".."'],
  [{ serviceAccount: 'ci-bot', namespace: 'a.b' }, 'Cannot use namespace "a.b"'],
  [{ serviceAccount: 'ci-bot', roles: ['../secrets'] }, 'Cannot use ClusterRole "../secrets"'],
  [{ serviceAccount: 'ci-bot', allow: ['get po'] }, 'Cannot allow "po"'],
])('bootstrap() sends nothing for %j, whose names the command refuses too', async (options, why) => {
  const server = await startScriptedServer([]);
  const { connection } = await testConnection(server.url);
  const refused = await bootstrap(connection, options as BootstrapOptions).catch((thrown: unknown) => thrown);
  expect(refused).toBeInstanceOf(UsageError);
  expect((refused as Error).message).toContain(why);
  expect(server.requests).toEqual([]);
});
