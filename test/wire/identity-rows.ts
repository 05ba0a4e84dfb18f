import { certificateFor, type WrittenAltName } from '../support/alt-names.ts';
import type { WireRow } from './observe.ts';

const user = { token: 'tok-1' };
const usual: readonly WrittenAltName[] = [
  'DNS:kubernetes.default.svc',
  'DNS:*.Wild.test',
  'IP:10.96.0.1',
  'IP:fd00::1',
];

/** By `tls-server-name`. */
const names: readonly (readonly [name: string, names: readonly WrittenAltName[], commonName?: string])[] = [
  ['kubernetes.default.svc', usual],
  ['Kubernetes.Default.SVC', usual],
  ['kubernetes.default.svc.', usual],
  ['kubernetes.default.svc..', usual],
  ['a.wild.test', usual],
  ['A.WILD.test.', usual],
  ['wild.test', usual],
  ['a.b.wild.test', usual],
  ['10.96.0.1', usual],
  ['[10.96.0.1]', usual],
  ['::ffff:10.96.0.1', usual],
  ['[::ffff:a60:1]', usual],
  ['10.96.0.2', usual],
  ['fd00::1', usual],
  ['[fd00:0:0:0::1]', usual],
  ['fd00::1%lo', usual],
  ['10.96.0.1', ['IP:::ffff:a60:1']],
  ['::1', []],
  ['localhost', [], 'localhost'],
  ['127.0.0.1', [], '127.0.0.1'],
  ['localhost', ['email:localhost', 'URI:https://localhost/'], 'localhost'],
  ['localhost', ['DNS:other.test'], 'localhost'],
  ['10.96.0.1', ['DNS:10.96.0.1']],
  ['ab.wild.test', ['DNS:a*.wild.test']],
  ['a.b.test', ['DNS:a.*.test']],
  ['localhost', ['DNS:localhost.']],
  ['localhost.', ['DNS:localhost.']],
  ['localhost', ['DNS:*']],
  ['api.corp', ['DNS:*.corp']],
  ['under_score.test', ['DNS:*.test']],
  ['-x.test', ['DNS:*.test']],
  ['-x.test', ['DNS:-X.test']],
  ['localhost', ['dirName:x, DNS:localhost']],
  ['localhost', ['DNS:x, DNS:localhost']],
  ['localhost', ['DNS:localhost\0.evil.test']],
  ['localhost', ['DNS:localhost', 'DNS:l\u00F6calhost']],
  ['localhost', ['DNS:localhost', 'RID:1.2.3', 'dirName:x']],
];

/** For whom a certificate is, to Go. */
export const identityRows: readonly WireRow[] = [
  ...names.map(([name, written, commonName]) => ({
    name: `${name} of a certificate for ${JSON.stringify(written)}${commonName === undefined ? '' : `, CN=${commonName}`}`,
    cluster: { 'tls-server-name': name },
    user,
    server: { certificate: certificateFor(written, commonName === undefined ? {} : { commonName }) },
  })),
  ...['localhost', 'localhost.', '127.0.0.1'].flatMap((host) =>
    [['DNS:localhost', 'IP:127.0.0.1'] as const, ['DNS:localhost.'] as const].map((written) => ({
      name: `https://${host} of a certificate for ${JSON.stringify(written)}`,
      cluster: { server: `https://${host}:<port>` },
      user,
      server: { certificate: certificateFor(written) },
    })),
  ),
];
