import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type CertificateAndKey, restoreAuthority } from '../../lib/sandbox/certificates/authority.ts';
import { until } from '../support/until.ts';
import { certificateUser, writeKubeconfig } from './kubeconfig-file.ts';
import type { Rest } from './rest.ts';
import type { ClusterDescription } from './start.ts';

export interface TestUserOptions {
  /** If unset, a name nobody else has. A ServiceAccount's, where no client certificate can be signed. */
  user?: string;
  /** Where `rules` hold, and the namespace of the kubeconfig's context. */
  namespace: string;
  rules?: readonly PolicyRule[];
  /** Rights in the whole cluster. */
  clusterRules?: readonly PolicyRule[];
  /** A ServiceAccount of `namespace` with a bound token instead of a client certificate. */
  as?: 'certificate' | 'serviceAccount';
}

interface PolicyRule {
  /** The core group if unset. */
  readonly apiGroups?: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

export interface TestUser {
  /** Path of the kubeconfig. */
  readonly kubeconfig: string;
  readonly env: Readonly<Record<string, string>>;
  /** The name that the API server knows the user by. */
  readonly username: string;
}

interface Surroundings {
  readonly description: ClusterDescription;
  readonly admin: Rest;
  readonly directory: string;
  /** Takes the paths of what has to be deleted. */
  readonly made: string[];
}

const rbac = '/apis/rbac.authorization.k8s.io/v1';

export async function createTestUser(around: Surroundings, options: TestUserOptions): Promise<TestUser> {
  const { admin, description, directory } = around;
  const { namespace, rules = [], clusterRules = [] } = options;
  const suffix = randomBytes(5).toString('hex');
  const name = options.user ?? `jane-${suffix}`;
  const { authority } = description;
  const { username, user } =
    authority === undefined || options.as === 'serviceAccount'
      ? await serviceAccountUser(admin, namespace, name)
      : clientCertificateUser(authority, name);
  if (rules.length > 0)
    await bind(admin, { scope: `${rbac}/namespaces/${namespace}/`, kind: 'Role' }, name, username, rules);
  if (clusterRules.length > 0) {
    const unique = `test-user-${suffix}`;
    around.made.push(`${rbac}/clusterroles/${unique}`, `${rbac}/clusterrolebindings/${unique}`);
    await bind(admin, { scope: `${rbac}/`, kind: 'ClusterRole' }, unique, username, clusterRules);
  }
  await Promise.all([
    ...rules.map((rule) => untilInEffect(admin, username, rule, namespace)),
    ...clusterRules.map((rule) => untilInEffect(admin, username, rule, undefined)),
  ]);
  const kubeconfig = join(directory, `${name}-${suffix}.kubeconfig`);
  const { server, caPem } = description;
  await writeKubeconfig(kubeconfig, { name: 'control-plane', server, caPem, userName: name, user, namespace });
  return { kubeconfig, env: { KUBECONFIG: kubeconfig }, username };
}

function clientCertificateUser(authority: CertificateAndKey, name: string) {
  const certificate = restoreAuthority(authority, { now: Date.now }).issue({ commonName: name, usage: 'client' });
  return { username: name, user: certificateUser(certificate) };
}

async function serviceAccountUser(admin: Rest, namespace: string, name: string) {
  const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  await admin.post(accounts, { metadata: { name } });
  const request = { spec: { expirationSeconds: 3600 } };
  const { status } = await admin.post<{ status: { token: string } }>(`${accounts}/${name}/token`, request);
  return { username: `system:serviceaccount:${namespace}:${name}`, user: { token: status.token } };
}

async function bind(
  admin: Rest,
  { scope, kind }: { scope: string; kind: 'Role' | 'ClusterRole' },
  name: string,
  username: string,
  rules: readonly PolicyRule[],
): Promise<void> {
  const roles = `${scope}${kind.toLowerCase()}s`;
  const apiGroup = 'rbac.authorization.k8s.io';
  await admin.post(roles, { metadata: { name }, rules: rules.map((rule) => ({ apiGroups: [''], ...rule })) });
  await admin.post(roles.replace(/s$/, 'bindings'), {
    metadata: { name },
    roleRef: { apiGroup, kind, name },
    subjects: [{ apiGroup, kind: 'User', name: username }],
  });
}

/** The API server authorizes from a cache that follows the bindings by some milliseconds. */
async function untilInEffect(admin: Rest, user: string, rule: PolicyRule, namespace: string | undefined) {
  for (const group of rule.apiGroups ?? ['']) {
    for (const resourceAndSubresource of rule.resources) {
      const [resource, subresource] = resourceAndSubresource.split('/');
      for (const verb of rule.verbs) {
        const resourceAttributes = { group, resource, subresource, verb, namespace, name: rule.resourceNames?.[0] };
        await untilAllowed(admin, { user, resourceAttributes });
      }
    }
  }
}

async function untilAllowed(admin: Rest, spec: unknown): Promise<void> {
  await until(`the right ${JSON.stringify(spec)}`, async () => {
    const path = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
    const { status } = await admin.post<{ status: { allowed: boolean } }>(path, { spec });
    return status.allowed ? status : undefined;
  });
}
