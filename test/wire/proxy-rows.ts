import { otherAuthority, testAuthority } from '../support/scripted-server.ts';
import { base64, type WireRow } from './observe.ts';

const user = { token: 'tok-1' };
const names = { dnsNames: ['api.test', 'tls.test'], ipAddresses: ['fd00::1', '192.0.2.7', '127.0.0.1'] };
const certificate = testAuthority.issue({ commonName: 'api', usage: 'server', ...names });
const carol = testAuthority.issue({ commonName: 'carol', usage: 'client' });
const untrusted = otherAuthority.issue({ commonName: 'proxy', usage: 'server', ipAddresses: ['127.0.0.1'] });
const protocols = ['http', 'https', 'socks5'] as const;
const server = { certificate };
const plain = { certificate: false } as const;
const api = 'https://api.test:<port>';

/** By which way calls go: each kind of proxy from each source, what excepts a server from it, and proxies that refuse. */
export const proxyRows: readonly WireRow[] = [
  ...protocols.flatMap((protocol): WireRow[] => {
    const url = `${protocol}://127.0.0.1:<proxy>`;
    const login = `${protocol}://jane:p%40s%20s@127.0.0.1:<proxy>`;
    const common = { user, server, proxy: { protocol } };
    return [
      { ...common, name: `proxy-url of ${protocol}`, cluster: { server: api, 'proxy-url': url } },
      { ...common, name: `HTTPS_PROXY of ${protocol}`, cluster: { server: api }, env: { HTTPS_PROXY: url } },
      {
        ...common,
        name: `${protocol}: name and password`,
        cluster: { server: `${api}/prefix/`, 'proxy-url': login },
        version: true,
      },
      {
        ...common,
        name: `${protocol}: name and password in the environment`,
        cluster: { server: api },
        env: { https_proxy: login },
      },
      {
        ...common,
        name: `${protocol}: a name alone`,
        cluster: { server: api, 'proxy-url': `${protocol}://jane@127.0.0.1:<proxy>` },
      },
      {
        ...common,
        name: `${protocol}: a wrong password`,
        cluster: { server: api, 'proxy-url': login },
        proxy: { protocol, login: 'jane:other' },
      },
      {
        ...common,
        name: `${protocol}: no password where one is wanted`,
        cluster: { server: api, 'proxy-url': url },
        proxy: { protocol, login: 'jane:p' },
      },
      {
        ...common,
        name: `${protocol}: to an IPv6 address`,
        cluster: { server: 'https://[fd00::1]:<port>', 'proxy-url': url },
      },
      {
        ...common,
        name: `${protocol}: to an IPv4 address`,
        cluster: { server: 'https://192.0.2.7:<port>', 'proxy-url': url },
      },
      {
        ...common,
        name: `${protocol}: a tls-server-name`,
        cluster: { server: 'https://192.0.2.8:<port>', 'proxy-url': url, 'tls-server-name': 'tls.test' },
        proxy: { protocol, certificate },
      },
      {
        ...common,
        name: `${protocol}: a tls-server-name that is not the proxy's`,
        leavesProxy: protocol === 'https',
        cluster: { server: 'https://192.0.2.8:<port>', 'proxy-url': url, 'tls-server-name': 'tls.test' },
      },
      {
        ...common,
        name: `${protocol}: a client certificate`,
        cluster: { server: api, 'proxy-url': url },
        user: { 'client-certificate-data': base64(carol.certPem), 'client-key-data': base64(carol.keyPem) },
      },
      {
        ...common,
        name: `${protocol}: a server of another CA`,
        cluster: { server: api, 'proxy-url': url, 'certificate-authority-data': base64(otherAuthority.certPem) },
        proxy: { protocol, certificate: untrusted },
      },
      {
        ...common,
        name: `${protocol}: a server of another name`,
        cluster: { server: 'https://other.test:<port>', 'proxy-url': url },
      },
      {
        ...common,
        name: `${protocol}: insecure-skip-tls-verify`,
        cluster: {
          server: 'https://other.test:<port>',
          'proxy-url': url,
          'certificate-authority-data': undefined,
          'insecure-skip-tls-verify': true,
        },
        proxy: { protocol, certificate: untrusted },
      },
      {
        ...common,
        name: `${protocol}: a proxy that refuses`,
        cluster: { server: api, 'proxy-url': url },
        proxy: { protocol, refusal: protocol === 'socks5' ? 2 : '403 Forbidden' },
      },
      {
        ...common,
        name: `${protocol}: localhost is no exception to proxy-url`,
        cluster: { server: 'https://127.0.0.1:<port>', 'proxy-url': url },
        env: { NO_PROXY: '*' },
      },
      {
        ...common,
        name: `${protocol}: localhost is an exception to HTTPS_PROXY`,
        leavesProxy: true,
        cluster: { server: 'https://127.0.0.1:<port>' },
        env: { HTTPS_PROXY: url },
      },
      {
        ...common,
        name: `${protocol}: impersonation`,
        cluster: { server: api, 'proxy-url': url },
        user: { ...user, as: 'alice' },
      },
    ];
  }),
  ...(['http', 'socks5'] as const).flatMap((protocol): WireRow[] => {
    const login = `${protocol}://jane:p%40s%20s@127.0.0.1:<proxy>`;
    const common = { user: {}, server: plain, proxy: { protocol } };
    return [
      {
        ...common,
        name: `${protocol}: plain http by proxy-url`,
        cluster: { server: 'http://api.test:<port>/prefix', 'proxy-url': login },
        version: true,
      },
      {
        ...common,
        name: `${protocol}: plain http by HTTP_PROXY`,
        user: { token: 'tok-1' },
        cluster: { server: 'http://api.test:<port>' },
        env: { HTTP_PROXY: login, HTTPS_PROXY: 'http://127.0.0.1:1' },
      },
    ];
  }),
  {
    name: 'a proxy of https that is not of the CA',
    leavesProxy: true,
    user,
    server,
    cluster: { server: api, 'proxy-url': 'https://jane:p@127.0.0.1:<proxy>' },
    proxy: { protocol: 'https', certificate: untrusted },
  },
  {
    name: 'a proxy of https on the way to plain http, which the system does not know',
    leavesProxy: true,
    server: plain,
    cluster: { server: 'http://api.test:<port>', 'proxy-url': 'https://127.0.0.1:<proxy>' },
    proxy: { protocol: 'https' },
  },
  ...environment({
    'HTTP_PROXY does not count for https': { HTTP_PROXY: 'http://127.0.0.1:<proxy>' },
    'ALL_PROXY does not count': { ALL_PROXY: 'http://127.0.0.1:<proxy>', all_proxy: 'http://127.0.0.1:<proxy>' },
    'HTTPS_PROXY before https_proxy': { HTTPS_PROXY: 'http://127.0.0.1:<proxy>', https_proxy: 'http://127.0.0.1:1' },
    'an empty HTTPS_PROXY': { HTTPS_PROXY: '', https_proxy: 'http://127.0.0.1:<proxy>' },
    'a proxy without a scheme': { HTTPS_PROXY: '127.0.0.1:<proxy>' },
    'a proxy without a scheme, by name': { HTTPS_PROXY: 'localhost:<proxy>' },
    'a proxy without a scheme, with a login': { HTTPS_PROXY: 'jane:p@localhost:<proxy>' },
    'a proxy with a path': { HTTPS_PROXY: 'http://127.0.0.1:<proxy>/path?x#y' },
    'a proxy in capitals': { HTTPS_PROXY: 'HTTP://LOCALHOST:<proxy>' },
    'a proxy with a scheme that nobody knows': { HTTPS_PROXY: 'gopher://127.0.0.1:<proxy>' },
    'NO_PROXY of another host': { HTTPS_PROXY: 'http://127.0.0.1:<proxy>', NO_PROXY: 'other.test,10.0.0.0/8' },
    'NO_PROXY with another port': { HTTPS_PROXY: 'http://127.0.0.1:<proxy>', no_proxy: 'api.test:1' },
    'an empty NO_PROXY': { HTTPS_PROXY: 'http://127.0.0.1:<proxy>', NO_PROXY: '', no_proxy: 'other.test' },
  }),
  {
    name: 'socks5h in the environment',
    user,
    server,
    cluster: { server: api },
    env: { HTTPS_PROXY: 'socks5h://127.0.0.1:<proxy>' },
    proxy: { protocol: 'socks5' },
  },
  ...[
    'socks5h://127.0.0.1:<proxy>',
    'ftp://127.0.0.1:<proxy>',
    '127.0.0.1:<proxy>',
    'localhost:<proxy>',
    'http://a b:<proxy>',
    'http://127.0.0.1:x',
    'http://j:%zz@127.0.0.1:<proxy>',
    '//127.0.0.1:<proxy>',
  ].map((url): WireRow => ({
    name: `proxy-url ${url}`,
    leavesProxy: true,
    user,
    server,
    cluster: { server: api, 'proxy-url': url },
    proxy: { protocol: 'http' },
  })),
  { name: 'a proxy that nobody listens at', user, server, cluster: { server: api, 'proxy-url': 'http://127.0.0.1:1' } },
  {
    name: 'proxy-url before HTTPS_PROXY',
    user,
    server,
    cluster: { server: api, 'proxy-url': 'http://127.0.0.1:<proxy>' },
    env: { HTTPS_PROXY: 'http://127.0.0.1:1' },
    proxy: { protocol: 'http' },
  },
  {
    name: '--server goes by the proxy of the cluster',
    user,
    server,
    cluster: { server: 'https://127.0.0.1:1', 'proxy-url': 'http://127.0.0.1:<proxy>' },
    flags: ['--server', api],
    proxy: { protocol: 'http' },
  },
];

function environment(rows: Readonly<Record<string, Readonly<Record<string, string>>>>): WireRow[] {
  return Object.entries(rows).map(([name, env]) => ({
    name,
    user,
    server,
    cluster: { server: name.includes('does not count') ? 'https://127.0.0.1:<port>' : api },
    env,
    leavesProxy: name.includes('does not count'),
    proxy: { protocol: 'http' },
  }));
}
