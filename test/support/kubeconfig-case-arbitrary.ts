import fc from 'fast-check';
import { stringify } from 'yaml';
import { edit, kubeconfigDocument, writers, writtenKubeconfig } from './kubeconfig-arbitrary.ts';
import { frame, restyle } from './yaml-styles.ts';

/** A KUBECONFIG list with its files, and how `view-config` and `kubectl config view` are called on it. */
export interface KubeconfigCase {
  /** By name in one directory; absent ones are missing. */
  readonly files: Readonly<Record<string, FileContent>>;
  /** Names in KUBECONFIG, or the value of `--kubeconfig`; '' for an empty one. */
  readonly list: readonly string[];
  readonly explicit: string | undefined;
  /** Whether names are written relative to the working directory. */
  readonly relative: boolean;
  readonly flags: readonly string[];
  /** With `--raw`; else without secrets. */
  readonly isRaw: boolean;
  readonly output: 'json' | 'yaml';
}

/** As text, so that a counterexample can be read. */
export interface FileContent {
  readonly text: string;
  readonly encoding: 'utf8' | 'utf16le' | 'latin1';
}

/** A document whose entries are one object several times, hence with anchors and aliases. */
const withAnchors: fc.Arbitrary<string> = fc
  .tuple(kubeconfigDocument, fc.constantFrom('a', 'b', 'no', '1'))
  .map(([document, name]) => {
    const { clusters = [], users = [] } = document as Record<string, { cluster?: unknown; user?: unknown }[]>;
    const again = {
      ...document,
      ...(clusters[0] === undefined ? {} : { clusters: [...clusters, { ...clusters[0], name: `${name}-again` }] }),
      ...(users[0] === undefined ? {} : { users: [...users, { ...users[0], name: `${name}-again` }] }),
    };
    return stringify(again, { compat: 'yaml-1.1', indentSeq: false });
  });

const withMerge: fc.Arbitrary<string> = fc.constantFrom(
  'x: &x {server: https://h, proxy-url: http://p}\nclusters:\n- name: a\n  cluster:\n    <<: *x\n    server: https://i\n',
  'x: &x {token: t}\ny: &y {token: u, username: v}\nusers:\n- name: a\n  user:\n    <<: [*x, *y]\n',
  'clusters: &l\n- name: a\n  cluster: {server: https://h}\nusers: *l\n',
  'current-context: &c a\ncontexts:\n- name: *c\n  context: {cluster: *c, user: *c}\n',
);

const broken = fc.constantFrom(
  '',
  ' ',
  '\n',
  '# nothing\n',
  '---\n',
  '...\n',
  '--- \n...\n',
  'null\n',
  '{}',
  '[]',
  'a',
);

type Fields = Readonly<Record<string, unknown>>;

/** One that can be minified and flattened: every name that a context may have is there, and no data beside a file. */
const complete: fc.Arbitrary<string> = fc
  .tuple(kubeconfigDocument, fc.constantFrom('a', 'b', 'c'), fc.constantFrom(...faithful()))
  .map(([document, current, write]) => {
    const filled = (list: string, field: string, content: Fields) => {
      const entries = (document[list] ?? []) as { name: string }[];
      const missing = ['a', 'b', 'c'].filter((name) => !entries.some((each) => each.name === name));
      return [...entries.map(withoutBoth), ...missing.map((name) => ({ name, [field]: content }))];
    };
    return write({
      ...document,
      clusters: filled('clusters', 'cluster', { server: 'https://h', 'certificate-authority': 'ca.crt' }),
      users: filled('users', 'user', { token: 'no' }),
      contexts: filled('contexts', 'context', { cluster: 'b', user: 'c' }),
      'current-context': current,
    });
  });

/** The writers that quote what YAML 1.1 would take for something else. */
function faithful(): ((document: unknown) => string)[] {
  return Object.entries(writers).flatMap(([name, write]) =>
    ['in YAML 1.2', 'with wide indents and blocks', 'in braces'].includes(name) ? [] : [write],
  );
}

function withoutBoth(entry: Fields): Fields {
  return Object.fromEntries(
    Object.entries(entry).map(([key, value]) => [
      key,
      typeof value === 'object' ? withoutFiles(value as Fields) : value,
    ]),
  );
}

