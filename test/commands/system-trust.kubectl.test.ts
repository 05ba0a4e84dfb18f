import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { test } from '../kubectl/kubectl-test.ts';
import { kubectlGet } from '../kubectl/request.ts';
import { simpleKubeconfig, writeKubeconfig } from '../support/kubeconfig.ts';
import { runCommand } from '../support/run-command.ts';
import { answer, otherAuthority, startScriptedServer, testAuthority } from '../support/scripted-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const { certPem } = testAuthority;
const broken = '-----BEGIN CERTIFICATE-----\nc2VjcmV0LWxvb2tpbmcgYnl0ZXM=\n-----END CERTIFICATE-----\n';

interface Case {
  /** By name, below a new directory. */
  readonly files: Readonly<Record<string, string>>;
  /** `@` is that directory. */
  readonly env: Readonly<Record<string, string>>;
  readonly trusted: boolean;
}

// The server's CA is a private one, and the kubeconfig names none.
describe.skipIf(process.platform !== 'linux')('a server whose CA the kubeconfig does not name', () => {
  test.for<[what: string, given: Case]>([
    ['SSL_CERT_FILE has it', { files: { ca: certPem }, env: { SSL_CERT_FILE: '@/ca' }, trusted: true }],
    [
      'SSL_CERT_FILE has it behind others, one of them broken',
      { files: { ca: `${otherAuthority.certPem}${broken}${certPem}` }, env: { SSL_CERT_FILE: '@/ca' }, trusted: true },
    ],
    ['SSL_CERT_DIR has it', { files: { 'certs/any.name': certPem }, env: { SSL_CERT_DIR: '@/certs' }, trusted: true }],
    [
      'the second directory of SSL_CERT_DIR has it',
      { files: { 'a/x': broken, 'b/y': certPem }, env: { SSL_CERT_DIR: '@/a:@/missing:@/b' }, trusted: true },
    ],
    ['another file has it', { files: { ca: certPem }, env: {}, trusted: false }],
    [
      'a directory within that of SSL_CERT_DIR has it',
      { files: { 'certs/deep/ca': certPem }, env: { SSL_CERT_DIR: '@/certs' }, trusted: false },
    ],
    [
      'SSL_CERT_FILE names a directory with it',
      { files: { 'certs/ca': certPem }, env: { SSL_CERT_FILE: '@/certs' }, trusted: false },
    ],
    ['SSL_CERT_FILE is broken', { files: { ca: broken }, env: { SSL_CERT_FILE: '@/ca' }, trusted: false }],
  ])('is trusted by kubectl and by us, or by neither: %s', async ([, { files, env, trusted }], { kubectl }) => {
    await using directory = await temporaryDirectory();
    for (const [name, text] of Object.entries(files)) {
      const path = join(directory.path, name);
      await mkdir(join(path, '..'), { recursive: true });
      await writeFile(path, text);
    }
    const { requests, url } = await startScriptedServer(Array.from({ length: 9 }, () => answer(200, '{}')));
    const spec = simpleKubeconfig('dev', { cluster: { server: url }, user: { token: 'janes-token' } });
    const surroundings = {
      KUBECONFIG: await writeKubeconfig(directory.path, spec),
      HOME: directory.path,
      ...Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value.replaceAll('@', directory.path)])),
    };
    const theirs = await kubectlGet(kubectl, '/probe', { env: surroundings });
    const ours = await runCommand('call-api', ['/probe'], { env: surroundings });
    expect(requests.filter(({ path }) => path === '/probe')).toHaveLength(trusted ? 2 : 0);
    if (trusted) {
      expect(theirs).toBeUndefined();
      expect(ours).toMatchObject({ code: 0 });
    } else {
      expect(theirs).toContain('certificate');
      expect(ours).toMatchObject({ code: 3, stderr: expect.stringContaining('Cannot trust') });
    }
  });
});
