import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCommand } from '../support/run-command.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { legacyClaims, unsignedToken } from '../support/token.ts';

const now = () => Date.parse('2026-11-24T12:00:00Z');
const seconds = (iso: string) => Date.parse(iso) / 1000;

const bound = unsignedToken(
  {
    iss: 'https://kubernetes.default.svc',
    sub: 'system:serviceaccount:ci:ci-bot',
    aud: ['https://kubernetes.default.svc'],
    iat: seconds('2026-11-24T11:00:00Z'),
    exp: seconds('2026-11-24T13:30:00Z'),
    'kubernetes.io': { namespace: 'ci', serviceaccount: { name: 'ci-bot', uid: 'uid-1' } },
  },
  { alg: 'ES256', kid: 'k1' },
);

test('inspect-token reads a legacy token from a file: no expiry, and nothing verified', async () => {
  await using directory = await temporaryDirectory();
  await writeFile(join(directory.path, 'token'), `${unsignedToken(legacyClaims())}\n`);
  const { code, stdout, stderr } = await runCommand('inspect-token', ['token'], { cwd: directory.path, now });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Kind: +legacy token \(from a token Secret\)$/mu);
  expect(stdout).toMatch(/^Expires: +never: it is valid until its Secret is deleted$/mu);
  expect(stdout).toMatch(/^Verified: +no: decoding proves nothing$/mu);
  expect(stderr).toContain('Decoding proves nothing');
});

test('inspect-token reads a bound token from stdin, with its expiry in words', async () => {
  const { code, stdout } = await runCommand('inspect-token', ['-'], { stdin: bound, now });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Algorithm: +ES256$/mu);
  expect(stdout).toMatch(/^Issued: +2026-11-24T11:00:00\.000Z \(1 hour ago\)$/mu);
  expect(stdout).toMatch(/^Expires: +2026-11-24T13:30:00\.000Z \(in 1 hour 30 minutes\)$/mu);
});

test('inspect-token -o json is a document that says it is not verified', async () => {
  const later = () => Date.parse('2026-11-24T14:00:00Z');
  const { stdout } = await runCommand('inspect-token', ['-', '-o', 'json', '-q'], { stdin: bound, now: later });
  expect(JSON.parse(stdout)).toMatchObject({
    apiVersion: 'kube-sa-token/v1',
    kind: 'TokenInspection',
    tokenKind: 'bound',
    verified: false,
    expired: true,
    expiresAt: '2026-11-24T13:30:00.000Z',
    serviceAccount: { namespace: 'ci', name: 'ci-bot', uid: 'uid-1' },
  });
});

test("inspect-token escapes the claims, which may be anybody's text", async () => {
  const { stdout } = await runCommand('inspect-token', ['-'], {
    stdin: unsignedToken({ iss: '\u001B[31mred', sub: 'x' }),
    now,
  });
  expect(stdout).toContain(String.raw`\x1b[31mred`);
});

test.each([
  [[], '', /which token to decode: neither FILE nor --secret given/u],
  [['a', '--secret', 'b'], '', /which token to decode: both FILE and --secret given/u],
  [['a', '--context', 'dev'], '', /Cannot use --context without --secret/u],
  [['-', '-n', 'ci'], bound, /Cannot use --namespace without --secret/u],
  [['-', '--insecure-skip-tls-verify'], bound, /Cannot use --insecure-skip-tls-verify without --secret/u],
  [['-', '--request-timeout', '5s'], bound, /Cannot use --request-timeout without --secret/u],
  [['missing-file'], '', /Cannot read "missing-file": there is no such file/u],
  [['-'], '', /Cannot read a token from stdin: it is empty/u],
  [['-'], 'hunter2', /Cannot decode the token: it has 1 part instead of 3/u],
  [['-'], `Bearer ${bound}`, /from stdin: it begins with "Bearer"\nhint: /u],
  [['-'], `Authorization: Bearer ${bound}`, /from stdin: it begins with "Bearer"/u],
  [['-'], 'eyJhbGciOiJSU0EifQ.a.b.c.d', /it is encrypted \(a JWE\), not signed\nhint: .*never encrypted/u],
  [['-'], 'x'.repeat(2 ** 20 + 1), /from stdin: it has more than 1 MiB\n$/u],
  [['/dev/zero'], '', /from "\/dev\/zero": it has more than 1 MiB\n$/u],
  [['/'], '', /Cannot read "\/": it is a directory/u],
  [['eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln'], '', /Cannot use FILE: it takes the name of a file.*\nhint: .*stdin/u],
  [['eyJhbGciOiJSU0EifQ.a.b.c.d'], '', /Cannot use FILE: it takes the name of a file/u],
])('inspect-token %j with %j on stdin is exit 2', async (args, stdin, why) => {
  const { code, stdout, stderr } = await runCommand('inspect-token', args, { stdin, cwd: '/' });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(why);
  expect(stderr).not.toMatch(/hunter2|eyJ|redacted/u);
});

test.each([
  [{ exp: 'tomorrow' }, /^Expires: +unreadable: its claim exp is not a number$/mu, null],
  [{ exp: null }, /^Expires: +never$/mu, false],
  [{ exp: 1, iat: [] }, /^Issued: +unreadable: its claim iat is not a number$/mu, true],
])('inspect-token takes no time that it cannot read for none: %j', async (times, shown, expired) => {
  const stdin = unsignedToken({ sub: 'x', ...times });
  expect((await runCommand('inspect-token', ['-'], { stdin, now })).stdout).toMatch(shown);
  const { stdout } = await runCommand('inspect-token', ['-', '-o', 'json'], { stdin, now });
  expect(JSON.parse(stdout)).toMatchObject({ expired });
});
