import { describe, expect, test } from 'vitest';
import type { FaultName } from '../../../lib/sandbox/faults/names.ts';
import { runBroken } from '../../support/broken-sandbox.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';
const made = `POST ${configMaps} --data {"metadata":{"name":"x"}}`;
const inDoubt = 'hint: It may have been done all the same: look before you repeat it\n';
// oxlint-disable-next-line no-control-regex -- control characters are what this is about
const unescaped = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/u;

interface Told {
  readonly code: number;
  readonly stderr: RegExp | string;
  readonly stdout?: RegExp | string;
}

describe('call-api', () => {
  test.each<[FaultName, string, Told]>([
    ['error-page', made, { code: 1, stderr: inDoubt, stdout: /^<html>/u }],
    ['truncated', made, { code: 3, stderr: inDoubt, stdout: /^\{"kind":"ConfigMap",[^}]*$/u }],
    ['truncated', configMaps, { code: 3, stderr: /broke off in the middle of its answer .*\n$/u }],
    ['truncated', `${configMaps} --all-pages`, { code: 3, stderr: 'broke off in the middle', stdout: /^$/u }],
    [
      'split-chunks',
      `${configMaps} --all-pages -o json`,
      { code: 0, stderr: 'Calling', stdout: /"kube-root-ca\.crt"/u },
    ],
    ['login-page', '/api', { code: 1, stderr: 'the answer is a web page (HTML)' }],
    ['login-page', `${configMaps} --watch`, { code: 1, stderr: 'the answer is a web page (HTML)' }],
    ['login-page', `${configMaps} --all-pages`, { code: 1, stderr: 'with an HTML page "Sign in"', stdout: /^$/u }],
    ['redirect', '/api', { code: 1, stderr: /302 Found.*\nhint: API servers do not redirect/u }],
    [
      'reset-watch',
      `${configMaps} --watch`,
      { code: 3, stderr: 'broke off in the middle of its answer', stdout: /^$/u },
    ],
    ['expired-watch', `${configMaps} --watch`, { code: 1, stderr: '410 Gone: The resourceVersion for the provided' }],
    ['gone-watch', `${configMaps} --watch`, { code: 1, stderr: '410 Gone: The resourceVersion for the provided' }],
    [
      'clamped-expiry',
      'POST /api/v1/namespaces/default/serviceaccounts/default/token --data {"spec":{"expirationSeconds":86400}}',
      {
        code: 0,
        stderr: 'warning: the API server says: requested expiration of 86400 seconds shortened to 3600 seconds\n',
      },
    ],
    ['flapping-401', '/api --service-account default', { code: 4, stderr: '401 Unauthorized' }],
    [
      'large-lists',
      `${configMaps} --all-pages`,
      { code: 1, stderr: /to its end: it took so long that the server has forgotten .*\nhint: Begin again/u },
    ],
    ['large-lists', configMaps, { code: 0, stderr: 'Calling', stdout: /"part-1200"/u }],
  ])('on a sandbox with %s: %s', async (fault, args, { code, stderr, stdout = '' }) => {
    const run = await runBroken(fault, `call-api ${args}`);
    expect(run.code).toBe(code);
    expect(run.stderr).toMatch(stderr);
    expect(run.stdout).toMatch(stdout);
  });
});

describe('list-clusters --probe', () => {
  test.each<[FaultName, Told]>([
    [
      'expired-certificate',
      { code: 3, stderr: /its certificate has expired .*\nhint: It presents a certificate for/u },
    ],
    ['other-ca', { code: 3, stderr: 'does not contain its authority' }],
    ['wrong-name', { code: 3, stderr: 'its certificate is for DNS:kubernetes.example.com' }],
    ['login-page', { code: 1, stderr: 'with an HTML page "Sign in"' }],
    ['redirect', { code: 1, stderr: 'redirects to "https://login.example.com/" (302), which is not followed' }],
  ])('on a sandbox with %s tells why, its table complete', async (fault, { code, stderr }) => {
    const run = await runBroken(fault, 'list-clusters --probe');
    expect(run.code).toBe(code);
    expect(run.stderr).toMatch(stderr);
    expect(run.stdout).toMatch(/^CURRENT .*REACHABLE.*\n\* +sandbox .* no .*\n$/u);
  });

  test('--tls-server-name of the certificate makes the server with wrong-name reachable', async () => {
    const flag = '--tls-server-name kubernetes.example.com';
    expect(await runBroken('wrong-name', `call-api /api ${flag}`)).toMatchObject({ code: 0 });
  });
});

test.each([
  ['list-clusters --probe', 0, String.raw`v1.37.2+sandbox\x1b]0;owned\x07\x1b[2J\x9b31m\u{202e}`],
  ['call-api /api/v1/namespaces/default/secrets/nope -q', 3, String.raw`404 Not Found: \x1b]0;owned\x07`],
  ['inspect-token --secret nope', 3, String.raw`\x1b]0;owned\x07\x1b[2J\x9b31m\u{202e}secrets "nope" not found`],
])('%s shows escape sequences of a server as text', async (commandLine, code, text) => {
  const { code: ended, stderr, stdout } = await runBroken('terminal-escapes', commandLine);
  expect(ended).toBe(code);
  expect(`${stdout}${stderr}`).toContain(text);
  expect(stderr).not.toMatch(unescaped);
  if (!commandLine.startsWith('call-api')) expect(stdout).not.toMatch(unescaped); // a body into a pipe is as it came
});
