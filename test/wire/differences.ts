import type { CertificateAndKey } from '../../lib/sandbox/certificates/authority.ts';
import { answer, type ScriptedServer, testAuthority } from '../support/scripted-server.ts';
import { oddCertificates, oddClientCertificates } from '../support/odd-certificates.ts';
import { base64, type Observation, type WireRow } from './observe.ts';

/** A row in which kubectl and our program differ on purpose, and how. */
export interface Difference extends WireRow {
  /** First cell of the README's table that says so. */
  readonly readme: string;
  readonly theirs: Expected;
  /** What a newer kubectl may do. */
  readonly newer?: Expected;
  readonly ours: Expected;
}

interface Expected {
  readonly ends: Observation['ends'];
  /** `path` and lines of identity of each request. */
  readonly requests: readonly (readonly [path: string, ...identity: string[]])[];
}

const user = { token: 'tok-1' };
const token = 'authorization: Bearer tok-1';
const nothing: Expected = { ends: 'badly', requests: [] };
const asked: Expected = { ends: 'well', requests: [['/probe', token]] };
const anonymous: Expected = { ends: 'well', requests: [['/probe']] };
const plain = { server: { certificate: false }, cluster: { 'certificate-authority-data': undefined } } as const;
const elsewhere = ({ requests, url }: ScriptedServer) =>
  requests.at(-1)?.path === '/probe' ? answer(302, '', { Location: `${url}/other` }) : answer(200, '{}');

// from it on, Node's OpenSSL takes no RSA key of less than 2048 bits
const takesShortKeys = Number.parseInt(process.versions.node, 10) < 24;
const old = { maxVersion: 'TLSv1.3' } as const; // the server itself then takes each key
const otherCa = { 'certificate-authority-data': undefined };
const usages = 'a server certificate for `anyExtendedKeyUsage` alone, or with a key usage that is not for TLS';
const shortKeys = 'an RSA key of less than 2048 bits, of a server, an authority or a client';
const otherKeys = "a server's RSA-PSS key, a client's key of the curve secp256k1";

const oddAddresses =
  'an address of a server or a proxy that is none to Go (`127.1`, `0x7f000001`, `010.0.0.1`, `127.0.0.1.`)';
const apiCertificate = testAuthority.issue({ commonName: 'api', usage: 'server', dnsNames: ['api.test'] });

const spaces =
  '`--as-user-extra` without a `=`, or without a key; spaces around a name, group, UID or value to impersonate';

