import { describe, expect } from 'vitest';
import { privateClusterTest, test } from '../control-plane/cluster-test.ts';
import type { KubernetesList } from '../control-plane/rest.ts';
import type { TestCluster } from '../control-plane/test-cluster.ts';
import { runCommand } from '../support/run-command.ts';

const bootstrap = (cluster: TestCluster, args: readonly string[]) =>
  runCommand('bootstrap-token', args, { env: cluster.env });

const tokenSecrets = async ({ admin }: TestCluster, namespace: string) =>
  (await admin.get<KubernetesList>(`/api/v1/namespaces/${namespace}/secrets`)).items;

// ES256, no ca.crt in Secrets, and a log of all that crosses the wire about Secrets
const es256 = privateClusterTest({
  signingKey: 'ES256',
  rootCa: false,
  auditRules: [{ level: 'RequestResponse', resources: [{ group: '', resources: ['secrets'] }] }],
});

describe('bootstrap-token with --insecure-skip-tls-verify', () => {
  test('proves the token over TLS that the ca.crt of its Secret verifies, and warns even with -q', async ({
    cluster,
    namespace,
  }) => {
    const { code, stdout, stderr } = await bootstrap(cluster, [
      '-n',
      namespace,
      '--insecure-skip-tls-verify',
      '-q',
      '-o',
      'json',
    ]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^warning: TLS of https:.* is not verified/mu);
    const document = JSON.parse(stdout) as { certificateAuthorityData: string };
    expect(document).toMatchObject({ verified: true, cluster: { insecureSkipTlsVerify: true } });
    expect(Buffer.from(document.certificateAuthorityData, 'base64').toString()).toContain('BEGIN CERTIFICATE');
  });

  test('does not send the token to a server that its ca.crt does not vouch for (6)', async ({ cluster, namespace }) => {
    const run = await bootstrap(cluster, [
      '-n',
      namespace,
      '--insecure-skip-tls-verify',
      '--tls-server-name',
      'other.example',
    ]);
    expect(run).toMatchObject({ code: 6, stdout: '' });
    expect(run.stderr).toContain('so that it was not sent');
    expect(await tokenSecrets(cluster, namespace)).toEqual([]);
    const unproven = await bootstrap(cluster, [
      '-n',
      namespace,
      '--insecure-skip-tls-verify',
      '--tls-server-name',
      'other.example',
      '--no-verify',
      '-o',
      'json',
    ]);
    expect(unproven.code).toBe(0);
    expect(JSON.parse(unproven.stdout)).toMatchObject({ verified: false, verifiedBy: null });
    expect(unproven.stderr).toContain('The token was not proven (--no-verify)');
  });
});

describe('bootstrap-token on a cluster that signs with ECDSA and has no ca.crt', () => {
  es256('makes a proven token', async ({ cluster, namespace }) => {
    const { code, stdout } = await bootstrap(cluster, ['-n', namespace]);
    expect(code).toBe(0);
    const inspected = await runCommand('inspect-token', ['-', '-o', 'json'], { stdin: stdout });
    expect(JSON.parse(inspected.stdout)).toMatchObject({ algorithm: 'ES256', tokenKind: 'legacy' });
  });

  es256(
    'has nothing to prove it with where TLS is not verified (6), and leaves nothing',
    async ({ cluster, namespace }) => {
      const run = await bootstrap(cluster, ['-n', namespace, '--insecure-skip-tls-verify']);
      expect(run).toMatchObject({ code: 6, stdout: '' });
      expect(run.stderr).toContain('has no ca.crt to verify');
      expect(await tokenSecrets(cluster, namespace)).toEqual([]);
    },
  );

  es256(
    'lets no token of another Secret cross the wire, though it lists and counts them',
    async ({ cluster, controlPlane, namespace }) => {
      expect(await bootstrap(cluster, ['-n', namespace])).toMatchObject({ code: 0 });
      const [earlier] = await tokenSecrets(cluster, namespace);
      const before = (await controlPlane.auditEvents()).length;
      const { stderr } = await bootstrap(cluster, ['-n', namespace]);
      expect(stderr).toContain('has 2 tokens');
      const events = (await controlPlane.auditEvents())
        .slice(before)
        .filter(({ stage }) => stage === 'ResponseComplete');
      const token = earlier?.data?.['token'] ?? 'none';
      expect(token.length).toBeGreaterThan(100);
      expect(events.filter(({ verb }) => verb === 'list').length).toBeGreaterThan(0);
      expect(JSON.stringify(events)).not.toContain(token);
    },
  );
});
