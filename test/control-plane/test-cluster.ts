import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atProcessEnd } from '../support/at-process-end.ts';
import { until } from '../support/until.ts';
import { restTargetOf } from './external-cluster.ts';
import { type Rest, restClient } from './rest.ts';
import type { ClusterDescription } from './start.ts';
import { createTestUser, type TestUser, type TestUserOptions } from './test-user.ts';

/** A cluster as a test sees it. What a test makes through it is removed when the test is over. */
export interface TestCluster extends ClusterDescription {
  /** The environment of a program that runs as the administrator. */
  readonly env: Readonly<Record<string, string>>;
  /** The administrator's own requests, apart from the code under test. */
  readonly admin: Rest;
  /**
   * A new namespace.
   *
   * @param serviceAccount Whether to wait for its ServiceAccount `default` (true).
   */
  createNamespace(options?: { serviceAccount?: boolean }): Promise<string>;
  /** A kubeconfig whose user has exactly these rights, in effect when it returns. */
  kubeconfigFor(options: TestUserOptions): Promise<TestUser>;
}

export async function openTestCluster(description: ClusterDescription) {
  const admin = restClient(await restTargetOf(description.kubeconfig));
  const directory = await mkdtemp(join(tmpdir(), 'kube-sa-token-test-'));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  const release = atProcessEnd(remove);
  /** Paths of objects to delete, last one first. */
  const made: string[] = [];
  const cluster: TestCluster = {
    ...description,
    env: { KUBECONFIG: description.kubeconfig },
    admin,
    async createNamespace({ serviceAccount = true } = {}) {
      const name = `test-${randomBytes(5).toString('hex')}`;
      await admin.post('/api/v1/namespaces', { metadata: { name } });
      made.push(`/api/v1/namespaces/${name}`);
      const path = `/api/v1/namespaces/${name}/serviceaccounts/default`;
      if (serviceAccount) await until(`ServiceAccount "default" of namespace "${name}"`, () => admin.find(path));
      return name;
    },
    kubeconfigFor: (options) => createTestUser({ description, admin, directory, made }, options),
  };
  const close = async () => {
    // the namespace controller takes its time; nobody waits for it
    for (const path of made.toReversed()) await admin.request('DELETE', path);
    admin.close();
    remove();
    release();
  };
  return { cluster, close };
}
