import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parseKubeconfig } from '../../lib/kubeconfig/parse.ts';
import { resolveClusterAccess } from '../../lib/kubeconfig/resolve.ts';
import type { ClusterChoice } from '../../lib/kubeconfig/resolve.ts';
import type { ClusterAccess } from '../../lib/model/cluster-access.ts';
import { BearerToken } from '../../lib/model/secret-text.ts';
import { renderKubeconfig, simpleKubeconfig } from '../support/kubeconfig.ts';
import type { KubeconfigSpec } from '../support/kubeconfig.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
type Fields = Parameters<typeof simpleKubeconfig>[1];

async function resolved(spec: KubeconfigSpec, choice: ClusterChoice = {}): Promise<ClusterAccess> {
  const kubeconfig = await parseKubeconfig(renderKubeconfig(spec), '/home/jane/.kube/config');
  return resolveClusterAccess(kubeconfig, choice, { cwd: '/cwd' });
}

const dev = (fields?: Fields) => simpleKubeconfig('dev', fields);

describe('resolveClusterAccess() gives', () => {
  test('the file of a CA beside data of line breaks alone, which are none to Go', async () => {
    const access = await resolved(
      dev({ cluster: { 'certificate-authority': 'ca.crt', 'certificate-authority-data': '\n\r\n' } }),
    );
    expect(access.cluster.certificateAuthority).toEqual({ file: '/home/jane/.kube/ca.crt' });
  });

  test('cluster, user and namespace of a context', async () => {
    const access = await resolved(
      dev({
        cluster: {
          server: 'https://h:6443/p/',
          'certificate-authority-data': base64('PEM'),
          'tls-server-name': 'kubernetes',
        },
        context: { namespace: 'ci' },
      }),
    );
    expect(access).toMatchObject({
      context: 'dev',
      namespace: 'ci',
      cluster: {
        name: 'dev',
        server: 'https://h:6443/p',
        tlsServerName: 'kubernetes',
        insecureSkipTlsVerify: false,
        certificateAuthority: { data: 'PEM' },
      },
      user: { name: 'dev' },
    });
  });

  test('the flags that mean the cluster beside the context, with absolute paths and without empty ones', async () => {
    const choice = {
      kubeconfig: 'k/config',
      cluster: 'dev',
      tlsServerName: '',
      certificateAuthority: 'ca.crt',
      user: 'dev',
    };
    expect((await resolved(dev(), { ...choice, insecureSkipTlsVerify: false })).clusterFlags).toEqual([
      ['--kubeconfig', '/cwd/k/config'],
      ['--cluster', 'dev'],
      ['--certificate-authority', '/cwd/ca.crt'],
    ]);
    expect((await resolved(dev(), { server: 'https://i', tlsServerName: 'j' })).clusterFlags).toEqual([
      ['--server', 'https://i'],
      ['--tls-server-name', 'j'],
    ]);
    expect((await resolved(dev())).clusterFlags).toEqual([]);
  });

  test('the namespace default where none is set', async () => {
    expect((await resolved(dev())).namespace).toBe('default');
  });

  test('every credential of a user, those of text wrapped as secrets', async () => {
    const { user } = await resolved(
      dev({
        user: {
          token: 's3cr3t',
          tokenFile: 'token',
          'client-certificate-data': base64('CERT'),
          'client-key-data': base64('s3cr3t-key'),
        },
      }),
    );
    expect(user.token?.sha256()).toBe(new BearerToken('s3cr3t').sha256());
    expect(user).toMatchObject({ tokenFile: '/home/jane/.kube/token', clientCertificate: { data: 'CERT' } });
    expect(`${inspect(user, { depth: 9 })} ${JSON.stringify(user)}`).not.toContain('s3cr3t');
  });

  test('username and password', async () => {
    const { user } = await resolved(dev({ user: { username: 'jane', password: 's3cr3t' } }));
    expect(user.username).toBe('jane');
    expect(JSON.stringify(user.password)).toBe('"[redacted password]"');
  });

  test('paths from the directory of the file that defines them', async () => {
    const { cluster, user } = await resolved(
      dev({
        cluster: { 'certificate-authority': 'pki/ca.crt' },
        user: { 'client-certificate': '../u.crt', 'client-key': '/u.key', exec: plugin({ command: './bin/plugin' }) },
      }),
    );
    expect(cluster.certificateAuthority).toEqual({ file: '/home/jane/.kube/pki/ca.crt' });
    expect(user).toMatchObject({
      clientCertificate: { file: '/home/jane/u.crt' },
      clientKey: { file: '/u.key' },
      exec: { command: '/home/jane/.kube/bin/plugin', apiVersion: 'client.authentication.k8s.io/v1' },
    });
  });

  test('the command of a plugin as it is if PATH is to be searched for it', async () => {
    const { user } = await resolved(dev({ user: { exec: plugin({ command: 'plugin' }) } }));
    expect(user.exec?.command).toBe('plugin');
  });

  test('all of an impersonation', async () => {
    const fields = { as: 'jane', 'as-uid': '7', 'as-groups': ['a'], 'as-user-extra': { x: ['z'], none: null } };
    expect((await resolved(dev({ user: fields }))).user.impersonate).toEqual({
      user: 'jane',
      uid: '7',
      groups: ['a'],
      extra: { x: ['z'], none: [] },
    });
  });

  test('what flags say of an impersonation in place of the same piece of the kubeconfig', async () => {
    const fields = { as: 'jane', 'as-uid': '7', 'as-groups': ['a'], 'as-user-extra': { x: ['z'], y: ['y'] } };
    const flags = {
      as: 'bob',
      asGroup: ['b', 'c'],
      asUserExtra: [
        { key: 'x', value: '1' },
        { key: 'x', value: '2' },
      ],
    };
    expect((await resolved(dev({ user: fields }), flags)).user.impersonate).toEqual({
      user: 'bob',
      uid: '7',
      groups: ['b', 'c'],
      extra: { x: ['1', '2'], y: ['y'] },
    });
    expect((await resolved(dev({ user: fields }), { ...flags, withoutUser: true })).user).toMatchObject({
      name: '',
      impersonate: { user: 'bob', uid: undefined, groups: ['b', 'c'], extra: { x: ['1', '2'] } },
    });
  });

  test('the auth-provider of a user', async () => {
    const fields = { 'auth-provider': { name: 'oidc', config: { 'id-token': 's3cr3t' } } };
    expect((await resolved(dev({ user: fields }))).user.authProvider).toMatchObject({ name: 'oidc' });
  });

  test('a proxy-url without its password, which is a secret', async () => {
    const { cluster } = await resolved(dev({ cluster: { 'proxy-url': 'http://jane:s3cr3t@proxy:3128' } }));
    expect(cluster).toMatchObject({ proxyUrl: 'http://proxy:3128', proxyCredentials: { username: 'jane' } });
    expect(inspect(cluster, { depth: 9 })).not.toContain('s3cr3t');
  });

  test('no key without a certificate, like client-go', async () => {
    expect((await resolved(dev({ user: { 'client-key': 'u.key' } }))).user.clientKey).toBeUndefined();
  });

  test('a user without a credential where the context names none', async () => {
    const { user } = await resolved(dev({ context: { user: '' } }));
    expect(user).toEqual({ name: '' });
  });

  test('the CA of the cluster even so, which client-node then ignores', async () => {
    const spec = dev({ cluster: { 'certificate-authority-data': base64('PEM') }, context: { user: '' } });
    expect((await resolved(spec)).cluster.certificateAuthority).toEqual({ data: 'PEM' });
  });

  test('both token and tokenFile: the file wins to client-go, the token to client-node', async () => {
    const { user } = await resolved(dev({ user: { token: 't', tokenFile: '/run/token' } }));
    expect(user).toMatchObject({ token: expect.any(BearerToken) as unknown, tokenFile: '/run/token' });
  });

  test('an empty name like any other, as client-go does', async () => {
    const spec = { clusters: { '': { server: 'https://empty' } }, contexts: { c: {} }, currentContext: 'c' };
    expect((await resolved(spec)).cluster.server).toBe('https://empty');
  });

  test('a user that is not looked at where another identity takes its place', async () => {
    const spec = dev({ user: { token: 'REDACTED', username: 'jane' } });
    expect((await resolved(spec, { withoutUser: true })).user).toEqual({ name: '' });
  });
});

