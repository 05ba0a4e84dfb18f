import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { checkIdentity, sentServerName } from '../../lib/transport/server-identity.ts';
import { certificateFor, type WrittenAltName } from '../support/alt-names.ts';

const peer = (names: readonly WrittenAltName[], commonName?: string) =>
  new X509Certificate(certificateFor(names, commonName === undefined ? {} : { commonName }).certPem).toLegacyObject();

const usual: WrittenAltName[] = ['DNS:localhost', 'DNS:*.Example.com', 'IP:127.0.0.1', 'IP:::1', 'IP:fd00::10:0:0:1'];

// what Go says of each is in test/wire: identity-rows.ts
describe('checkIdentity()', () => {
  test.each<[name: string, names: readonly WrittenAltName[]]>([
    ...['127.0.0.1', '::1', '[::1]', '0:0:0:0:0:0:0:1', 'fd00::10:0:0:1', '::ffff:127.0.0.1', '::ffff:7f00:1'].map(
      (name): [string, WrittenAltName[]] => [name, usual],
    ),
    ...['localhost', 'LocalHost', 'localhost.', 'api.example.com', 'API.example.com.'].map(
      (name): [string, WrittenAltName[]] => [name, usual],
    ),
    ['127.0.0.1', ['IP:::ffff:7f00:1']],
    ['api.corp', ['DNS:*.corp']],
    ['under_score.test', ['DNS:under_score.test']],
    ['-x', ['DNS:-X']],
    ['*', ['DNS:*']],
    ['a b', ['DNS:A B']],
    ['b.test', ['DNS:a, DNS:"', 'DNS:b.test', 'dirName:x', 'RID:1.2.3']],
  ])('takes for %s a certificate with the names %j', (name, names) => {
    expect(checkIdentity(name, peer(names))).toBeUndefined();
  });

  test.each<[name: string, names: readonly WrittenAltName[]]>([
    ...['127.0.0.2', '::2', '::1%lo', '::127.0.0.1', '127.0.0.01'].map((name): [string, WrittenAltName[]] => [
      name,
      usual,
    ]),
    ...['example.com', 'a.b.example.com', 'localhos', 'localhost..', '.', ''].map(
      (name): [string, WrittenAltName[]] => [name, usual],
    ),
    ['ab.wild.test', ['DNS:a*.wild.test']],
    ['a.b.test', ['DNS:a.*.test']],
    ['localhost', ['DNS:localhost.']],
    ['localhost', ['DNS:*']],
    ['a..test', ['DNS:*..test']],
    ['-x.test', ['DNS:*.test']],
    ['\u212Aube', ['DNS:kube']],
    ['127.0.0.1', ['DNS:127.0.0.1']],
    ['localhost', ['URI:https://localhost/', 'email:localhost']],
    ['localhost', ['dirName:x, DNS:localhost']],
    ['localhost', ['DNS:x, DNS:localhost']],
    ['localhost', ['URI:https://x/", DNS:localhost']],
    ['localhost', ['DNS:localhost\0.evil.test']],
    ['', ['DNS:']],
    ['.', ['DNS:.']],
  ])('refuses for %s a certificate with the names %j', (name, names) => {
    expect(checkIdentity(name, peer(names))).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID', host: name });
  });

  test.each(['localhost', '127.0.0.1'])('takes %s from no common name', (name) => {
    expect(checkIdentity(name, peer([], name))).toMatchObject({ certificateNames: '' });
    expect(checkIdentity(name, peer(['email:a@b.test', 'URI:urn:x'], name))).toMatchObject({ certificateNames: '' });
  });

  test.each([
    'DNS:localhost, DNS:"\\u00fc"',
    'DNS:localhost, IP Address:<invalid length=5>',
    'DNS:localhost, DNS:"\\q"',
  ])('refuses a certificate that Go does not read: %s', (subjectaltname) => {
    expect(checkIdentity('localhost', { subjectaltname })).toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_FORMAT',
      certificateNames: subjectaltname.slice('DNS:localhost, '.length),
    });
  });

  test('says which names and addresses the certificate is for, and nothing else of it', () => {
    const certificate = peer(['email:a@b.test', 'DNS:a*.test', 'DNS:a, DNS:b', 'IP:fd00::1', 'URI:urn:x']);
    expect(checkIdentity('localhost', certificate)).toMatchObject({
      host: 'localhost',
      certificateNames: String.raw`DNS:a*.test, DNS:"a\u002c DNS:b", IP Address:fd00::1`,
    });
  });
});

test.each([
  ['localhost', 'localhost'],
  ['localhost.', 'localhost'],
  ['10.0.0.1', ''],
  ['::1', ''],
  ['[::1]', ''],
  ['fe80::1%lo', ''],
  ['[x]', '[x]'],
  ['.', ''],
])('sentServerName() makes of %s what Go sends: %j', (name, sent) => {
  expect(sentServerName(name)).toBe(sent);
});
