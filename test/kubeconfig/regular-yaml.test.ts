import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAnyYaml } from '../../lib/kubeconfig/any-yaml.ts';
import { readJson } from '../../lib/kubeconfig/json.ts';
import { readRegularYaml } from '../../lib/kubeconfig/regular-yaml.ts';
import { normalizeText } from '../../lib/kubeconfig/source-text.ts';
import { edit, kubeconfigDocument, kubeconfigText } from '../support/kubeconfig-arbitrary.ts';
import { largeKubeconfig } from '../support/large-kubeconfig.ts';

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

describe('readRegularYaml()', () => {
  test.each([
    ['kubectl and kind', kubectl],
    ['gcloud, which folds long texts', gke],
    ['people, with indented lists, quotes, comments and blank lines', eks],
    ['minikube, with an extension', minikube],
    ['nobody: only comments', '# nothing here\n\n'],
    ['nobody: an empty file', ''],
  ])('reads what is written by %s', (_, text) => {
    expect(readRegularYaml(text)).toEqual({ value: readAnyYaml(text, fail) });
  });

  test.each<[what: string, text: string]>([
    ['an anchor', 'a: &x 1\n'],
    ['an alias', 'a: *x\n'],
    ['a tag', 'a: !!str 1\n'],
    ['a block scalar', 'a: |\n  b\n'],
    ['braces with something in them', 'a: {b: c}\n'],
    ['an escape', 'a: "\\n"\n'],
    ['a quote in quotes', "a: 'it''s'\n"],
    ['a quoted key', '"a": b\n'],
    ['a comment behind a value', 'a: b # c\n'],
    ['a tab', 'a:\tb\n'],
    ['a text over a blank line', 'a: b\n\n  c\n'],
    ['a quoted text over two lines', 'a: "b\n  c"\n'],
    ['a second document', 'a: b\n---\nc: d\n'],
    ['an end of document', 'a: b\n...\n'],
    ['a directive', '%YAML 1.1\n---\na: b\n'],
    ['a key that is a boolean', 'no: b\n'],
    ['a key that is a number', '1: b\n'],
    ['a merge', '<<: b\n'],
    ['a list in a list', '- - a\n'],
    ['a key in a value', 'a: b: c\n'],
    ['a colon at the end of a value', 'a: b:\n'],
    ['a line indented for no reason', 'a: b\n  c: d\n'],
    ['a line indented less than all before', '  a: b\nc: d\n'],
    ['a list item among keys', 'a: b\n- c\n'],
    ['a key among list items', '- a\nb: c\n'],
    ['a number that JSON does not have', 'a: .inf\n'],
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
    });
  });

  test('takes the last of two equal keys, as kubectl does', () => {
    expect(readRegularYaml('a: b\na: c\n')).toEqual({ value: { a: 'c' } });
  });

  test('gives what the yaml package gives, or nothing, for any kubeconfig', () => {
    fc.assert(
      fc.property(kubeconfigText, (text) => expectSame(text, readRegularYaml)),
      { numRuns: 500 },
    );
  });

  test('gives what the yaml package gives, or nothing, for regular text after changes', () => {
    const texts: fc.Arbitrary<string> = fc.constantFrom(kubectl, gke, eks, minikube);
    const changed = fc
      .tuple(texts, fc.array(edit(), { minLength: 1, maxLength: 3 }))
      .map(([text, edits]) => edits.reduce((before, apply) => apply(before), text));
    fc.assert(
      fc.property(changed, (text) => expectSame(text, readRegularYaml)),
      { numRuns: 2000 },
    );
  });

  test('reads a kubeconfig of many contexts', () => {
    const text = largeKubeconfig({ contexts: 50 });
    expect(readRegularYaml(text)).toEqual({ value: readAnyYaml(text, fail) });
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
  let normal: string;
  try {
    normal = normalizeText(text, fail);
  } catch {
    return; // no reader gets to see it
  }
  const fast = read(normal);
  if (fast !== undefined) expect(fast.value).toEqual(readAnyYaml(normal, fail));
}

function fail(problem: string, offset?: number): never {
  throw new Error(`${problem} at ${offset}`);
}
