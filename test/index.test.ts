import { expect, test } from 'vitest';
import { bootstrap, type BootstrapOptions, UsageError } from '../lib/index.ts';
import { testConnection } from './support/connect.ts';
import { startScriptedServer } from './support/scripted-server.ts';

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
