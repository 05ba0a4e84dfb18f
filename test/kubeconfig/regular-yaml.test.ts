import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAnyYaml } from '../../lib/kubeconfig/any-yaml.ts';
import { readDocument } from '../../lib/kubeconfig/document.ts';
import { readJson } from '../../lib/kubeconfig/json.ts';
import { readRegularYaml } from '../../lib/kubeconfig/regular-yaml.ts';
import { normalizeText } from '../../lib/kubeconfig/source-text.ts';
import { edit, kubeconfigDocument, kubeconfigText } from '../support/kubeconfig-arbitrary.ts';
import { largeKubeconfig } from '../support/large-kubeconfig.ts';
import { frame, restyle } from '../support/yaml-styles.ts';

const kubectl = `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: LS0tLS1CRUdJTg==
    server: https://127.0.0.1:6443
  name: kind-dev
contexts:
- context:
    cluster: kind-dev
    user: kind-dev
  name: kind-dev
current-context: kind-dev
kind: Config
preferences: {}
users:
- name: kind-dev
  user:
    client-certificate-data: LS0tLS1CRUdJTg==
    client-key-data: LS0tLS1CRUdJTg==
`;

const gke = `users:
- name: gke_project_europe-west1_prod
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      command: gke-gcloud-auth-plugin
      env: null
      installHint: Install gke-gcloud-auth-plugin for use with kubectl by following
        https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-access-for-kubectl#install_plugin
      provideClusterInfo: true
`;

const eks = `---
# written by hand
users:
  - name: arn:aws:eks:eu-central-1:012345678901:cluster/prod
    user:
      exec:
        apiVersion: client.authentication.k8s.io/v1beta1
        args:
          - --region
          - "eu-central-1"

          - eks
          - 'get-token'
        command: aws
`;

const aks = `apiVersion: v1
clusters:
- cluster: {server: "https://dev-dns-1a2b3c4d.hcp.westeurope.azmk8s.io:443"} # dev
  name: dev
contexts:
- context: {cluster: dev, user: clusterUser_group_dev}
  name: dev # for all
current-context: dev
users:
- name: clusterUser_group_dev
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      args: [get-token, --server-id, 6dae42f8-4368-4678-94ff-3960e28e3630]
      command: kubelogin
      env: null
      installHint: |2

        kubelogin is not installed which is required to connect to AAD enabled cluster.

        To learn more, please go to https://aka.ms/aks/kubelogin
      provideClusterInfo: false # is not needed
`;

const minikube = `clusters:
- cluster:
    certificate-authority: /home/jane/.minikube/ca.crt
    extensions:
    - extension:
        last-update: Mon, 01 Jan 2024 10:00:00 CET
        provider: minikube.sigs.k8s.io
        version: v1.32.0
      name: cluster_info
    server: https://192.168.49.2:8443
  name: minikube
`;

const inBraces = { b: 'c', d: [1, null, 'x, y', 'z', {}], e: 'https://h:1 f' };
const commented = { a: 'b', d: 'e', g: {}, i: null, k: ['m'] };