describe('resolveClusterAccess() lets', () => {
  const spec: KubeconfigSpec = {
    clusters: {
      dev: {
        server: 'https://dev',
        'certificate-authority-data': base64('PEM'),
        'tls-server-name': 'dev.internal',
        'proxy-url': 'http://proxy',
      },
      prod: { server: 'https://prod' },
      open: { server: 'https://open', 'insecure-skip-tls-verify': true },
    },
    users: { jane: { token: 't' }, root: { username: 'root' } },
    contexts: { dev: { cluster: 'dev', user: 'jane', namespace: 'ci' }, open: { cluster: 'open', user: 'jane' } },
    currentContext: 'dev',
  };

  test.each<[what: string, choice: ClusterChoice, expected: unknown]>([
    [
      '--cluster beside --context replace the cluster',
      { context: 'dev', cluster: 'prod' },
      { context: 'dev', cluster: { name: 'prod', server: 'https://prod' }, user: { name: 'jane' }, namespace: 'ci' },
    ],
    ['--user replace the user', { user: 'root' }, { cluster: { name: 'dev' }, user: { name: 'root' } }],
    ['--namespace replace the namespace', { namespace: 'other' }, { namespace: 'other' }],
    ['--namespace have the prefix that kubectl strips', { namespace: 'Namespace/other' }, { namespace: 'other' }],
    [
      '--server replace the server and drop its tls-server-name, and keep the rest',
      { server: 'https://h' },
      {
        cluster: {
          name: 'dev',
          server: 'https://h',
          tlsServerName: undefined,
          certificateAuthority: { data: 'PEM' },
          proxyUrl: 'http://proxy',
        },
        user: { name: 'jane' },
      },
    ],
    [
      '--server and --tls-server-name stand together',
      { server: 'https://h', tlsServerName: 'n' },
      { cluster: { server: 'https://h', tlsServerName: 'n' } },
    ],
    [
      '--tls-server-name replace the one of the kubeconfig',
      { tlsServerName: 'n' },
      { cluster: { server: 'https://dev', tlsServerName: 'n' } },
    ],
    [
      '--certificate-authority replace the data of the kubeconfig, relative to the working directory',
      { certificateAuthority: 'ca.crt' },
      { cluster: { certificateAuthority: { file: '/cwd/ca.crt' }, insecureSkipTlsVerify: false } },
    ],
    [
      '--certificate-authority end insecure-skip-tls-verify',
      { context: 'open', certificateAuthority: '/ca.crt' },
      { cluster: { certificateAuthority: { file: '/ca.crt' }, insecureSkipTlsVerify: false } },
    ],
    [
      '--insecure-skip-tls-verify drop the CA of the kubeconfig',
      { insecureSkipTlsVerify: true },
      { cluster: { certificateAuthority: undefined, insecureSkipTlsVerify: true } },
    ],
    [
      '--insecure-skip-tls-verify=false leave the kubeconfig as it is',
      { context: 'open', insecureSkipTlsVerify: false },
      { cluster: { insecureSkipTlsVerify: true } },
    ],
    [
      '--cluster and --user do without a context that joins them',
      { cluster: 'prod', user: 'root' },
      { context: null, cluster: { name: 'prod' }, user: { name: 'root' }, namespace: 'default' },
    ],
  ])('%s', async (_, choice, expected) => {
    expect(await resolved(spec, choice)).toMatchObject(expected as Record<string, unknown>);
  });

  test('--server do without any kubeconfig, as in kubectl', async () => {
    expect(await resolved({}, { server: 'h:6443', namespace: 'ci' })).toMatchObject({
      context: null,
      cluster: { name: 'h:6443', server: 'http://h:6443', insecureSkipTlsVerify: false },
      user: { name: '' },
      namespace: 'ci',
    });
  });

  test('--server and --user do without a context', async () => {
    const access = await resolved({ ...spec, currentContext: '' }, { server: 'https://h', user: 'jane' });
    expect(access).toMatchObject({ context: null, cluster: { server: 'https://h' }, user: { name: 'jane' } });
  });

  test('--server stand in for a cluster that the kubeconfig does not have', async () => {
    const access = await resolved(dev({ context: { cluster: 'gone' } }), { server: 'https://h' });
    expect(access.cluster).toMatchObject({ name: 'gone', server: 'https://h' });
  });
});

