import fc from 'fast-check';
import { Document, isSeq, stringify, visit } from 'yaml';

const odd = [
  ['no', 'y', 'on', 'true', '~', 'null', '', '1234', '-1', '0x1f', '0o17', '017', '08', '1_0', '190:20', '.5'],
  ['1e3', '1e400', '0b11', '2001-01-01', '12345678901234567890', '.inf', '<<', '=', '-', '--', '---', '...'],
  ['a: b', 'a:', ':a', 'a #b', '#x', '- a', '*a', '&a', '!a', '!!str a', '|', '>', '%a', '@a', '`a', '{', '}'],
  ['[', ']', 'a,b', '?', '? a', '"q"', "it's", '\\', 'a\nb', 'a\n\nb', '\n', ' lead', 'trail ', 'x\ty', 'a  b'],
  ['é', '\u00a0x', '😀', '\u200b', '\u0085', 'a\u0085b', '\u2028', 'a\u2028b', '\ufeff', '\u0007', '\u007f'],
  ['__proto__', 'constructor', 'toString', 'REDACTED', 'https://h:6443/p?x=1#f'],
].flat();

/** Strings that YAML, JSON or a terminal may take for something else, among ordinary names. */
export const oddString = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('dev', 'prod', 'kind-dev', 'arn:aws:eks:eu-1:0123:cluster/x', 'a.b/c') },
  {
    weight: 4,
    arbitrary: fc.constantFrom(...odd),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }) },
);

const name = fc.oneof({ weight: 3, arbitrary: fc.constantFrom('a', 'b', 'c') }, { weight: 1, arbitrary: oddString });
const base64 = fc.constantFrom('QUJD', 'QUI=', 'QQ==', 'DATA+OMITTED', 'QUJDREVG');
const extensions = fc.array(
  fc.record({ name: oddString, extension: fc.constantFrom(null, {}, { a: 1, b: [true, 'x', null, 1.5] }, 'x', 7, []) }),
  { maxLength: 2 },
);

const cluster = fc.record(
  {
    server: fc.oneof(fc.constantFrom('https://h:6443', 'http://h', 'h'), oddString),
    'tls-server-name': oddString,
    'insecure-skip-tls-verify': fc.boolean(),
    'certificate-authority': fc.constantFrom('ca.crt', 'pki/ca.crt', '/etc/ca.crt', ''),
    'certificate-authority-data': base64,
    'proxy-url': oddString,
    'disable-compression': fc.boolean(),
    extensions,
    unknown: fc.constantFrom(1, null, { deep: ['x'] }),
  },
  { requiredKeys: [] },
);

const exec = fc.record(
  {
    apiVersion: fc.constantFrom('client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1', 'v2'),
    command: fc.constantFrom('aws', './plugin', 'bin/plugin', '/usr/bin/plugin'),
    args: fc.option(fc.array(oddString, { maxLength: 3 })),
    env: fc.option(fc.array(fc.record({ name: oddString, value: oddString }), { maxLength: 2 })),
    interactiveMode: fc.constantFrom('Never', 'IfAvailable', 'Always'),
    installHint: fc.constantFrom(
      'Install it',
      'Install it by following\n\nhttps://example.invalid/a/rather/long/page of text',
    ),
    provideClusterInfo: fc.boolean(),
  },
  { requiredKeys: [] },
);

const user = fc.record(
  {
    'client-certificate': fc.constantFrom('u.crt', ''),
    'client-certificate-data': base64,
    'client-key': fc.constantFrom('u.key', '../u.key'),
    'client-key-data': base64,
    token: oddString,
    tokenFile: fc.constantFrom('token', 'run/token', ''),
    as: oddString,
    'as-uid': oddString,
    'as-groups': fc.array(oddString, { maxLength: 2 }),
    'as-user-extra': fc.dictionary(oddString, fc.option(fc.array(oddString, { maxLength: 2 })), { maxKeys: 2 }),
    username: oddString,
    password: oddString,
    'auth-provider': fc.record({ name: oddString, config: fc.dictionary(oddString, oddString, { maxKeys: 2 }) }),
    exec: fc.option(exec),
    extensions,
  },
  { requiredKeys: [] },
);

const context = fc.record({ cluster: name, user: name, namespace: oddString }, { requiredKeys: ['cluster'] });

function named<T>(field: string, content: fc.Arbitrary<T>) {
  return fc.uniqueArray(fc.record({ name, [field]: content }), { maxLength: 3, selector: (entry) => entry.name });
}

/** Documents that kubectl decodes, unless names or an odd string keep it from it. */
export const kubeconfigDocument: fc.Arbitrary<Record<string, unknown>> = fc.record(
  {
    apiVersion: fc.constant('v1'),
    kind: fc.constant('Config'),
    clusters: named('cluster', cluster),
    users: named('user', user),
    contexts: named('context', context),
    'current-context': name,
    preferences: fc.constantFrom({}, { colors: true }),
    extensions,
  },
  { requiredKeys: [] },
);

