import { test as base } from 'vitest';
import { type Sandbox, startSandbox } from '../../lib/sandbox/index.ts';
import { type Rest, restClient } from '../control-plane/rest.ts';
import { until } from './until.ts';

interface Fixtures {
  /** One for the file. */
  readonly sandbox: Sandbox;
  /** Of its administrator. */
  readonly admin: Rest;
  /** A namespace that no other test has. */
  readonly namespace: string;
}

/** A test with a sandbox. */
export const sandboxTest = base.extend<Fixtures>({
  sandbox: [
    async ({}, use) => {
      await using sandbox = await startSandbox();
      await use(sandbox);
    },
    { scope: 'file' },
  ],
  admin: [
    async ({ sandbox }, use) => {
      const admin = restClient({ ...sandbox, ...sandbox.adminCertificate });
      await use(admin);
      admin.close();
    },
    { scope: 'file' },
  ],
  namespace: async ({ admin, task }, use) => {
    const name = `t-${task.id.replaceAll(/[^a-z0-9]+/giu, '-').toLowerCase()}`.slice(0, 60);
    await admin.post('/api/v1/namespaces', { metadata: { name } });
    await until('its ServiceAccount', () => admin.find(`/api/v1/namespaces/${name}/serviceaccounts/default`));
    await use(name);
  },
});
