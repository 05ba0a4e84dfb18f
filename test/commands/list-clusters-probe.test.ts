import { expect, test } from 'vitest';
import { runCommand } from '../support/run-command.ts';
import { writeKubeconfig } from '../support/kubeconfig.ts';
import {
  closedPort,
  json,
  type ScriptedStep,
  startScriptedServer,
  testAuthority,
  wrongCertificates,
} from '../support/scripted-server.ts';
import { execCredential, prints, writePlugin } from '../support/plugin.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const answers: ScriptedStep[] = [
  json(200, { gitVersion: 'v1.37.2' }),
  json(200, { gitVersion: 'v1.37.2' }),
  json(201, { kind: 'SelfSubjectReview', status: { userInfo: { username: 'jane' } } }),
];

/** `list-clusters --probe` on clusters by name, each with a context and a user of its own. */
async function probe(clusters: Readonly<Record<string, Readonly<Record<string, unknown>>>>, args: readonly string[]) {
  await using directory = await temporaryDirectory();
  const names = Object.keys(clusters);
  const path = await writeKubeconfig(directory.path, {
    clusters,
    users: { jane: { token: 'janes-token' } },
    contexts: Object.fromEntries(names.map((name) => [name, { cluster: name, user: 'jane' }])),
  });
  return await runCommand('list-clusters', ['--probe', ...args], { env: { KUBECONFIG: path } });
}

const trusting = (certPem: string) => ({ 'certificate-authority-data': base64(certPem) });

test('list-clusters --probe shows issuer and names of the serving certificate with -o wide and -o json', async () => {
  const clusters = async () => {
    const { url } = await startScriptedServer(answers);
    return { dev: { server: url, ...trusting(testAuthority.certPem) } };
  };
  const wide = await probe(await clusters(), ['-o', 'wide']);
  expect(wide.stdout).toMatch(/ SUBJECT +CERTIFICATE ISSUER +CERTIFICATE NAMES +ERROR\n/u);
  expect(wide.stdout).toMatch(/ jane +CN=test-ca +localhost,127\.0\.0\.1,0:0:0:0:0:0:0:1/u);
  const { stdout } = await probe(await clusters(), ['-o', 'json']);
  expect(JSON.parse(stdout)).toMatchObject({
    items: [
      {
        probe: {
          certificateIssuer: 'CN=test-ca',
          certificateSubjectAltNames: ['localhost', '127.0.0.1', '0:0:0:0:0:0:0:1'],
          certificateNotBefore: expect.stringMatching(/^\d{4}-/u) as unknown,
        },
      },
    ],
  });
});

test('list-clusters --probe names the cluster in each error, and shows what it presents instead of naming itself', async () => {
  const { url } = await startScriptedServer([], { certificate: wrongCertificates.ofAnotherAuthority() });
  const { code, stdout, stderr } = await probe(
    {
      closed: { server: `https://127.0.0.1:${await closedPort()}` },
      foreign: { server: url, ...trusting(testAuthority.certPem) },
      broken: { server: 'ftp://x' },
    },
    ['-o', 'wide'],
  );
  expect(code).toBe(3);
  const errors = stderr.split('\n').filter((line) => line.startsWith('error:'));
  expect(errors.map((line) => /^error: Cannot probe cluster "(\w+)": cannot /u.exec(line)?.[1])).toEqual([
    'broken',
    'closed',
    'foreign',
  ]);
  expect(stderr).not.toContain('list-clusters --probe');
  expect(stderr).toMatch(
    /^hint: It presents a certificate for localhost, 127\.0\.0\.1, 0:0:0:0:0:0:0:1, issued by CN=other-ca, valid from \d{4}-\S+ to \d{4}-\S+$/mu,
  );
  expect(stdout).toMatch(/^ +broken .* KubeconfigInvalid$/mu);
  expect(stdout).toMatch(/^ +foreign .* CertificateNotTrusted$/mu);
});

test('list-clusters --probe -v 6 shows each request and the cluster that it went to', async () => {
  const { url } = await startScriptedServer(answers);
  const { stderr } = await probe({ dev: { server: url, ...trusting(testAuthority.certPem) } }, ['-v', '6']);
  expect(stderr.match(/^note: cluster "dev": .*/gmu)).toHaveLength(3);
  expect(stderr).toMatch(/^note: cluster "dev": GET \/version 200 in \d+ ms$/mu);
});

test.each([[[]], [['--contexts-only']]])(
  'list-clusters --probe -q %j warns all the same that TLS is not verified',
  async (args) => {
    const { url } = await startScriptedServer(answers);
    const { code, stderr } = await probe({ dev: { server: url, 'insecure-skip-tls-verify': true } }, ['-q', ...args]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^warning: TLS of the clusters with insecure-skip-tls-verify is not verified/u);
  },
);

// plugins of sh: on Windows there is none
test.skipIf(process.platform === 'win32')(
  'list-clusters --probe runs one plugin once for all contexts of it, and once for each cluster that it is told of',
  async () => {
    await using directory = await temporaryDirectory();
    const plugin = await writePlugin(directory.path, `sleep 0.1; ${prints(execCredential({ token: 't' }))}`);
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const servers = await Promise.all(names.map(() => startScriptedServer(answers)));
    const runs = async (exec: object) => {
      const spec = {
        command: plugin.path,
        apiVersion: 'client.authentication.k8s.io/v1',
        interactiveMode: 'Never',
        ...exec,
      };
      const byName = <T>(make: (index: number) => T) =>
        Object.fromEntries(names.map((name, index) => [name, make(index)]));
      const KUBECONFIG = await writeKubeconfig(directory.path, {
        clusters: byName((index) => ({ server: servers[index]?.url, ...trusting(testAuthority.certPem) })),
        users: byName(() => ({ exec: spec })),
        contexts: Object.fromEntries(names.map((name) => [name, { cluster: name, user: name }])),
      });
      const before = await plugin.runs();
      const { code, stderr } = await runCommand('list-clusters', ['--probe'], {
        env: { KUBECONFIG, PATH: process.env['PATH'] },
      });
      return { code, stderr, runs: (await plugin.runs()) - before };
    };
    expect(await runs({})).toMatchObject({ code: 0, runs: 1 });
    expect(servers.map(({ requests }) => requests.at(-1)?.headers['authorization'])).toEqual(
      names.map(() => 'Bearer t'),
    );
    expect((await runs({ provideClusterInfo: true })).runs).toBe(6);
  },
);