/** Ways to write a document down. Some are wrong for it: a name `no` without quotes is a boolean to kubectl. */
export const writers: Readonly<Record<string, (document: unknown) => string>> = {
  'as kubectl does': (document) => stringify(document, { compat: 'yaml-1.1', indentSeq: false }),
  'with long lines': (document) => stringify(document, { compat: 'yaml-1.1', indentSeq: false, lineWidth: 0 }),
  'in YAML 1.2': (document) => stringify(document),
  'with wide indents and blocks': (document) =>
    stringify(document, { indent: 4, blockQuote: 'literal', lineWidth: 30 }),
  'in double quotes': (document) => stringify(document, { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' }),
  'in single quotes': (document) => stringify(document, { defaultStringType: 'QUOTE_SINGLE', defaultKeyType: 'PLAIN' }),
  'in braces': (document) => stringify(document, { collectionStyle: 'flow' }),
  'with entries in braces': (document) => inBraces(document, { whole: true }),
  'with braces in entries': (document) => inBraces(document, { whole: false }),
  'in JSON': (document) => JSON.stringify(document),
  'in indented JSON': (document) => `${JSON.stringify(document, undefined, 2)}\n`,
  'with CRLF': (document) => stringify(document, { compat: 'yaml-1.1' }).replaceAll('\n', '\r\n'),
  'with a byte order mark': (document) => `\ufeff${stringify(document, { compat: 'yaml-1.1' })}`,
  'as the first of two': (document) => `---\n${stringify(document, { compat: 'yaml-1.1' })}---\nkind: [\n`,
  'with comments': (document) =>
    `# one\n\n${stringify(document, { compat: 'yaml-1.1' }).replaceAll(/^(\w[\w-]*:)$/gmu, '$1 # two')}`,
};

/** The items of all lists, or what is in them, on one line each. */
function inBraces(value: unknown, { whole }: { whole: boolean }): string {
  const document = new Document(value, { compat: 'yaml-1.1', aliasDuplicateObjects: false });
  visit(document, {
    Map(key, map, path) {
      const isBelowList = path.some((each) => isSeq(each));
      if (isBelowList && (whole || key === 'value')) map.flow = true;
    },
    Seq(_, list, path) {
      if (path.some((each) => isSeq(each))) list.flow = true;
    },
  });
  return document.toString({ lineWidth: 0 });
}

/** Texts of kubeconfigs. */
export const writtenKubeconfig: fc.Arbitrary<string> = fc
  .tuple(kubeconfigDocument, fc.constantFrom(...Object.values(writers)))
  .map(([document, write]) => write(document));

/** Texts of kubeconfigs, now and then cut off or with a piece of YAML put in somewhere. */
export const kubeconfigText: fc.Arbitrary<string> = fc
  .tuple(writtenKubeconfig, fc.array(edit(), { maxLength: 1 }))
  .map(([text, edits]) => edits.reduce((before, apply) => apply(before), text));

/** One change of a text: letters taken out or put in, lines moved, indented or repeated. */
export function edit(): fc.Arbitrary<(text: string) => string> {
  const place = fc.nat(1_000_000);
  const pieces = [' ', '\t', '\n', '#', ':', '-', '"', "'", '{', '}', '[', ']', ',', '&', '*', '!', '|', '>', '%', '?'];
  const more = [
    '\\',
    '\u0085',
    '\u2028',
    '\u2029',
    '\0',
    '  ',
    ': ',
    '- ',
    '\n\n',
    ' #',
    '---\n',
    '...\n',
    '&a ',
    '*a',
    '!!str ',
    '<<: ',
  ];
  const insert = fc.tuple(place, fc.constantFrom(...pieces, ...more)).map(([at, piece]) => (text: string) => {
    const index = at % (text.length + 1);
    return text.slice(0, index) + piece + text.slice(index);
  });
  const remove = fc.tuple(place, fc.nat(4)).map(([at, count]) => (text: string) => {
    const index = at % (text.length + 1);
    return text.slice(0, index) + text.slice(index + count + 1);
  });
  const cut = place.map((at) => (text: string) => text.slice(0, at % (text.length + 1)));
  const indent = fc.tuple(place, fc.nat(5)).map(([at, spaces]) =>
    onLines((lines) => {
      const index = at % lines.length;
      return lines.toSpliced(index, 1, ' '.repeat(spaces) + (lines[index] ?? '').trimStart());
    }),
  );
  const repeat = fc
    .tuple(place, place)
    .map(([from, to]) => onLines((lines) => lines.toSpliced(to % lines.length, 0, lines[from % lines.length] ?? '')));
  return fc.oneof(insert, remove, cut, indent, repeat);
}

function onLines(change: (lines: string[]) => string[]): (text: string) => string {
  return (text) => change(text.split('\n')).join('\n');
}
