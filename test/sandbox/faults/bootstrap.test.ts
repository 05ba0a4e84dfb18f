import { describe, expect, test } from 'vitest';
import { claimsOf } from '../../../lib/sandbox/authentication/signing-key.ts';
import type { FaultName } from '../../../lib/sandbox/faults/names.ts';
import { runBroken } from '../../support/broken-sandbox.ts';

const bootstrap = 'bootstrap-token ci-bot --create-service-account --role view';
const stays = 'note: ServiceAccount "default/ci-bot" stays: the next run goes on from there\n';
const removed =
  /^Removed again: Secret "default\/ci-bot-token-\w+", RoleBinding "default\/kube-sa-token:ci-bot:view"$/mu;

interface Failing {
  readonly code: number;
  /** What is told last. */
  readonly error: RegExp;
  readonly hint: RegExp;
  /** What else is told. */
  readonly says?: readonly (RegExp | string)[];
  readonly saysNot?: readonly string[];
  readonly flags?: string;
}

describe('bootstrap-token on a broken API server gives no token, and leaves no Secret, Role or binding', () => {
  test.each<[FaultName, Failing]>([
    [
      'controller-off',
      {
        code: 5,
        error: /Cannot get a token from Secret "default\/ci-bot-token-\w+": still empty after 300ms/u,
        hint: /The token controller may not be running/u,
        says: [removed, stays],
        flags: '--wait-timeout 300ms',
      },
    ],
    [
      'slow-controller',
      {
        code: 5,
        error: /still empty after 300ms/u,
        hint: /A longer --wait-timeout may do/u,
        says: [removed, stays],
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
  ])('%s', async (fault, { code, error, hint, says = [], saysNot = [], flags }) => {
    const run = await runBroken(fault, flags === undefined ? bootstrap : `${bootstrap} ${flags}`);
    expect({ code: run.code, stdout: run.stdout, left: run.left }).toEqual({ code, stdout: '', left: [] });
    const end = new RegExp(String.raw`\nerror: .*${error.source}.*\nhint: .*${hint.source}.*\n$`, 'u');
    expect(run.stderr).toMatch(end);
    for (const said of says) expect(run.stderr).toMatch(said);
    for (const text of saysNot) expect(run.stderr).not.toContain(text);
  });
});

describe('bootstrap-token gives a verified token all the same', () => {
  test.each<[FaultName, (RegExp | string)[]]>([
    ['slow-controller', [/^Got the token after \d+ ms$/mu]],
    ['no-ca', ['Proved the token']],
  ])('%s', async (fault, says) => {
    const { code, left, stderr, stdout } = await runBroken(fault, bootstrap);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(claimsOf(stdout)).toMatchObject({ sub: 'system:serviceaccount:default:ci-bot' });
    expect(left).toEqual([
      expect.stringMatching(/^secrets\/ci-bot-token-\w+ \(delivered\)$/u),
      'rolebindings/kube-sa-token:ci-bot:view',
    ]);
    for (const said of ['Proved the token', ...says]) expect(stderr).toMatch(said);
  });
});
