import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadPluginPolicy } from '../../lib/kubeconfig/kuberc.ts';
import { UsageError } from '../../lib/model/errors.ts';
import type { PolicyKind } from '../../lib/model/plugin-policy.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const beta = 'apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n';
const list = 'credentialPluginAllowlist:';
const denying = `${beta}credentialPluginPolicy: DenyAll\n`;

/** The policy, or the message of the error, with the directory cut out. */
async function policyOf(
  files: Readonly<Record<string, string>>,
  { env = {}, flag }: { env?: Record<string, string>; flag?: PolicyKind } = {},
) {
  await using directory = await temporaryDirectory();
  await mkdir(join(directory.path, '.kube'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory.path, name), text);
  const warnings: string[] = [];
  const cut = (text: string) => text.replaceAll(directory.path, '');
  try {
    const { source, ...policy } = await loadPluginPolicy(
      { env, home: directory.path, cwd: directory.path },
      { flag, onWarning: (text) => warnings.push(cut(text)) },
    );
    return { ...policy, source: cut(source), warnings };
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return cut((error as UsageError).message);
  }
}

describe('loadPluginPolicy()', () => {
  test.each<[string, string, PolicyKind]>([
    ['no policy', beta, 'AllowAll'],
    ['an empty one', `${beta}credentialPluginPolicy: ""`, 'AllowAll'],
    ['AllowAll', `${beta}credentialPluginPolicy: AllowAll`, 'AllowAll'],
    ['DenyAll', denying, 'DenyAll'],
    [
      'DenyAll in JSON',
      JSON.stringify({
        kind: 'Preference',
        apiVersion: 'kubectl.config.k8s.io/v1beta1',
        credentialPluginPolicy: 'DenyAll',
      }),
      'DenyAll',
    ],
    [
      'DenyAll in the first document of a known version',
      `apiVersion: kubectl.config.k8s.io/v9\nkind: Preference\n---\n${denying}---\n${beta}`,
      'DenyAll',
    ],
    ['DenyAll after a broken document', `a: [\n---\n${denying}`, 'DenyAll'],
    ['v1alpha1', 'apiVersion: kubectl.config.k8s.io/v1alpha1\nkind: Preference\n', 'AllowAll'],
    ['nothing', '', 'AllowAll'],
    ['a comment', '# nothing\n', 'AllowAll'],
    ['DenyAll, and the name of that field in a comment', `${denying}# credentialPluginPolicy: AllowAll`, 'DenyAll'],
  ])('reads a kuberc with %s', async (_, text, kind) => {
    expect(await policyOf({ '.kube/kuberc': text })).toMatchObject({ kind, warnings: [] });
  });

  test('reads an allowlist', async () => {
    const text = `${beta}credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: [{command: aws}, {command: /usr/bin/x}]`;
    expect(await policyOf({ '.kube/kuberc': text })).toEqual({
      kind: 'Allowlist',
      allowlist: ['aws', '/usr/bin/x'],
      source: 'kuberc "/.kube/kuberc"',
      warnings: [],
    });
  });

  test.each<[string, Record<string, string>, string]>([
    ['KUBERC names another file', { KUBERC: 'mine' }, 'AllowAll'],
    ['KUBERC is off', { KUBERC: 'off' }, 'AllowAll'],
    ['KUBECTL_KUBERC is false', { KUBECTL_KUBERC: 'False' }, 'AllowAll'],
    ['KUBECTL_KUBERC is true', { KUBECTL_KUBERC: 'true' }, 'DenyAll'],
    ['KUBERC is empty', { KUBERC: '' }, 'DenyAll'],
  ])('finds the kuberc as kubectl does where %s', async (_, env, kind) => {
    expect(await policyOf({ '.kube/kuberc': denying, mine: beta }, { env })).toMatchObject({ kind });
  });

  test.each<[PolicyKind, string]>([
    ['AllowAll', 'AllowAll'],
    ['DenyAll', 'DenyAll'],
  ])('does not look at the kuberc beside --exec-policy %s', async (flag, kind) => {
    expect(await policyOf({ '.kube/kuberc': 'broken: [' }, { flag })).toMatchObject({ kind, source: '--exec-policy' });
  });

  test('takes an entry of the allowlist by its name, as kubectl before 1.36 had it', async () => {
    const entries = '[{name: aws}, {command: gke}, {name: az, command: az}, {name: "", command: /bin/x}]';
    expect(
      await policyOf({ '.kube/kuberc': `${beta}credentialPluginPolicy: Allowlist\n${list} ${entries}` }),
    ).toMatchObject({ kind: 'Allowlist', allowlist: ['aws', 'gke', 'az', '/bin/x'], warnings: [] });
  });

  test('takes the allowlist of the kuberc for --exec-policy Allowlist, and refuses it without one', async () => {
    const message = 'Cannot use --exec-policy Allowlist: there is no kuberc with a credentialPluginAllowlist';
    expect(await policyOf({}, { flag: 'Allowlist' })).toBe(message);
    expect(await policyOf({ '.kube/kuberc': denying }, { flag: 'Allowlist' })).toBe(message);
  });

  test.each<[problem: string, text: string]>([
    ['a missing quote, bracket, comma, colon or space', 'a: ["'],
    ['it is no Preference', 'words'],
    ['it is no Preference of kubectl.config.k8s.io/v1beta1 or kubectl.config.k8s.io/v1alpha1', 'kind: Preference'],
    ['credentialPluginPolicy is a list, not a string', `${beta}credentialPluginPolicy: [DenyAll]`],
    ['credentialPluginPolicy is there twice', `${denying}credentialPluginPolicy: AllowAll`],
    [
      'credentialPluginPolicy is there twice',
      `{apiVersion: kubectl.config.k8s.io/v1beta1, kind: Preference, credentialPluginPolicy: DenyAll, "credentialPluginPolicy": AllowAll}`,
    ],
    ['credentialPluginPolicy is not AllowAll, DenyAll or Allowlist', `${beta}credentialPluginPolicy: denyall`],
    [
      'credentialPluginPolicy is Allowlist, and there is no credentialPluginAllowlist',
      `${beta}credentialPluginPolicy: Allowlist`,
    ],
    ['credentialPluginAllowlist is empty: DenyAll says that', `${beta}credentialPluginPolicy: Allowlist\n${list} []`],
    ['credentialPluginAllowlist is set, and credentialPluginPolicy is DenyAll', `${denying}${list} [{command: aws}]`],
    ['credentialPluginAllowlist is set, and credentialPluginPolicy is AllowAll', `${beta}${list} []`],
    [
      'credentialPluginAllowlist[1] has no command',
      `${beta}credentialPluginPolicy: Allowlist\n${list} [{command: a}, {nam: aws}]`,
    ],
    [
      'credentialPluginAllowlist[0] has a command, and a name that is another one',
      `${beta}credentialPluginPolicy: Allowlist\n${list} [{command: a, name: aws}]`,
    ],
    [
      'credentialPluginAllowlist[0] has a command, and a name that is another one',
      `${denying}${list} [{command: a, name: aws}]`,
    ],
    [
      'credentialPluginAllowlist[0].name has to be "b"',
      `${beta}credentialPluginPolicy: Allowlist\n${list} [{name: ./b}]`,
    ],
    [
      'credentialPluginAllowlist[0].command has to be "/b"',
      `${beta}credentialPluginPolicy: Allowlist\n${list} [{command: /a/../b}]`,
    ],
  ])('refuses a kuberc rather than run what it may forbid: %s', async (problem, text) => {
    expect(await policyOf({ '.kube/kuberc': text })).toBe(
      `Cannot tell which plugins may run: kuberc "/.kube/kuberc": ${problem}`,
    );
  });

  test('refuses a kuberc that KUBERC names and that is not there', async () => {
    expect(await policyOf({}, { env: { KUBERC: 'gone' } })).toMatch(/kuberc "\/gone": there is no such file$/u);
  });

  test('warns of a field that no kuberc has, as kubectl does', async () => {
    expect(await policyOf({ '.kube/kuberc': `${beta}credentialPluginPolicies: DenyAll` })).toMatchObject({
      kind: 'AllowAll',
      warnings: ['kuberc "/.kube/kuberc" has a field that is ignored: "credentialPluginPolicies"'],
    });
  });
});