function withoutFiles(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !Object.hasOwn(fields, `${name}-data`)));
}

const text: fc.Arbitrary<string> = fc.oneof(
  { weight: 10, arbitrary: complete },
  { weight: 4, arbitrary: writtenKubeconfig },
  { weight: 2, arbitrary: withAnchors },
  { weight: 1, arbitrary: withMerge },
  { weight: 1, arbitrary: broken },
);

type Change = (text: string) => string;

function oftenNone(weight: number, changes: fc.Arbitrary<readonly Change[]>): fc.Arbitrary<readonly Change[]> {
  return fc.oneof({ weight, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: changes });
}

const changed: fc.Arbitrary<string> = fc
  .tuple(
    text,
    oftenNone(1, fc.array(restyle(), { minLength: 1, maxLength: 3 })),
    oftenNone(7, fc.tuple(frame())),
    oftenNone(4, fc.array(edit(), { minLength: 1, maxLength: 3 })),
  )
  .map(([before, ...changes]) => changes.flat().reduce((now, apply) => apply(now), before));

const content: fc.Arbitrary<FileContent> = fc
  .tuple(changed, fc.constantFrom(...Array.from({ length: 30 }, () => 'utf8' as const), 'utf16le', 'latin1', 'crlf'))
  .map(([written, encoding]) => {
    if (encoding === 'utf16le') return { text: `\ufeff${written.replace(/^\ufeff/u, '')}`, encoding };
    if (encoding === 'crlf') return { text: written.replaceAll(/\r?\n/gu, '\r\n'), encoding: 'utf8' };
    return { text: written, encoding };
  });

const names = ['one', 'two', 'three'] as const;
const anyName = fc.constantFrom(...names, ...names, ...names, 'missing', '');
const anyList = fc.oneof(
  { weight: 3, arbitrary: fc.constant(['one']) },
  { weight: 3, arbitrary: fc.array(anyName, { minLength: 1, maxLength: 5 }) },
);

/** What entries may name beside the kubeconfig: each is there in 14 of 15 cases, and then empty in one. */
const beside = ['ca.crt', 'pki/ca.crt', 'u.crt', 'u.key', '../u.key'];

const context = fc.constantFrom('a', 'b', 'c', 'no', 'gone');

const flags: fc.Arbitrary<readonly string[]> = fc.oneof(
  { weight: 3, arbitrary: fc.constant([]) },
  { weight: 3, arbitrary: fc.constant(['--minify']) },
  { weight: 2, arbitrary: fc.constant(['--flatten']) },
  { weight: 2, arbitrary: fc.constant(['--minify', '--flatten']) },
  { weight: 2, arbitrary: context.map((name) => ['--minify', `--context=${name}`]) },
);

/** One in two of three cases, else the other. */
function mostly<T>(one: T, other: T): fc.Arbitrary<T> {
  return fc.oneof({ weight: 2, arbitrary: fc.constant(one) }, { weight: 1, arbitrary: fc.constant(other) });
}

export const kubeconfigCase: fc.Arbitrary<KubeconfigCase> = fc
  .record({
    contents: fc.tuple(content, content, content),
    list: anyList,
    explicit: fc.oneof(
      { weight: 16, arbitrary: fc.constant(undefined) },
      { weight: 3, arbitrary: fc.constant('one') },
      { weight: 1, arbitrary: fc.constant('missing') },
    ),
    relative: fc.boolean(),
    flags,
    isRaw: mostly(true, false),
    output: mostly<'json' | 'yaml'>('json', 'yaml'),
    besides: fc.array(fc.nat(14), { minLength: beside.length, maxLength: beside.length }),
  })
  .map(({ contents, list, explicit, relative, flags: given, isRaw, output, besides }) => {
    const wanted = new Set([...list, explicit]);
    const files = Object.fromEntries([
      ...names.flatMap((name, index) => (wanted.has(name) ? [[name, contents[index]] as const] : [])),
      ...beside.flatMap((name, index) =>
        besides[index] === 0 ? [] : [[name, { text: besides[index] === 1 ? '' : name, encoding: 'utf8' }] as const],
      ),
    ]) as Record<string, FileContent>;
    return { files, list, explicit, relative, flags: given, isRaw, output };
  });