describe('readRegularYaml()', () => {
  test.each([
    ['kubectl and kind', kubectl],
    ['gcloud, which folds long texts', gke],
    ['people, with indented lists, quotes, comments and blank lines', eks],
    ['minikube, with an extension', minikube],
    ['az aks get-credentials, and then by people: blocks, braces, comments', aks],
    ['nobody: only comments', '# nothing here\n\n'],
    ['nobody: an empty file', ''],
  ])('reads what is written by %s', (_, text) => {
    expect(readRegularYaml(text)).toEqual({ value: readAnyYaml(text, fail), left: [] });
  });

  test.each<[what: string, text: string, value: unknown]>([
    ['a literal block', 'a: |\n  b\n\n   c\nd: e\n', { a: 'b\n\n c\n', d: 'e' }],
    ['a folded block', 'a: >\n  b\n  c\n\n  d\n    e\n  f\n', { a: 'b c\nd\n  e\nf\n' }],
    ['a block less its last newline', 'a: |-\n  b\n\nc: d\n', { a: 'b', c: 'd' }],
    ['a block with all of its newlines', 'a: >+\n  b\n\n\nc: d\n', { a: 'b\n\n\n', c: 'd' }],
    ['a block of a given indentation', '- a: |2-\n\n     b\n', [{ a: '\n b' }]],
    ['a block as an item', '- >-2\n  b\n  c\n', ['b c']],
    ['a block with a comment in its first line', 'a: | # b\n  # c\n# d\n', { a: '# c\n' }],
    ['braces and brackets', 'a: {b: c, d: [1, ~, "x, y", \'z\', {}], e: https://h:1 f}\n', { a: inBraces }],
    ['braces as an item', '- {a: b}\n- []\n', [{ a: 'b' }, []]],
    ['a quote in quotes', "a: 'it''s'\n", { a: "it's" }],
    ['quotes over lines', "a: '\n\n  b  \n  # c\n\n\n  d\n\n  '\n", { a: '\nb # c\n\nd\n' }],
    ['comments behind values', 'a: b # c\nd: "e" # f\ng: {} # h\ni: # j\nk: # l\n- m # n\n', commented],
    ['a document between marks', '--- # a\nb: c\n--- # d\ne: [\n', { b: 'c' }],
    ['a document that ends', 'a: b\n...\nc: [\n', { a: 'b' }],
  ])('reads %s', (_, text, value) => {
    expect(readRegularYaml(text)).toEqual({ value, left: [] });
    expect(readAnyYaml(text, fail)).toEqual(value);
  });

  test.each<[what: string, item: string]>([
    ['an anchor', '- a: &x 1\n'],
    ['a tag', '- a: !!str 1\n'],
    ['an escape', '- a: "\\n"\n'],
    ['a quoted key', '- "a": b\n'],
    ['a text over a blank line', '- a: b\n\n    c\n'],
    ['braces over lines', '- a: {b: c,\n    d: e}\n'],
    ['a comma before a bracket', '- [a,]\n'],
    ['a list in a list', '- - a\n'],
    ['an empty block', '- a: |+\n\n'],
    ['spaces that are text', '- a: |\n    b\n      \n'],
    ['a line of spaces above a block', '- a: |\n      \n    b\n'],
  ])('leaves an item of a list with %s, and it alone, to the yaml package', (_, item) => {
    const regular = readRegularYaml(`a:\n- b\n${item}- c: d\n`);
    expect(regular?.value).toEqual({ a: ['b', undefined, { c: 'd' }] });
    expect(regular?.left).toMatchObject([{ index: 1, text: item }]);
  });

  test.each<[what: string, text: string]>([
    ['an anchor', 'a: &x 1\n'],
    ['an alias', 'a: *x\n'],
    ['an alias in a list', 'a:\n- &x b\n- *x\n'],
    ['a line break of Unicode in a list', 'a:\n- b\u2028---\n- c\n'],
    ['a tag', 'a: !!str 1\n'],
    ['an escape', 'a: "\\n"\n'],
    ['a quoted key', '"a": b\n'],
    ['a tab', 'a:\tb\n'],
    ['a text over a blank line', 'a: b\n\n  c\n'],
    ['a text that goes on behind a comment', 'a: b # c\n  d\n'],
    ['quotes that are not indented', 'a: "b\nc"\n'],
    ['a block that ends with the file', 'a: |\n  b'],
    ['a block that is not indented', 'a: |\nb\n'],
    ['a block with a tab', 'a: |\n  b\tc\n'],
    ['a key in braces that is a boolean', 'a: {no: b}\n'],
    ['a key without a value in braces', 'a: {b: }\n'],
    ['a question mark in braces', 'a: {b: c?d}\n'],
    ['something behind braces', 'a: {b: c} d\n'],
    ['something behind a mark', 'a: b\n--- c\n'],
    ['an end without a document', '...\na: b\n'],
    ['a directive', '%YAML 1.1\n---\na: b\n'],
    ['a key that is a boolean', 'no: b\n'],
    ['a key that is a number', '1: b\n'],
    ['a merge', '<<: b\n'],
    ['a key in a value', 'a: b: c\n'],
    ['a colon at the end of a value', 'a: b:\n'],
    ['a line indented for no reason', 'a: b\n  c: d\n'],
    ['a line indented less than all before', '  a: b\nc: d\n'],
    ['a list item among keys', 'a: b\n- c\n'],
    ['a key among list items', '- a\nb: c\n'],
    ['a number that JSON does not have', 'a: .inf\n'],
    ['such a number in braces', 'a: [.inf]\n'],
    ['a line break of Unicode', 'a: b\u2028c\n'],
    ['a control character', 'a: b\u0007\n'],
    ['deep nesting', Array.from({ length: 40 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join('')],
  ])('leaves %s to the yaml package', (_, text) => {
    expect(readRegularYaml(text)).toBeUndefined();
  });

  test('resolves unquoted scalars as kubectl does', () => {
    const text = 'a: no\nb: "no"\nc: 0o17\nd: 1_000\ne: 190:20\nf: 2001-01-01\ng: ~\nh:\ni: Null\nj: 08\nk: +.5\n';
    expect(readRegularYaml(text)).toEqual({
      value: {
        a: false,
        b: 'no',
        c: 15,
        d: 1000,
        e: '190:20',
        f: '2001-01-01',
        g: null,
        h: null,
        i: null,
        j: 8,
        k: 0.5,
      },
      left: [],
    });
  });

  test('takes the last of two equal keys, as kubectl does', () => {
    expect(readRegularYaml('a: b\na: c\n')).toEqual({ value: { a: 'c' }, left: [] });
  });

  test.each(['kubectl', 'people', 'az'] as const)('reads a kubeconfig of many contexts of the hand of %s', (hand) => {
    const text = largeKubeconfig({ contexts: 50, hand });
    expect(readRegularYaml(text)).toEqual({ value: readAnyYaml(text, fail), left: [] });
  });
});

describe('readDocument()', () => {
  const texts: fc.Arbitrary<string> = fc.constantFrom(kubectl, gke, eks, minikube, aks);
  const applied = (text: string, edits: readonly ((text: string) => string)[]) =>
    edits.reduce((before, apply) => apply(before), text);

  test.each<[what: string, texts: fc.Arbitrary<string>, numRuns: number]>([
    ['any kubeconfig', kubeconfigText, 300],
    [
      'regular text after changes',
      fc.tuple(texts, fc.array(edit(), { minLength: 1, maxLength: 3 })).map(([text, edits]) => applied(text, edits)),
      700,
    ],
    [
      'regular text in other styles',
      fc
        .tuple(texts, fc.array(restyle(), { minLength: 1, maxLength: 4 }), fc.array(frame(), { maxLength: 1 }))
        .map(([text, ...edits]) => applied(text, edits.flat())),
      700,
    ],
    [
      'regular text in other styles after changes',
      fc
        .tuple(texts, fc.array(restyle(), { minLength: 1, maxLength: 4 }), fc.array(edit(), { maxLength: 2 }))
        .map(([text, ...edits]) => applied(text, edits.flat())),
      700,
    ],
  ])('gives what the yaml package alone gives for %s, and refuses it in the same words', async (_, all, numRuns) => {
    const property = fc.asyncProperty(all, async (text) => {
      const normal = normalized(text);
      if (normal === undefined) return; // no reader gets to see it
      expect(await outcome(() => readDocument(normal, fail))).toEqual(await outcome(() => readAnyYaml(normal, fail)));
    });
    await fc.assert(property, { numRuns });
  });
});

describe('readJson()', () => {
  test('gives what the yaml package gives, or nothing, for any kubeconfig in JSON', () => {
    const indented = fc.constantFrom(0, 2);
    const texts = fc
      .tuple(kubeconfigDocument, indented, fc.array(edit(), { maxLength: 2 }))
      .map(([document, indent, edits]) =>
        edits.reduce((text, apply) => apply(text), JSON.stringify(document, undefined, indent)),
      );
    fc.assert(
      fc.property(texts, (text) => expectSame(text, readJson)),
      { numRuns: 1000 },
    );
  });

  test.each<[what: string, text: string]>([
    ['escapes that YAML 1.1 does not have', '{"a":"b\\/c"}'],
    ['surrogate pairs in escapes', '{"a":"\\ud83d\\ude00"}'],
    ['numbers beyond what a float holds', '{"a":1e400}'],
    ['integers beyond what a float holds', '{"a":12345678901234567890}'],
    ['a key and its colon on two lines', '{"a"\n:1}'],
    ['a tab before the end of the file', '{"a":1}\n\t\n'],
    ['a key of more than 1024 letters', `{"${'a'.repeat(1025)}":1}`],
    ['what is no JSON', '{a: 1}'],
  ])('leaves %s to the yaml package', (_, text) => {
    expect(readJson(text)).toBeUndefined();
  });
});

function expectSame(text: string, read: typeof readJson): void {
  const normal = normalized(text);
  if (normal === undefined) return;
  const fast = read(normal);
  if (fast !== undefined) expect(fast.value).toEqual(readAnyYaml(normal, fail));
}

function normalized(text: string): string | undefined {
  try {
    return normalizeText(text, fail);
  } catch {
    return undefined;
  }
}

async function outcome(read: () => unknown): Promise<unknown> {
  try {
    return { value: await read() };
  } catch (error) {
    return String(error);
  }
}

function fail(problem: string, offset?: number): never {
  throw new Error(`${problem} at ${offset}`);
}