describe('resolveClusterAccess() refuses', () => {
  const cluster = (fields: Record<string, unknown>): Fields => ({ cluster: fields });
  const user = (fields: Record<string, unknown>): Fields => ({ user: fields });
  const ofDev = (kind: string) => `Cannot use ${kind} "dev" of kubeconfig "/home/jane/.kube/config": `;

  test.each<[problem: string, fields: Fields]>([
    ['it has no server', cluster({ server: '' })],
    [
      'certificate-authority-data and certificate-authority are both set',
      cluster({ 'certificate-authority': 'ca.crt', 'certificate-authority-data': base64('PEM') }),
    ],
    [
      'insecure-skip-tls-verify is set beside a certificate-authority',
      cluster({ 'certificate-authority': 'ca.crt', 'insecure-skip-tls-verify': true }),
    ],
    ['its proxy-url is no URL with http, https or socks5', cluster({ 'proxy-url': 'ftp://jane:s3cr3t@p' })],
    ['its proxy-url is no URL with http, https or socks5', cluster({ 'proxy-url': 'proxy:3128' })],
    ['its proxy-url is no URL with http, https or socks5', cluster({ 'proxy-url': 'http:proxy' })],
    ['its proxy-url is no URL with http, https or socks5', cluster({ 'proxy-url': 'socks5h://p' })],
    ['its proxy-url is no URL with http, https or socks5', cluster({ 'proxy-url': 'http://jane:%zz@p' })],
    ['its proxy-url is no URL with http, https or socks5', cluster({ 'proxy-url': 'http://jane:a^b@p' })],
    ['its proxy-url is no URL with http, https or socks5', cluster({ 'proxy-url': 'http://010.0.0.1' })],
    ['its server has a user name or password in the URL', cluster({ server: 'https://jane:s3cr3t@h' })],
  ])('a cluster if %s', async (problem, fields) => {
    await expect(resolved(dev(fields))).rejects.toMatchObject({
      name: 'UsageError',
      reason: 'KubeconfigInvalid',
      message: ofDev('cluster') + problem,
    });
  });

  test.each<[flags: ClusterChoice, message: string]>([
    [{ server: 'ftp://h' }, 'Cannot use --server "ftp://h": it is neither http nor https'],
    [
      { server: 'https://jane:s3cr3t@h' },
      'Cannot use --server "https://***@h": it has a user name or password in the URL',
    ],
    [
      { certificateAuthority: 'ca.crt', insecureSkipTlsVerify: true },
      'Cannot use --certificate-authority together with --insecure-skip-tls-verify',
    ],
  ])('a flag, without blaming the kubeconfig: %j', async (flags, message) => {
    await expect(resolved(dev(), flags)).rejects.toMatchObject({ name: 'UsageError', message });
  });

  test.each<[problem: string, fields: Fields]>([
    ['token and username or password are both set', user({ token: 't', password: 'p' })],
    ['tokenFile and username are both set', user({ tokenFile: 't', username: 'jane' })],
    [
      'client-certificate-data and client-certificate are both set',
      user({ 'client-certificate': 'c', 'client-certificate-data': base64('C'), 'client-key': 'k' }),
    ],
    [
      'client-key-data and client-key are both set',
      user({ 'client-certificate': 'c', 'client-key': 'k', 'client-key-data': base64('K') }),
    ],
    ['a client certificate is set without a client-key', user({ 'client-certificate': 'c' })],
    ['as-uid, as-groups or as-user-extra is set without as', user({ 'as-groups': ['admins'] })],
    ['as-uid, as-groups or as-user-extra is set without as', user({ 'as-uid': '7' })],
    ['as-uid, as-groups or as-user-extra is set without as', user({ 'as-user-extra': { x: [] } })],
    ['exec and auth-provider are both set', user({ exec: plugin({}), 'auth-provider': { name: 'oidc' } })],
    ['exec has no command', user({ exec: plugin({ command: '' }) })],
    ['exec has no apiVersion', user({ exec: plugin({ apiVersion: '' }) })],
    ['exec has no interactiveMode', user({ exec: plugin({ interactiveMode: '' }) })],
    [
      'exec.interactiveMode is not Never, IfAvailable or Always',
      user({ exec: plugin({ interactiveMode: 'Sometimes' }) }),
    ],
    ['exec.env has an entry without a name', user({ exec: plugin({ env: [{ value: 's3cr3t' }] }) })],
    [
      'exec.apiVersion is not client.authentication.k8s.io/v1 or v1beta1',
      user({ exec: plugin({ apiVersion: 'client.authentication.k8s.io/v1alpha1' }) }),
    ],
  ])('a user if %s', async (problem, fields) => {
    await expect(resolved(dev(fields))).rejects.toThrow(ofDev('user') + problem);
  });

  test('with every problem of an entry in one message', async () => {
    const fields = { token: 't', username: 'jane', 'as-uid': '7' };
    await expect(resolved(dev({ user: fields }))).rejects.toThrow(
      `${ofDev('user')}token and username or password are both set; as-uid, as-groups or as-user-extra is set without as`,
    );
  });

  test.each<[field: string, kind: string, fields: Fields]>([
    ['certificate-authority-data', 'cluster', cluster({ 'certificate-authority-data': 'DATA+OMITTED' })],
    ['token', 'user', user({ token: 'REDACTED' })],
    ['token', 'user', user({ token: 'DATA+OMITTED' })],
    ...['id-token', 'refresh-token', 'client-secret'].map((field): [string, string, Fields] => [
      `${field} of its auth-provider`,
      'user',
      user({ 'auth-provider': { name: 'oidc', config: { [field]: 'REDACTED' } } }),
    ]),
    ['password', 'user', user({ username: 'jane', password: 'REDACTED' })],
    ['client-key-data', 'user', user({ 'client-certificate': 'c', 'client-key-data': 'DATA+OMITTED' })],
  ])('the %s that was left out, and says how to get it', async (field, kind, fields) => {
    await expect(resolved(dev(fields))).rejects.toMatchObject({
      message: `${ofDev(kind)}${field} was left out when the file was printed`,
      hint: 'kubectl config view --raw --flatten (or view-config --raw --flatten), where it came from, prints it whole',
    });
  });

  test.each<[problem: string, context: Record<string, unknown>]>([
    ['its cluster "gone" is not in the kubeconfig', { cluster: 'gone' }],
    ['it names no cluster', { cluster: '' }],
    ['its user "gone" is not in the kubeconfig', { user: 'gone' }],
    [
      'its namespace "Team_A" is not valid: it must be lower-case letters, digits and dashes, at most 63',
      { namespace: 'Team_A' },
    ],
    [
      'its namespace "../x" is not valid: it must be lower-case letters, digits and dashes, at most 63',
      { namespace: '../x' },
    ],
  ])('a context if %s', async (problem, context) => {
    await expect(resolved(dev({ context }))).rejects.toThrow(ofDev('context') + problem);
  });

  test('a namespace of the flag that is none', async () => {
    await expect(resolved(dev(), { namespace: 'a'.repeat(64) })).rejects.toMatchObject({
      name: 'UsageError',
      reason: 'NamespaceInvalid',
    });
  });

  test.each<[kind: string, choice: ClusterChoice]>([
    ['context', { context: 'dve' }],
    ['cluster', { cluster: 'dve' }],
    ['cluster', { context: 'dev', cluster: 'dve', server: 'https://h' }],
    ['user', { user: 'dve' }],
  ])('a %s of the flags that does not exist', async (kind, choice) => {
    await expect(resolved(dev(), choice)).rejects.toMatchObject({
      name: 'NotFoundError',
      message: `Cannot find ${kind} "dve": the kubeconfig has "dev"`,
      hint: `Did you mean --${kind} dev?`,
    });
  });

  test('to take localhost for an empty kubeconfig, as client-node and kubectl do', async () => {
    await expect(resolved({})).rejects.toThrow(
      'Cannot choose a cluster: kubeconfig "/home/jane/.kube/config" has no contexts',
    );
  });

  test('to choose between contexts', async () => {
    await expect(resolved({ ...dev(), currentContext: '' })).rejects.toThrow(
      'Cannot choose a context: no context is current: "dev"',
    );
  });
});

describe('resolveClusterAccess() does not mind', () => {
  test('other entries that are broken', async () => {
    const { clusters, contexts, users } = dev();
    const spec = {
      clusters: { ...clusters, broken: { server: 'ftp://x', 'proxy-url': 'x' } },
      users: { ...users, broken: { token: 't', username: 'u' } },
      contexts: { ...contexts, broken: { cluster: 'gone', user: 'gone', namespace: 'No_Name' } },
      currentContext: 'dev',
    };
    expect((await resolved(spec)).cluster.name).toBe('dev');
  });

  test('a CA beside insecure-skip-tls-verify over plain http, like client-go: it looks at neither', async () => {
    const fields = { server: 'http://h', 'certificate-authority': 'ca.crt', 'insecure-skip-tls-verify': true };
    expect((await resolved(dev({ cluster: fields }))).cluster.insecureSkipTlsVerify).toBe(false);
  });
});

function plugin(fields: Record<string, unknown>): Record<string, unknown> {
  return { command: 'plugin', apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'Never', ...fields };
}
