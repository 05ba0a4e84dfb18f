import { describe, expect } from 'vitest';
import type { Kubectl } from '../kubectl/find.ts';
import { test } from '../kubectl/kubectl-test.ts';
import { kubectlGet } from '../kubectl/request.ts';
import { simpleKubeconfig, writeKubeconfig } from '../support/kubeconfig.ts';
import { runCommand } from '../support/run-command.ts';
import { answer, type RecordedRequest, startScriptedServer, testAuthority } from '../support/scripted-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const alice = { as: 'alice', 'as-uid': 'u-1', 'as-groups': ['readers', 'writers'] };

const cases: readonly [what: string, user: Record<string, unknown>, flags: readonly string[]][] = [
  ['a user', { as: 'alice' }, []],
  ['a user, a UID and groups', alice, []],
  ['a group without a name', { as: 'alice', 'as-groups': ['', 'readers'] }, []],
  [
    'extras, whose keys are escaped',
    {
      as: 'alice',
      'as-user-extra': {
        'example.com/scope': ['view', 'edit'],
        "!#$%&'*+-.^_`|~09azAZ": ['legal'],
        '"(),/:;<=>?@[\\]{} é\t': ['not legal'],
        none: [],
        null: null,
      },
    },
    [],
  ],
  ['names beyond ASCII', { as: 'älice ✓', 'as-groups': ['grüße', 'a, b'] }, []],
  ['--as alone', {}, ['--as', 'bob']],
  ['--as beside the groups of the kubeconfig, which stay', alice, ['--as', 'bob']],
  ['--as-group and --as-uid beside the user of the kubeconfig', alice, ['--as-group=a', '--as-group=b', '--as-uid=7']],
  ['all flags', alice, ['--as=bob', '--as-group', 'a', '--as-uid', '7']],
];

describe('impersonation', () => {
  test.for(cases)('goes out as kubectl sends it: %s', async ([, user, flags], { kubectl }) => {
    const { requests, theirs } = await ask(kubectl, user, flags);
    expect(theirs).toBeUndefined();
    expect(requests).toHaveLength(2);
    const [ours, kubectls] = requests.map(identityLines);
    expect(ours).toEqual(kubectls);
    expect(ours?.join()).toMatch(/impersonate-user: /u);
  });

  test('goes out as a kubectl sends it that has it: --as-user-extra replaces the values of its keys', async ({
    kubectl,
    skip,
  }) => {
    const user = { as: 'alice', 'as-user-extra': { scopes: ['view'], team: ['a'] } };
    const flags = ['--as-user-extra=scopes=edit', '--as-user-extra', 'scopes=a=b', '--as-user-extra=new='];
    const { requests, theirs } = await ask(kubectl, user, flags);
    if (theirs?.includes('unknown flag') === true) skip('this kubectl has no --as-user-extra');
    expect(requests).toHaveLength(2);
    const [ours, kubectls] = requests.map(identityLines);
    expect(ours).toEqual(kubectls);
  });

  test.for<[string, Record<string, unknown>, string[], RegExp]>([
    ['groups without a user', { 'as-groups': ['a'] }, [], /as-uid, as-groups or as-user-extra is set without as/u],
    ['--as-group without a user', {}, ['--as-group=a'], /Cannot use --as-group: no user to impersonate is named/u],
    ['--as-uid without a user', {}, ['--as-uid=a'], /Cannot use --as-uid: no user/u],
    ['a line break', { as: 'a\nb' }, [], /as "a\\nb" has control characters/u],
  ])('is refused where kubectl refuses it: %s', async ([, user, flags, why], { kubectl }) => {
    const { ours, requests, theirs } = await ask(kubectl, user, flags);
    expect(requests).toEqual([]);
    expect(theirs).toBeDefined();
    expect(ours).toMatchObject({ code: 2, stderr: expect.stringMatching(why) });
  });
});

/** One request of ours and one of kubectl's, with the same kubeconfig and the same flags. */
async function ask(kubectl: Kubectl, user: Record<string, unknown>, flags: readonly string[]) {
  await using directory = await temporaryDirectory();
  const { requests, url } = await startScriptedServer(Array.from({ length: 9 }, () => answer(200, '{}')));
  const cluster = {
    server: url,
    'certificate-authority-data': Buffer.from(testAuthority.certPem).toString('base64'),
  };
  const spec = simpleKubeconfig('dev', { cluster, user: { token: 'janes-token', ...user } });
  const env = { KUBECONFIG: await writeKubeconfig(directory.path, spec), HOME: directory.path };
  const ours = await runCommand('call-api', ['/probe', ...flags], { env });
  const theirs = await kubectlGet(kubectl, '/probe', { env, flags });
  return { requests: requests.filter(({ path }) => path === '/probe'), ours, theirs };
}

/** What a request says of who sends it, a header a line. Names have no letter case in HTTP; lines with one name keep their order. */
function identityLines({ head }: RecordedRequest): string[] {
  return head
    .split('\r\n')
    .map((line) => line.replace(/^[^:]+/u, (name) => name.toLowerCase()))
    .filter((line) => /^(?:authorization|impersonate-)/u.test(line))
    .toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0));
}

function nameOf(line: string): string {
  return line.split(':', 1)[0] ?? '';
}
