import { expect, test } from 'vitest';
import { claimsOf } from '../../../lib/sandbox/authentication/signing-key.ts';
import { type FaultName, faultNames } from '../../../lib/sandbox/faults/names.ts';
import { runBroken } from '../../support/broken-sandbox.ts';

const bootstrap = 'bootstrap-token ci-bot --create-service-account --role view';
const stays = 'note: ServiceAccount "default/ci-bot" stays: the next run goes on from there\n';
const removed =
  /^Removed again: Secret "default\/ci-bot-token-\w+", RoleBinding "default\/kube-sa-token:ci-bot:view"$/mu;

interface Failing {
  readonly code: number;
  /** Told last. */
  readonly error: RegExp;
  /** Undefined: there is none. */
  readonly hint: RegExp | undefined;
  /** Told besides. */
  readonly says?: readonly (RegExp | string)[];
  readonly saysNot?: readonly string[];
  readonly flags?: string;
}

const madeAndRemoved = [removed, stays];
/** It fails before anything is made. */
const madeNothing = { saysNot: ['Created', 'Removed', 'stays'] };

const failing: readonly (readonly [FaultName, Failing])[] = [
  [
    'controller-off',
    {
      code: 5,
      error: /Cannot get a token from Secret "default\/ci-bot-token-\w+": still empty after 300ms/u,
      hint: /The token controller may not be running/u,
      says: madeAndRemoved,
      flags: '--wait-timeout 300ms',
    },
  ],
  [
    'slow-controller',
    {
      code: 5,
      error: /still empty after 300ms/u,
      hint: /A longer --wait-timeout may do/u,
      says: madeAndRemoved,
      flags: '--wait-timeout 300ms',
    },
  ],
  [
    'account-deleted',
    {
      code: 3,
      error:
        /Cannot get a token for ServiceAccount "default\/ci-bot": Secret "default\/ci-bot-token-\w+" vanished: the ServiceAccount was deleted meanwhile, and the token controller deletes such Secrets/u,
      hint: /Run the command again with --create-service-account/u,
      says: [/^Removed again: RoleBinding "default\/kube-sa-token:ci-bot:view"$/mu],
      saysNot: ['stays'],
    },
  ],
  [
    'bogus-token',
    {
      code: 6,
      error: /Cannot use the token in Secret "default\/ci-bot-token-\w+": it is not a token/u,
      hint: /something else wrote this one/u,
      says: madeAndRemoved,
      saysNot: ['bogus'],
    },
  ],
  [
    'foreign-token',
    {
      code: 6,
      error: /Cannot prove the token .*: the API server still refuses it \(401\) after 5s/u,
      hint: /Does this address lead to the cluster on which the token was made\?/u,
      says: madeAndRemoved,
    },
  ],
  [
    'too-many-requests',
    {
      code: 3,
      error: /answers 429 Too Many Requests: Too many requests, please try again later\./u,
      hint: /try again later/u,
      ...madeNothing,
    },
  ],
  [
    'login-page',
    {
      code: 1,
      error: /answers 200 OK with an HTML page "Sign in", which no API server sends/u,
      hint: /Is it the address of an API server/u,
      ...madeNothing,
    },
  ],
  [
    'redirect',
    {
      code: 1,
      error: /redirects to "https:\/\/login\.example\.com\/" \(302\), which is not followed/u,
      hint: /API servers do not redirect/u,
      ...madeNothing,
    },
  ],
  [
    'expired-certificate',
    {
      code: 3,
      error: /its certificate has expired \(CERT_HAS_EXPIRED\)/u,
      hint: /list-clusters --probe shows what the server presents/u,
      ...madeNothing,
    },
  ],
  [
    'other-ca',
    {
      code: 3,
      error: /certificate-authority-data does not contain its authority/u,
      hint: /list-clusters --probe/u,
      ...madeNothing,
    },
  ],
  [
    'wrong-name',
    {
      code: 3,
      error: /its certificate is for DNS:kubernetes\.example\.com, not for "127\.0\.0\.1"/u,
      hint: /--tls-server-name/u,
      ...madeNothing,
    },
  ],
  [
    'terminal-escapes',
    {
      code: 6,
      error: /takes it for "system:serviceaccount:default:ci-bot\\x1b\]0;owned\\x07\\x1b\[2J\\x9b31m\\u\{202e\}"/u,
      hint: /Does this address lead/u,
      says: [...madeAndRemoved, 'warning: the API server says: \\x9b31m\\u{202e}owned\n'],
    },
  ],
];

