import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { test } from '../kubectl/kubectl-test.ts';
import { startKubectl } from '../kubectl/run.ts';
import { runCommand } from '../support/run-command.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const kubeconfig = `apiVersion: v1
kind: Config
current-context: dev
clusters:
- {name: "10.0.0.1", cluster: {server: "https://10.0.0.1:6443/a?b&c=<d>", certificate-authority: ca.crt, certificate-authority-data: "\\n", tls-server-name: "no"}}
- {name: dev, cluster: {server: "https://127.0.0.1:6443", certificate-authority-data: "Zm9v", proxy-url: "http://u:p@h"}}
contexts:
- {name: prod, context: {cluster: "10.0.0.1", user: jane, namespace: "007"}}
- {name: dev, context: {cluster: dev, user: admin, namespace: "1e3"}}
- {name: "a: b", context: {cluster: "", user: ""}}
users:
- name: jane
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      command: sh
      args: [-c, "echo a\\necho b\\n", "it's", "- x", "", "#"]
      env: [{name: SECRET, value: shown}]
- name: admin
  user: {client-certificate: u.crt, client-key-data: "c2VjcmV0", token: word, username: jo, password: pass, as: jane, as-groups: [a, b], as-user-extra: {b: [x], a: []}}
- {name: oidc, user: {auth-provider: {name: oidc, config: {id-token: shown, client-id: "123"}}}}
extensions:
- {name: x, extension: {big: 12345678901234567890, half: 0.5, zero: -0.0, list: [true, null, "y"], empty: {}}}
`;

const warnings = {
  proxy: 'warning: proxy-url of cluster "dev" has a password in it, which is shown\n',
  oidc: 'warning: auth-provider of user "oidc" has in it what is secret, which is shown: "id-token"\n',
  exec: 'warning: exec of user "jane" gives its plugin what may be secret, which is shown: "SECRET"\n',
};
const all = `${warnings.proxy}${warnings.oidc}${warnings.exec}`;

test.for<[args: string[], stderr: string]>([
  [[], all],
  [['--raw'], ''],
  [['--minify'], warnings.proxy],
  [['--minify', '--context=prod'], warnings.exec],
  [['--flatten'], ''],
  [['--minify', '--flatten'], ''],
  [['-o', 'json'], all],
  [['--flatten', '-o', 'json'], ''],
])('kubectl config view %j prints what view-config prints, byte for byte', async ([args, stderr], { kubectl }) => {
  await using directory = await temporaryDirectory();
  const files = { config: kubeconfig, 'ca.crt': 'authority', 'u.crt': 'certificate' };
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory.path, name), text);
  const runner = startKubectl(kubectl, directory.path);
  const theirs = await runner.ask({ kubeconfig: 'config', args: ['config', 'view', ...args] });
  runner.end();
  const ours = await runCommand('view-config', args, { cwd: directory.path, env: { KUBECONFIG: 'config' } });
  expect(ours.stderr).toBe(stderr);
  expect(theirs).toEqual({ stdout: expect.any(String) as unknown });
  // kubectl before 1.37 prints preferences that are none
  const text = 'stdout' in theirs ? theirs.stdout.replace(/^ *"?preferences"?: \{\},?\n/mu, '') : '';
  expect(ours.stdout).toBe(text);
});
