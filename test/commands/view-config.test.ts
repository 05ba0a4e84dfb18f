import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writePod } from '../support/pod.ts';
import { runCommand } from '../support/run-command.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const kubeconfig = `apiVersion: v1
kind: Config
current-context: dev
clusters:
- {name: prod, cluster: {server: "https://prod.example", certificate-authority: pki/ca.crt}}
- {name: kind-dev, cluster: {server: "https://127.0.0.1:6443", certificate-authority-data: "Zm9v"}}
contexts:
- {name: prod, context: {cluster: prod, user: jane}}
- {name: dev, context: {cluster: kind-dev, user: admin, namespace: "007"}}
- {name: lost, context: {cluster: nowhere, user: nobody}}
users:
- {name: jane, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: /nonexistent/plugin, interactiveMode: Never, env: [{name: PROFILE, value: prod}]}}}
- {name: admin, user: {client-certificate: a.crt, client-key-data: "c2VjcmV0LWtleQ==", token: secret-word, username: jo, password: secret-pass}}
`;

async function view(args: readonly string[], files: Readonly<Record<string, string>> = {}) {
  await using directory = await temporaryDirectory();
  for (const [name, text] of Object.entries({ config: kubeconfig, ...files })) {
    await writeFile(join(directory.path, name), text);
  }
  return await runCommand('view-config', args, { cwd: directory.path, env: { KUBECONFIG: 'config' } });
}

test('view-config shows the kubeconfig as kubectl does, without secrets, and runs no plugin', async () => {
  const { code, stdout, stderr } = await view([]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toBe(`apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: DATA+OMITTED
    server: https://127.0.0.1:6443
  name: kind-dev
- cluster:
    certificate-authority: pki/ca.crt
    server: https://prod.example
  name: prod
contexts:
- context:
    cluster: kind-dev
    namespace: "007"
    user: admin
  name: dev
- context:
    cluster: nowhere
    user: nobody
  name: lost
- context:
    cluster: prod
    user: jane
  name: prod
current-context: dev
kind: Config
users:
- name: admin
  user:
    client-certificate: a.crt
    client-key-data: DATA+OMITTED
    password: REDACTED
    token: REDACTED
    username: jo
- name: jane
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1
      args: null
      command: /nonexistent/plugin
      env:
      - name: PROFILE
        value: prod
      interactiveMode: Never
      provideClusterInfo: false
`);
});

test('view-config names the URLs that it shows with a password in them, as kubectl shows them, and only those', async () => {
  const clusters = [
    { name: 'a', cluster: { server: 'https://jo:hunter2@a.test', 'proxy-url': 'http://p:hunter2@proxy.test:3128' } },
    { name: 'b\u001b', cluster: { server: 'u:hunter2@b.test', 'proxy-url': 'http://jo@proxy.test' } },
    { name: 'c', cluster: { server: 'https://c.test:6443/a:b@c', 'proxy-url': 'http://[::1]:3128' } },
  ];
  const config = JSON.stringify({ clusters });
  const { stderr, stdout } = await view([], { config });
  expect(stdout).toContain('hunter2');
  expect(stderr).toBe(String.raw`warning: server of cluster "a" has a password in it, which is shown
warning: proxy-url of cluster "a" has a password in it, which is shown
warning: server of cluster "b\x1b" has a password in it, which is shown
`);
  expect((await view(['--raw'], { config })).stderr).toBe('');
  expect((await view(['--quiet'], { config })).stderr).toBe('');
});

test('view-config names what else it shows that is secret, as kubectl shows it, each kind once for all users', async () => {
  const oidc = (config: object) => ({ 'auth-provider': { name: 'oidc', config } });
  const exec = (args: string[], env: Record<string, string>) => ({
    exec: {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'plugin',
      interactiveMode: 'Never',
      args,
      env: Object.entries(env).map(([name, value]) => ({ name, value })),
    },
  });
  const users = [
    { name: 'b', user: oidc({ 'client-id': 'hunter2', 'refresh-token': 'hunter2', 'id-token': '' }) },
    { name: 'a\u001b', user: oidc({ 'idp-issuer-url': 'https://idp.test', 'client-secret': 'hunter2' }) },
    { name: 'c', user: oidc({ 'client-id': 'cli' }) },
    { name: 'd', user: exec(['get-token', '--client-secret', 'hunter2'], { REGION: 'eu', A_TOKEN: 'hunter2' }) },
    { name: 'e', user: exec(['--x=1', 'eyJhbGciOiJub25lIn0.e30.'], { FOO: 'glpat-8sQz3Vw0yT5nKdR1mXbA' }) },
    { name: 'f', user: exec(['--region', 'eu'], { PROFILE: 'prod' }) },
  ];
  const config = JSON.stringify({ users });
  const { stderr, stdout } = await view([], { config });
  expect(stdout.split('hunter2')).toHaveLength(6);
  expect(stderr)
    .toBe(String.raw`warning: auth-provider of user "a\x1b", "b" has in it what is secret, which is shown: "client-secret", "refresh-token"