/** The watch having told nothing, it has looked itself. */
const looked = /^Waiting .*\nnote: GET \S+\/secrets\/ci-bot-token-\w+ 200 /mu;

/** `says`, with -v 6, is what there would not be without the fault. */
const surviving: readonly (readonly [FaultName, flags: string, says: RegExp | string])[] = [
  ['slow-controller', '', /^Got the token after \d{4} ms$/mu],
  ['no-ca', '', 'Proved the token'], // effect.test.ts has what it does
  ['clamped-expiry', '', 'Proved the token'], // it makes no TokenRequest
  ['flapping-401', '', /(?:^note: POST \S+\/selfsubjectreviews 401 .*\n){3}note: POST \S+\/selfsubjectreviews 201 /mu],
  ['error-page', '', /^note: POST \S+\/serviceaccounts 500 .*\nnote: GET \S+ 200 .*\nCreated ServiceAccount/mu],
  ['truncated', '', /^note: POST \S+\/secrets 201 .*\nnote: GET \S+\/secrets\/ci-bot-token-\w+ 200 /mu],
  ['split-chunks', '', 'Proved the token'], // so it has of this one
  ['reset-watch', '', looked],
  ['expired-watch', '', looked],
  ['gone-watch', '', /&watch=true 410 /u],
  ['held-watch', ' --wait-timeout 2s', looked],
  ['held-watch', ' --wait-timeout 400ms', looked],
  ['idle-watch', ' --wait-timeout 2s', looked],
  ['large-lists', '', 'ServiceAccount "default/ci-bot" has at least 1 token that never expires'],
];

test.each(failing)(
  'with %s, bootstrap-token tells why, gives no token, and leaves no Secret, Role or binding',
  { timeout: 20_000 },
  async (fault, { code, error, hint, says = [], saysNot = [], flags }) => {
    const run = await runBroken(fault, flags === undefined ? bootstrap : `${bootstrap} ${flags}`);
    expect({ code: run.code, stdout: run.stdout, left: run.left }).toEqual({ code, stdout: '', left: [] });
    const hinted = hint === undefined ? '' : String.raw`hint: .*${hint.source}.*\n`;
    expect(run.stderr).toMatch(new RegExp(String.raw`\nerror: .*${error.source}.*\n${hinted}$`, 'u'));
    for (const said of says) expect(run.stderr).toMatch(said);
    for (const text of saysNot) expect(run.stderr).not.toContain(text);
  },
);

test.each(surviving)('with %s, bootstrap-token%s gives a verified token all the same', async (fault, flags, says) => {
  const run = await runBroken(fault, `${bootstrap}${flags} -v 6`);
  expect(run).toMatchObject({ code: 0, stderr: expect.stringContaining('Proved the token') });
  expect(claimsOf(run.stdout)).toMatchObject({ sub: 'system:serviceaccount:default:ci-bot' });
  expect(run.left).toEqual([
    expect.stringMatching(/^secrets\/ci-bot-token-\w+ \(delivered\)$/u),
    'rolebindings/kube-sa-token:ci-bot:view',
  ]);
  expect(run.stderr).not.toContain('error');
  expect(run.stderr).toMatch(says);
});

test('bootstrap-token meets every fault here', () => {
  const met = [...failing, ...surviving].map(([fault]) => fault);
  expect([...new Set(met)].toSorted()).toEqual(Object.keys(faultNames).toSorted());
});
