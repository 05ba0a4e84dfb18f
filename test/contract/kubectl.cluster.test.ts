import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect } from 'vitest';
import { behaviour } from './behaviour.ts';
import { openShell, type Shell } from './kubectl.ts';
import type { Server } from './server.ts';

const recipe = fileURLToPath(new URL('../../scripts/dev/bench/recipe.sh', import.meta.url));
const tokenSecret = (name: string) => `apiVersion: v1
kind: Secret
metadata:
  name: ${name}
  annotations:
    kubernetes.io/service-account.name: default
type: kubernetes.io/service-account-token
`;
const configMap = (data: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata:\n${data}`;

/** Of what kubectl explains: names, types and values. The sandbox leaves out what is told about them. */
const isNoProse = (line: string) => /^[A-Z]+: |\t<|^ *enum: /u.test(line);

/** A behaviour that is told by what programs write. */
function shown(name: string, script: (shell: Shell, server: Server) => Promise<void>): void {
  behaviour(name, async (server) => {
    await using shell = await openShell(server);
    await script(shell, server);
  });
}

describe('kubectl', () => {
  shown('cluster-info names the server', async ({ everyKubectl, kubectl }) => {
    await everyKubectl(['cluster-info']);
    expect((await kubectl(['cluster-info'])).code).toBe(0);
    await kubectl(['get', 'services']);
    await kubectl(['get', 'svc', 'kubernetes', '-n', 'default']);
    await kubectl(['get', 'all']);
  });

  shown('apply creates, leaves and configures', async ({ kubectl }) => {
    expect((await kubectl(['apply', '-f', '-'], configMap('  a: "1"\n'))).code).toBe(0);
    await kubectl(['apply', '-f', '-'], configMap('  a: "1"\n'));
    await kubectl(['apply', '-f', '-'], configMap('  b: "2"\n'));
    await kubectl(['get', 'configmap', 'x', '-o', 'jsonpath={.data}']);
    await kubectl(['apply', '--dry-run=server', '-f', '-'], configMap('  c: "3"\n'));
    await kubectl(['diff', '-f', '-'], configMap('  b: "2"\n'));
    await kubectl(['delete', '-f', '-'], configMap('  b: "2"\n'));
  });

  shown('apply --server-side creates, configures and conflicts', async ({ kubectl }) => {
    const serverSide = ['apply', '--server-side', '-f', '-'];
    expect((await kubectl(serverSide, configMap('  a: "1"\n'))).code).toBe(0);
    await kubectl(serverSide, configMap('  a: "2"\n'));
    await kubectl([...serverSide, '--field-manager=other'], configMap('  a: "3"\n'));
    await kubectl([...serverSide, '--field-manager=other', '--force-conflicts'], configMap('  a: "3"\n'));
  });

  shown('apply and apply --server-side take turns', async ({ kubectl }, { note, path, peek }) => {
    const apply = ['apply', '-f', '-'];
    const serverSide = [...apply, '--server-side'];
    for (const [args, data] of [
      [apply, '  x: "1"\n'],
      [serverSide, '  x: "1"\n  z: "1"\n'],
      [apply, '  x: "1"\n'],
      [serverSide, '  x: "2"\n'],
      [apply, '  w: "<&>"\n'],
      [[...serverSide, '--field-manager=other'], '  w: "1"\n'],
      [[...serverSide, '--field-manager=other'], '  z: "1"\n'],
      [[...serverSide, '--force-conflicts'], '  w: "2"\n'],
    ] as const) {
      await kubectl(args, configMap(data));
      const { body } = await peek('GET', path('configmaps', 'x'));
      const { annotations, managedFields } = body.metadata as {
        annotations?: object;
        managedFields?: { manager: string }[];
      };
      // in which order the managers come depends on the second
      const managers = managedFields?.toSorted((a, b) => (a.manager < b.manager ? -1 : 1));
      note('data, annotations, managedFields', [body.data, annotations, [managers]]);
    }
    const { stdout } = await kubectl(['get', 'configmap', 'x', '-o', 'jsonpath={.data}']);
    expect(stdout).toBe('{"w":"2","z":"1"}');
  });

  shown('explain tells the fields of each kind, their types and what they may be', async ({ everyKubectl }) => {
    for (const what of [
      'secret',
      'cm',
      'sa',
      'ns',
      'event',
      'pod',
      'svc',
      'role',
      'clusterrolebinding.rbac.authorization.k8s.io',
    ]) {
      await everyKubectl(['explain', what, '--recursive'], '', isNoProse);
    }
    for (const path of ['sa.metadata', 'pod.spec.containers.env', 'secret.data', 'clusterrole.rules.verbs']) {
      await everyKubectl(['explain', path], '', isNoProse);
    }
    for (const what of ['secret', 'sa', 'pod', 'clusterrole.aggregationRule']) {
      await everyKubectl(['explain', what, '--recursive', '--output=plaintext-openapiv2'], '', isNoProse);
    }
    await everyKubectl(['explain', 'secret.nonsense']);
    await everyKubectl(['explain', 'nonsense']);
  });

  shown('apply and create with --validate=strict take what is right and refuse what is not', async (shell) => {
    const { everyKubectl, kubectl } = shell;
    const wrong = `${configMap('  a: "1"\n')}nonsense: 1\n`;
    for (const command of ['apply', 'create']) {
      for (const validate of ['strict', 'warn', 'ignore', 'true']) {
        const args = [command, `--validate=${validate}`, '-f', '-'];
        await everyKubectl([...args, '--dry-run=server'], configMap('  a: "1"\n'));
        await everyKubectl([...args, '--dry-run=server'], wrong);
        await everyKubectl([...args, '--dry-run=server'], configMap('  a: 1\n'));
      }
    }
    await everyKubectl(['apply', '--validate=strict', '-f', '-'], configMap('  a: "1"\n'));
    await everyKubectl(['apply', '--validate=strict', '-f', '-'], configMap('  a: "2"\n'));
    await everyKubectl(['create', '--validate=strict', '-f', '-'], configMap('  a: "2"\n'));
    await kubectl(['get', 'configmap', 'x', '-o', 'jsonpath={.data}']);
  });

  shown('apply refuses fields that there are not', async ({ kubectl }) => {
    await kubectl(['apply', '-f', '-'], `${configMap('  a: "1"\n')}nonsense: 1\n`);
  });

  shown('get prints tables, names, JSON, YAML and paths', async ({ kubectl }) => {
    await kubectl(['create', 'secret', 'generic', 'x', '--from-literal=a=1']);
    await kubectl(['get', 'secrets']);
    await kubectl(['get', 'secret', 'x', '-o', 'name']);
    await kubectl(['get', 'secret', 'x', '-o', 'jsonpath={.data.a}']);
    await kubectl(['get', 'sa,cm']);
    await kubectl(['get', 'secret', 'x', '-o', 'wide', '--show-labels']);
    await kubectl(['get', 'secrets', '-o', 'custom-columns=NAME:.metadata.name,TYPE:.type']);
    await kubectl(['get', 'pods']);
    await kubectl(['get', 'secret', 'missing']);
    await kubectl(['get', 'nonsense']);
    await kubectl(['get', 'secrets', '-l', 'a=b']);
    await kubectl(['get', 'ns', 'default', 'kube-system', 'kube-public']);
  });

  shown('describe tells of a Secret, a ServiceAccount, a ConfigMap, a Role and its binding', async ({ kubectl }) => {
    await kubectl(['apply', '-f', '-'], tokenSecret('token'));
    await kubectl(['wait', '--for=jsonpath={.data.token}', 'secret/token', '--timeout=20s']);
    await kubectl(['describe', 'secret', 'token']);
    await kubectl(['describe', 'serviceaccount', 'default']);
    await kubectl(['create', 'configmap', 'x', '--from-literal=a=1']);
    await kubectl(['describe', 'configmap', 'x']);
    await kubectl(['create', 'role', 'x', '--verb=get,list', '--resource=pods,secrets']);
    await kubectl(['create', 'rolebinding', 'x', '--role=x', '--user=jane', '--group=team']);
    await kubectl(['describe', 'role', 'x']);
    await kubectl(['describe', 'rolebinding', 'x']);
    await kubectl(['describe', 'clusterrole', 'system:discovery']);
  });

  shown('create token makes a bound token', async ({ kubectl }) => {
    expect((await kubectl(['create', 'token', 'default'])).code).toBe(0);
    await kubectl(['create', 'token', 'default', '--duration=20m', '--audience=vault']);
    await kubectl(['create', 'token', 'default', '--duration=5m']);
    await kubectl(['create', 'token', 'missing']);
    await kubectl(['create', 'secret', 'generic', 'anchor']);
    await kubectl(['create', 'token', 'default', '--bound-object-kind=Secret', '--bound-object-name=anchor']);
  });

  shown('auth whoami tells whose a token is', async ({ kubectl }, server) => {
    const identity = await server.account('bot');
    const { token } = identity as { token: string };
    server.hide(token, '<token>');
    expect((await kubectl(['auth', 'whoami', '--token', token, '--user', 'nobody'])).code).toBe(1);
    await kubectl(['auth', 'whoami', '-o', 'jsonpath={.status.userInfo.groups}']);
  });

  shown('auth can-i tells what one may do', async ({ kubectl }, server) => {
    await kubectl(['auth', 'can-i', 'delete', 'secrets']);
    await kubectl(['auth', 'can-i', 'get', '/metrics']);
    const { stdout } = await kubectl(['auth', 'can-i', '--list']);
    server.note('lines', stdout.split('\n').toSorted());
  });

  shown('wait waits for a token, for a deletion, and in vain', async ({ kubectl }) => {
    await kubectl(['apply', '-f', '-'], tokenSecret('token'));
    expect((await kubectl(['wait', '--for=jsonpath={.data.token}', 'secret/token', '--timeout=20s'])).code).toBe(0);
    await kubectl(['delete', 'secret', 'token', '--wait=false']);
    await kubectl(['wait', '--for=delete', 'secret/token', '--timeout=20s']);
    await kubectl(['create', 'secret', 'generic', 'x']);
    await kubectl(['wait', '--for=jsonpath={.data.token}', 'secret/x', '--timeout=1s']);
  });

  shown('delete deletes, also what is not there, and many', async ({ kubectl }) => {
    await kubectl(['create', 'secret', 'generic', 'x']);
    await kubectl(['create', 'secret', 'generic', 'y']);
    await kubectl(['create', 'sa', 'bot']);
    expect((await kubectl(['delete', 'secret', 'x'])).code).toBe(0);
    await kubectl(['delete', 'secret', 'x']);
    await kubectl(['delete', 'secret', 'x', '--ignore-not-found']);
    await kubectl(['delete', 'secrets', '--all']);
    await kubectl(['delete', 'sa', 'bot']);
  });

  shown('changes objects: label, annotate, patch, replace, set', async ({ kubectl }) => {
    await kubectl(['create', 'configmap', 'x', '--from-literal=a=1']);
    await kubectl(['label', 'configmap', 'x', 'app=x']);
    await kubectl(['label', 'configmap', 'x', 'app=y']);
    await kubectl(['label', 'configmap', 'x', 'app-']);
    await kubectl(['annotate', 'configmap', 'x', 'example.com/a=b']);
    await kubectl(['patch', 'configmap', 'x', '-p', '{"data":{"b":"2"}}']);
    await kubectl(['patch', 'configmap', 'x', '--type=json', '-p', '[{"op":"remove","path":"/data/b"}]']);
    await kubectl(['replace', '-f', '-'], configMap('  c: "3"\n'));
    await kubectl(['get', 'configmap', 'x', '-o', 'jsonpath={.data} {.metadata.annotations}']);
    await kubectl(['create', 'role', 'x', '--verb=get', '--resource=pods']);
    await kubectl(['create', 'rolebinding', 'x', '--role=x', '--serviceaccount=default:default']);
    await kubectl([
      'create',
      'rolebinding',
      'y',
      '--clusterrole=view',
      '--serviceaccount=default:default',
      '-o',
      'name',
    ]);
  });

  shown('makes and deletes a namespace with what is in it', async ({ kubectl }, { unique, removeLater, path }) => {
    const name = unique('x');
    removeLater(path('namespaces', name));
    expect((await kubectl(['create', 'namespace', name])).code).toBe(0);
    await kubectl(['create', 'secret', 'generic', 'x', '-n', name]);
    await kubectl(['delete', 'namespace', name]);
    await kubectl(['get', 'secrets', '-n', name]);
  });

  shown('shows versions and paths: version, api-versions, get --raw', async ({ kubectl }, { note }) => {
    const { stdout } = await kubectl(['get', '--raw', '/readyz']);
    expect(stdout).toBe('ok');
    await kubectl(['get', '--raw', '/nowhere']);
    note('asks for all', (await kubectl(['get', '--raw', '/api'])).code);
  });
});

describe('the recipe of the Kubernetes documentation', () => {
  shown('works unchanged, with kubectl and curl', async ({ env, run }) => {
    const variables = ['CLUSTER_NAME=contract', 'NAME=recipe-token', `KUBECONFIG=${env['KUBECONFIG']}`];
    const { code, stdout } = await run('env', [...variables.slice(0, 2), 'bash', recipe]);
    expect(code).toBe(0);
    expect(stdout).toContain('APIVersions');
  });

  shown('works by way of kubectl proxy, too', async ({ env, run }, server) => {
    const proxy = spawn('kubectl', ['proxy', '--port=0'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      for await (const line of createInterface({ input: proxy.stdout })) {
        const [, host = ''] = /^Starting to serve on (.+)$/u.exec(line) ?? [];
        server.hide(host, '<proxy>');
        const { stdout } = await run('curl', ['-sS', `http://${host}/api/`]);
        expect(stdout).toContain('APIVersions');
        break;
      }
    } finally {
      proxy.kill();
    }
  });
});
