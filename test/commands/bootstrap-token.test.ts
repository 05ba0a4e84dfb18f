import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recordTold, runCommand } from '../support/run-command.ts';
import { startScriptedServer, startTcpServer, testAuthority } from '../support/scripted-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

async function bootstrap(
  args: readonly string[],
  cluster: Record<string, unknown> = { server: 'https://127.0.0.1:1' },
  user: Record<string, unknown> = { token: 'janes-token' },
  env: Record<string, string> = {},
) {
  await using directory = await temporaryDirectory();
  const kubeconfig = {
    'current-context': 'dev',
    clusters: [{ name: 'dev-cluster', cluster }],
    contexts: [{ name: 'dev', context: { cluster: 'dev-cluster', user: 'jane' } }],
    users: [{ name: 'jane', user }],
  };
  await writeFile(join(directory.path, 'config'), JSON.stringify(kubeconfig));
  return await runCommand('bootstrap-token', args, {
    cwd: directory.path,
    env: { KUBECONFIG: join(directory.path, 'config'), ...env },
  });
}

test.each([
  [['Ci-Bot'], /Cannot use SERVICEACCOUNT "Ci-Bot": a name has lower-case letters/u],
  [['a', 'b'], /"b"/u],
  [['--secret-name-prefix', 'a_b'], /Cannot use --secret-name-prefix "a_b"/u],
  [['--reuse', '--secret-name-prefix', 'a'], /Cannot use --reuse together with --secret-name-prefix/u],
  [['--dry-run=client', '--reuse'], /Cannot use --dry-run=client together with --reuse/u],
  [['--dry-run=server', '--output-file', 'x'], /Cannot use --dry-run=server together with --output-file/u],
  [['--dry-run=client', '-o', 'token'], /Cannot use --dry-run=client together with -o token/u],
  [['--dry-run'], /Cannot use --dry-run: its value is missing/u],
  [['--dry-run=yes'], /Cannot use --dry-run "yes": it is one of none, client, server/u],
  [['-o', 'kubeconfig'], /Cannot use --output "kubeconfig"/u],
  [['--method', 'request'], /Cannot use --method "request"/u],
  [['--role-scope', 'cluster'], /Cannot use --role-scope alone/u],
  [['--role-scope', 'namespace'], /Cannot use --role-scope alone/u],
  [['--allow', 'get nodes'], /Cannot allow "nodes" in a namespace: it is cluster-scoped/u],
  [['--allow', 'get deployments'], /Did you mean deployments\.apps\?/u],
  [['--allow', 'get po,svc'], /Cannot allow "po".*\nhint: Did you mean pods\?/u],
  [['--allow', 'gett pods'], /Cannot allow the verb "gett".*\nhint: Did you mean get\?/u],
  [['--allow', 'get clusterroles'], /Did you mean clusterroles\.rbac\.authorization\.k8s\.io\?/u],
  [['--role', '..'], /Cannot use --role "\.\."/u],
  [['--output-file', '-'], /stdout is where the result goes/u],
  [['--rotate-after', '9999999999h'], /Cannot use --rotate-after/u],
  [['--allow', 'pods'], /Cannot read --allow "pods"/u],
  [['--wait-timeout', '30'], /Cannot use --wait-timeout "30": it takes a duration/u],
  [['--rotate-after', 'tomorrow'], /Cannot use --rotate-after "tomorrow"/u],
  [['--token', 'x'], /Cannot use --token: bootstrap-token has no such flag/u],
  [['--creat-namespace'], /Did you mean --create-namespace\?/u],
  [['--preset', 'argocd'], /has no such flag/u],
  [['--as-group', 'a'], /Cannot use --as-group: no user to impersonate is named/u],
  [['-n', ''], /Cannot use --namespace "": the value is empty/u],
  [['-n', 'A_B'], /namespace/u],
  [['--output-file', 'missing/token'], /Cannot write --output-file "missing\/token": its directory does not exist/u],
  [['--context', ''], /Cannot use --context "": the value is empty/u],
])('bootstrap-token %j is exit 2, and says why in one line', async (args, why) => {
  const { code, stdout, stderr } = await bootstrap(args);
  expect(stderr).toMatch(why);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr.match(/^error:/gmu)).toHaveLength(1);
  expect(stderr).not.toContain('    at ');
});

