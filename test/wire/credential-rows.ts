import { execCredential, prints } from '../support/plugin.ts';
import { testAuthority } from '../support/scripted-server.ts';
import { base64, type WireRow } from './observe.ts';

const alice = testAuthority.issue({ commonName: 'alice', usage: 'client' });
const bob = testAuthority.issue({ commonName: 'bob', usage: 'client' });
const asFile = { 'client-certificate': 'pki/alice.crt', 'client-key': './pki/alice.key' };
const asData = { 'client-certificate-data': base64(bob.certPem), 'client-key-data': base64(bob.keyPem) };
const files = { 'pki/alice.crt': alice.certPem, 'pki/alice.key': alice.keyPem };
const oidc = { 'idp-issuer-url': 'https://127.0.0.1:1', 'client-id': 'cli' };
const block = (type: string, text: string) => `-----BEGIN ${type}-----\n${text}\n-----END ${type}-----\n`;
const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: './plugin', interactiveMode: 'Never' };

/** Who calls: each kind of credential, alone and beside another. */
export const credentialRows: readonly WireRow[] = [
  { name: 'a token', user: { token: 'tok-1' } },
  ...[
    'kubeconfig-u-abc:xyz',
    'two words',
    ' spaces around ',
    'a\ttab',
    'jäne€😀',
    'a\u00a0no-break space\u00a0',
    '<html>{"a":[1]}\\;,=',
    'line\nbreak',
    'tok-1\n',
    'tok-1\r',
    'nul\0',
    'delete\u007f',
    'c1\u009b',
    '\ufefftok-1',
    'Bearer tok-1',
  ].flatMap((token): WireRow[] => [
    { name: `the token ${JSON.stringify(token)}`, user: { token } },
    { name: `${JSON.stringify(token)} in a tokenFile`, user: { tokenFile: 'token' }, files: { token } },
    {
      name: `the token ${JSON.stringify(token)} of an exec plugin`,
      user: { exec },
      plugin: prints(execCredential({ token })),
    },
  ]),
  { name: 'a token of spaces', user: { token: '   ' } },
  { name: 'a tokenFile', user: { tokenFile: 'token' }, files: { token: 'tok-2' } },
  { name: 'a tokenFile with white space around', user: { tokenFile: './token' }, files: { token: ' tok-2 \n\n' } },
  { name: 'a tokenFile in a directory', user: { tokenFile: 'pki/../pki/token' }, files: { 'pki/token': 'tok-2' } },
  { name: 'a tokenFile beside a token', user: { token: 'tok-1', tokenFile: 'token' }, files: { token: 'tok-2' } },
  { name: 'a tokenFile that is missing', user: { tokenFile: 'token' } },
  { name: 'a tokenFile that is missing beside a token', user: { token: 'tok-1', tokenFile: 'token' } },
  { name: 'an empty tokenFile', user: { tokenFile: 'token' }, files: { token: '' } },
  { name: 'an empty tokenFile beside a token', user: { token: 'tok-1', tokenFile: 'token' }, files: { token: '\n' } },
  { name: 'username and password', user: { username: 'jane', password: 'pass:wörd' } },
  { name: 'a username alone', user: { username: 'jane' } },
  { name: 'username and password beside a token', user: { username: 'jane', password: 'p', token: 'tok-1' } },
  { name: 'a password beside a token', user: { password: 'p', token: 'tok-1' } },
  {
    name: 'a username beside a tokenFile',
    user: { username: 'jane', password: 'p', tokenFile: 'token' },
    files: { token: 'tok-2' },
  },
  { name: 'a client certificate in files', user: asFile, files },
  { name: 'a client certificate as data', user: asData },
  { name: 'a client certificate in files and another as data', user: { ...asFile, ...asData }, files },
  {
    name: 'a certificate in a file with its key as data',
    user: { 'client-certificate': 'pki/alice.crt', 'client-key-data': base64(alice.keyPem) },
    files,
  },
  {
    name: 'a certificate as data with its key in a file',
    user: { 'client-certificate-data': base64(alice.certPem), 'client-key': 'pki/alice.key' },
    files,
  },
  { name: 'a key in a file and as data', user: { ...asData, 'client-key': 'pki/alice.key' }, files },
  { name: 'a client certificate beside a token', user: { ...asData, token: 'tok-1' } },
  { name: 'a client certificate beside username and password', user: { ...asData, username: 'jane', password: 'p' } },
  { name: 'a client certificate without a key', user: { 'client-certificate-data': base64(bob.certPem) } },
  { name: "a client certificate with another's key", user: { ...asData, 'client-key-data': base64(alice.keyPem) } },
  { name: 'a client certificate that is none', user: { ...asData, 'client-certificate-data': base64('x') } },
  { name: 'a client certificate that is missing', user: asFile },
  ...Object.entries({
    'a rubbish certificate behind it': `${bob.certPem}${block('CERTIFICATE', base64('rubbish'))}`,
    'a rubbish certificate before it': `${block('CERTIFICATE', base64('rubbish'))}${bob.certPem}`,
    'what is not base64 behind it': `${bob.certPem}${block('CERTIFICATE', '*')}`,
    'what is not base64 before it': `${block('CERTIFICATE', '*')}${bob.certPem}`,
    'a certificate behind it that is cut off': `${bob.certPem}-----BEGIN CERTIFICATE-----\nAAAA\n`,
    'its authority behind it': `${bob.certPem}${testAuthority.certPem}`,
    'its key before it': `${bob.keyPem}${bob.certPem}`,
    'a name that OpenSSL alone knows': bob.certPem.replaceAll('CERTIFICATE', 'TRUSTED CERTIFICATE'),
    'an old name that OpenSSL alone knows': bob.certPem.replaceAll('CERTIFICATE', 'X509 CERTIFICATE'),
    'spaces before it': bob.certPem.replace(/^/u, '  '),
    'line ends of Windows': bob.certPem.replaceAll('\n', '\r\n'),
  }).map(([name, pem]) => ({
    name: `a client certificate with ${name}`,
    user: { ...asData, 'client-certificate-data': base64(pem) },
  })),
  { name: 'an exec plugin with a token', user: { exec }, plugin: prints(execCredential({ token: 'tok-3' })) },
  {
    name: 'an exec plugin with a certificate',
    user: { exec },
    plugin: prints(execCredential({ clientCertificateData: alice.certPem, clientKeyData: alice.keyPem })),
  },
  {
    name: 'an exec plugin beside a token',
    user: { exec, token: 'tok-1' },
    plugin: prints(execCredential({ token: 'tok-3' })),
  },
  {
    name: 'an exec plugin beside username and password',
    user: { exec, username: 'jane', password: 'p' },
    plugin: prints(execCredential({ token: 'tok-3' })),
  },
  { name: 'an exec plugin that fails', user: { exec }, plugin: 'exit 7' },
  { name: 'an exec plugin that is missing', user: { exec } },
  ...Object.entries({
    gcp: { name: 'gcp' },
    azure: { name: 'azure' },
    'auth-provider of a name that nobody knows': { name: 'openstack' },
    'auth-provider without a name': { name: '' },
    'oidc without a configuration': { name: 'oidc' },
    'oidc without a client': { name: 'oidc', config: { 'idp-issuer-url': 'https://127.0.0.1:1' } },
    oidc: { name: 'oidc', config: oidc },
    'oidc with a CA that is missing': { name: 'oidc', config: { ...oidc, 'idp-certificate-authority': '/none/ca' } },
    'oidc with CA data that is no base64': { name: 'oidc', config: { ...oidc, 'idp-certificate-authority-data': '*' } },
    'oidc with CA data that is none': {
      name: 'oidc',
      config: { ...oidc, 'idp-certificate-authority-data': base64('nothing') },
    },
  }).flatMap(([name, provider]): WireRow[] => [
    { name, user: { 'auth-provider': provider } },
    { name: `${name} beside a token`, user: { token: 'tok-1', 'auth-provider': provider } },
    {
      name: `${name} beside a tokenFile`,
      user: { tokenFile: 'token', 'auth-provider': provider },
      files: { token: 'tok-2' },
    },
    { name: `${name} beside username and password`, user: { username: 'j', password: 'p', 'auth-provider': provider } },
    { name: `${name} beside a client certificate`, user: { ...asData, 'auth-provider': provider } },
    {
      name: `${name} beside an exec plugin`,
      user: { exec, 'auth-provider': provider },
      plugin: prints(execCredential({ token: 'tok-3' })),
    },
  ]),
  {
    name: 'gcp beside a token over plain http, where no user is looked at',
    user: { token: 'tok-1', 'auth-provider': { name: 'gcp' } },
    cluster: { 'certificate-authority-data': undefined },
    server: { certificate: false },
  },
  { name: 'impersonation', user: { token: 'tok-1', as: 'alice', 'as-groups': ['a', 'b'], 'as-uid': '7' } },
  { name: 'impersonation with a client certificate', user: { ...asData, as: 'alice' } },
  {
    name: 'impersonation with a plugin',
    user: { exec, as: 'alice' },
    plugin: prints(execCredential({ token: 'tok-3' })),
  },
  { name: 'groups without a user', user: { token: 'tok-1', 'as-groups': ['a'] } },
  { name: '--as and --as-group', user: { token: 'tok-1', as: 'alice' }, flags: ['--as=bob', '--as-group', 'a'] },
  { name: 'a token that was redacted', user: { 'client-certificate-data': 'DATA+OMITTED' } },
];