export const differences: readonly Difference[] = [
  { name: 'no credential', readme: 'a user without a credential', theirs: nothing, ours: anonymous },
  {
    name: 'impersonation without a credential',
    readme: 'a user without a credential',
    user: { as: 'alice' },
    theirs: nothing,
    ours: { ends: 'well', requests: [['/probe', 'impersonate-user: alice']] },
  },
  {
    name: 'a key without a certificate',
    readme: 'a user without a credential',
    user: { 'client-key-data': base64(testAuthority.issue({ commonName: 'x', usage: 'client' }).keyPem) },
    theirs: nothing,
    ours: anonymous,
  },
  {
    name: 'a tokenFile of spaces',
    readme: 'a `tokenFile` of nothing but spaces',
    user: { tokenFile: 'token' },
    files: { token: '  ' },
    theirs: { ends: 'well', requests: [['/probe', 'authorization: Bearer']] },
    ours: nothing,
  },
  {
    name: 'a context that names a missing user',
    readme: 'a context that names a missing user',
    context: { user: 'other' },
    user,
    theirs: nothing, // it asks for a name
    ours: nothing,
  },
  {
    name: 'an empty flag value',
    readme: 'an empty flag value (`--context "$UNSET"`)',
    user,
    flags: ['--context='],
    theirs: asked,
    ours: nothing,
  },
  {
    name: 'spaces around the name of --as',
    readme: spaces,
    user,
    flags: ['--as', ' alice '],
    theirs: { ends: 'well', requests: [['/probe', token, 'impersonate-user: alice']] },
    ours: nothing,
  },
  {
    name: 'spaces around what is impersonated, in the kubeconfig',
    readme: spaces,
    user: { ...user, as: ' alice', 'as-groups': [' g '], 'as-uid': 'u ', 'as-user-extra': { k: [' v\t'] } },
    theirs: {
      ends: 'well',
      requests: [
        [
          '/probe',
          token,
          'impersonate-extra-k: v',
          'impersonate-group: g',
          'impersonate-uid: u',
          'impersonate-user: alice',
        ],
      ],
    },
    ours: nothing,
  },
  {
    name: "a name and a password in the server's URL",
    readme: "user and password in the server's URL",
    cluster: { server: 'https://jane:p@127.0.0.1:<port>' },
    user,
    theirs: { ends: 'well', requests: [['/probe', `authorization: Basic ${btoa('jane:p')}`]] },
    ours: nothing,
  },
  {
    name: 'a query',
    readme: 'a query',
    user,
    path: '/probe?b=x%20y&a=1',
    theirs: { ends: 'well', requests: [['/probe?a=1&b=x+y', token]] },
    ours: { ends: 'well', requests: [['/probe?b=x%20y&a=1', token]] },
  },
  {
    name: 'a redirect',
    readme: 'a redirect',
    user,
    answer: elsewhere,
    theirs: {
      ends: 'well',
      requests: [
        ['/probe', token],
        ['/other', token],
      ],
    },
    ours: { ends: 'badly', requests: [['/probe', token]] },
  },
  {
    name: 'a missing CA file over plain http',
    readme: 'files that plain http has no use for',
    ...plain,
    cluster: { ...plain.cluster, 'certificate-authority': 'missing' },
    theirs: nothing,
    ours: anonymous,
  },
  {
    name: 'a proxy variable that is no URL',
    readme: 'a proxy variable that is no URL',
    user,
    cluster: { server: 'https://0.0.0.0:<port>', 'tls-server-name': 'localhost' },
    env: { HTTPS_PROXY: 'pro xy:1' },
    theirs: asked,
    ours: nothing,
  },
  {
    name: 'a proxy variable without a host',
    readme: 'a proxy without a host (`:3128`)',
    user,
    server: { certificate: apiCertificate },
    cluster: { server: 'https://api.test:<port>' },
    env: { HTTPS_PROXY: ':<proxy>' },
    proxy: { protocol: 'http' },
    theirs: asked,
    ours: nothing,
  },
  {
    name: 'a proxy-url without a host',
    readme: 'a proxy without a host (`:3128`)',
    user,
    server: { certificate: apiCertificate },
    cluster: { server: 'https://api.test:<port>', 'proxy-url': 'http://:<proxy>' },
    proxy: { protocol: 'http' },
    theirs: asked,
    ours: nothing,
  },
  ...['127.1', '0x7f000001', '2130706433', '010.0.0.1', '127.0.0.1.'].map((host): Difference => ({
    name: `the server https://${host} through a proxy`,
    readme: oddAddresses,
    user,
    cluster: {
      server: `https://${host}:<port>`,
      'tls-server-name': 'localhost',
      'proxy-url': 'http://127.0.0.1:<proxy>',
    },
    proxy: { protocol: 'http' },
    theirs: asked,
    ours: nothing,
  })),
  {
    name: 'NODE_TLS_REJECT_UNAUTHORIZED=0',
    readme: '`NODE_TLS_REJECT_UNAUTHORIZED=0`',
    user,
    env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
    theirs: asked,
    ours: nothing,
  },
  {
    name: 'a certificate for any purpose',
    readme: usages,
    user,
    server: { certificate: oddCertificates.forAnyPurpose() },
    theirs: asked,
    ours: nothing,
  },
  {
    name: 'a certificate for the encipherment of data',
    readme: usages,
    user,
    server: { certificate: oddCertificates.forDataEncipherment() },
    theirs: asked,
    ours: nothing,
  },
  {
    name: 'a certificate for signing others',
    readme: usages,
    user,
    server: { certificate: oddCertificates.forCertificates() },
    theirs: asked,
    ours: nothing,
  },
  {
    name: 'a server with a short RSA key',
    readme: shortKeys,
    user,
    server: { ...old, certificate: oddCertificates.withShortKey() },
    theirs: asked,
    ours: takesShortKeys ? asked : nothing,
  },
  {
    name: 'an authority with a short RSA key',
    readme: shortKeys,
    user,
    server: { ...old, certificate: oddCertificates.ofShortKey() },
    theirs: asked,
    ours: takesShortKeys ? asked : nothing,
  },
  {
    name: 'a client with a short RSA key',
    readme: shortKeys,
    user: userOf(oddClientCertificates.withShortKey()),
    theirs: anonymous,
    ours: takesShortKeys ? anonymous : nothing,
  },
  {
    name: 'a server with an RSA-PSS key',
    readme: otherKeys,
    user,
    server: { certificate: oddCertificates.withPssKey() },
    theirs: nothing,
    ours: asked,
  },
  {
    name: 'a client with a key of the curve secp256k1',
    readme: otherKeys,
    user: userOf(oddClientCertificates.withBitcoinCurve()),
    theirs: nothing,
    ours: anonymous,
  },
  {
    name: 'NODE_EXTRA_CA_CERTS',
    readme: '`NODE_EXTRA_CA_CERTS`',
    user,
    cluster: otherCa,
    files: { ca: testAuthority.certPem },
    env: { NODE_EXTRA_CA_CERTS: '<dir>/ca' },
    theirs: nothing,
    ours: asked,
  },
  {
    name: 'an empty CA file',
    readme: 'an empty CA file',
    user,
    cluster: { ...otherCa, 'certificate-authority': 'empty' },
    files: { ca: testAuthority.certPem, empty: '' },
    env: { SSL_CERT_FILE: '<dir>/ca' },
    theirs: asked,
    newer: nothing, // from 1.36 on (client-go: ClientsAllowCARotation)
    ours: nothing,
  },
];

function userOf({ certPem, keyPem }: CertificateAndKey): Record<string, string> {
  return { 'client-certificate-data': base64(certPem), 'client-key-data': base64(keyPem) };
}