test('bootstrap-token --dry-run=client warns of a verb that is no standard one', async () => {
  const { code, stderr } = await bootstrap(['ci-bot', '--dry-run=client', '--allow', 'get,mutate pods']);
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: 'warning: "mutate" is not a standard verb: Kubernetes never asks about it\n',
  });
});

test.each([
  [
    'exec',
    {},
    { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: '/nonexistent', interactiveMode: 'Never' } },
    {},
    /^error: Cannot run plugin "\/nonexistent" of user "jane": it does not exist\n/u,
  ],
  ['auth-provider', {}, { 'auth-provider': { name: 'gcp', config: {} } }, {}, /auth-provider "gcp" of user/u],
  ['proxy-url', { 'proxy-url': 'ftp://127.0.0.1:3128' }, { token: 'x' }, {}, /proxy-url/u],
  [
    'HTTPS_PROXY',
    { server: 'https://10.1.2.3:6443' },
    { token: 'x' },
    { HTTPS_PROXY: 'http://pro xy:3128' },
    /HTTPS_PROXY/u,
  ],
  [
    'NODE_TLS_REJECT_UNAUTHORIZED=0',
    {},
    { token: 'x' },
    { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
    /NODE_TLS_REJECT_UNAUTHORIZED/u,
  ],
])(
  'bootstrap-token refuses an access with %s (2) rather than go out in another way',
  async (_, cluster, user, env, why) => {
    const { code, stdout, stderr } = await bootstrap(
      ['ci-bot'],
      { server: 'https://127.0.0.1:1', ...cluster },
      user,
      env,
    );
    expect(stderr).toMatch(why);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  },
);

test(
  'bootstrap-token tells of an address that swallows packets after 10 s, all its calls together (3)',
  { timeout: 20_000 },
  async () => {
    const { port } = await startTcpServer();
    const run = await bootstrap(['ci-bot'], { server: `https://127.0.0.1:${port}` });
    const { code, stderr } = run;
    recordTold(run);
    expect(code).toBe(3);
    expect(stderr).toContain(`https://127.0.0.1:${port} of context "dev" did not complete a connection within 10s`);
    expect(stderr).toContain('VPN');
  },
);

test('bootstrap-token makes no token that it would have to prove over plain http (6)', async () => {
  const server = await startScriptedServer([], { certificate: false });
  const { code, stderr } = await bootstrap(['ci-bot'], { server: server.url });
  expect(code).toBe(6);
  expect(stderr).toContain('is plain http, over which no credential is sent');
  expect(server.requests).toEqual([]);
});

test('bootstrap-token sends no credential over plain http, and says so', async () => {
  const unauthorized = 'HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n';
  const server = await startScriptedServer(Array(20).fill(unauthorized) as string[], { certificate: false });
  const { code, stderr } = await bootstrap(['ci-bot', '--no-verify'], { server: server.url });
  expect(code).toBe(4);
  expect(stderr).toContain('no credential is sent');
  expect(server.requests.length).toBeGreaterThan(0);
  for (const { head } of server.requests) expect(head).not.toMatch(/^authorization:|janes-token/imu);
});

test('bootstrap-token takes a login page for what it is, not for an answer', async () => {
  const page = '<!doctype html><title>Sign in</title>';
  const html = `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${page.length}\r\n\r\n${page}`;
  const server = await startScriptedServer(Array(20).fill(html) as string[]);
  const cluster = {
    server: server.url,
    'certificate-authority-data': Buffer.from(testAuthority.certPem).toString('base64'),
  };
  const { code, stdout, stderr } = await bootstrap(['ci-bot'], cluster);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/HTML|web page|login/u);
});