warning: exec of user "d", "e" gives its plugin what may be secret, which is shown: "--client-secret", "A_TOKEN", "FOO", "argument 2"
`);
  for (const flag of ['--raw', '--flatten', '--quiet']) expect((await view([flag], { config })).stderr).toBe('');
});

test('view-config --raw shows the secrets, on stdout alone', async () => {
  const { stdout, stderr } = await view(['--raw', '-o', 'json']);
  expect(JSON.parse(stdout)).toMatchObject({
    clusters: [{ cluster: { 'certificate-authority-data': 'Zm9v' } }, {}],
    users: [{ user: { token: 'secret-word', password: 'secret-pass', 'client-key-data': 'c2VjcmV0LWtleQ==' } }, {}],
  });
  expect(stderr).toBe('');
});

test('view-config --minify shows what the current context needs, or another one', async () => {
  const parts = async (args: readonly string[]) => {
    const { stdout } = await view(['--minify', '-o', 'json', ...args]);
    const { clusters, contexts, users, ...rest } = JSON.parse(stdout) as Record<string, { name: string }[]>;
    return [...[clusters, users, contexts].map((list) => list?.map(({ name }) => name)), rest['current-context']];
  };
  expect(await parts([])).toEqual([['kind-dev'], ['admin'], ['dev'], 'dev']);
  expect(await parts(['--context', 'prod'])).toEqual([['prod'], ['jane'], ['prod'], 'prod']);
});

test('view-config --flatten puts the contents of files in their place, as kubectl does without redacting', async () => {
  const { stdout } = await view(['--minify', '--flatten', '-o', 'json'], { 'a.crt': 'certificate' });
  expect(JSON.parse(stdout)).toMatchObject({
    users: [
      { user: { 'client-certificate-data': Buffer.from('certificate').toString('base64'), token: 'secret-word' } },
    ],
  });
  expect(stdout).not.toContain('a.crt');
});

test.each<[args: string[], code: number, error: RegExp]>([
  [['--context', 'dev'], 2, /^error: Cannot use --context without --minify/u],
  [['--minify', '--context', 'drv'], 3, /Cannot find context "drv"[^]*hint: Did you mean --context dev\?/u],
  [['--minify', '--context', 'lost'], 2, /its cluster "nowhere" is not in the kubeconfig/u],
  [['--flatten'], 2, /user "admin" .*: its client-certificate ".*a\.crt" cannot be read: there is no such file/u],
  [['--kubeconfig', 'missing'], 2, /Cannot find kubeconfig ".*missing"/u],
  [['--cluster', 'prod'], 2, /--cluster/u],
  [['-o', 'name'], 2, /-o|--output/u],
])('view-config %j is refused with %i, and shows nothing', async (args, code, error) => {
  const run = await view(args);
  expect(run).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(error) as unknown });
  expect(run.stderr).not.toContain('secret');
});

test('view-config in a pod without a kubeconfig is exit 2: what the pod is given is none', async () => {
  await using directory = await temporaryDirectory();
  const pod = await writePod(directory.path, 'https://10.96.0.1', { token: 'pods-token' });
  const { code, stdout, stderr } = await runCommand('view-config', ['--raw'], pod);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('Cannot find a kubeconfig');
});
