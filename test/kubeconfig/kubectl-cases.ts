/** A KUBECONFIG list, and what is to be read of it: by us, and by kubectl where it is at hand. */
export interface KubectlCase {
  /** A sentence: the subject is the reader. */
  name: string;
  /** Contents by file name. */
  files: Readonly<Record<string, string | Buffer>>;
  /** Names in KUBECONFIG; the files by default. */
  list?: readonly string[];
  /** Part of what `kubectl config view --raw -o json` shows, or the problem for which it is refused. */
  expected: Readonly<Record<string, unknown>> | { readonly refused: RegExp };
}

const cluster = (name: string, fields = 'server: https://a') => `clusters: [{name: ${name}, cluster: {${fields}}}]\n`;
const user = (fields: string) => `users: [{name: u, user: {${fields}}}]\n`;
const file = (text: string | Buffer) => ({ config: text });

/** The rows of our table of differences between client-go and @kubernetes/client-node that concern reading. */
export const differencesFromClientNode: readonly KubectlCase[] = [
  {
    name: 'takes the first of two clusters with one name in two files, where client-node throws',
    files: { one: cluster('a', 'server: https://one'), two: cluster('a', 'server: https://two, proxy-url: http://p') },
    expected: { clusters: [{ name: 'a', cluster: { server: 'https://one' } }] },
  },
  {
    name: 'reads a file once that is listed twice, where client-node throws',
    files: { one: cluster('a') },
    list: ['one', 'one'],
    expected: { clusters: [{ name: 'a', cluster: { server: 'https://a' } }] },
  },
  {
    name: 'takes the first current-context that is set, where client-node takes the last',
    files: { one: 'current-context: ""\n', two: 'current-context: two\n', three: 'current-context: three\n' },
    expected: { 'current-context': 'two' },
  },
  {
    name: 'skips a file of the list that is missing, where client-node throws',
    files: { one: 'current-context: one\n' },
    list: ['missing', 'one'],
    expected: { 'current-context': 'one' },
  },
  {
    name: 'reads an empty file as an empty kubeconfig, where client-node throws',
    files: { empty: '', one: 'current-context: one\n' },
    expected: { 'current-context': 'one' },
  },
  {
    name: 'skips empty names in the list, where client-node throws a TypeError',
    files: { one: 'current-context: one\n' },
    list: ['', 'one', ''],
    expected: { 'current-context': 'one' },
  },
  {
    name: 'reads tokenFile, which client-node ignores',
    files: file(user('tokenFile: run/token')),
    expected: { users: [{ name: 'u', user: { tokenFile: 'run/token' } }] },
  },
  {
    name: 'ignores token-file, which only client-node knows',
    files: file(user('token-file: run/token')),
    expected: { users: [{ name: 'u', user: {} }] },
  },
  {
    name: 'keeps as-groups, as-uid and as-user-extra, which client-node drops',
    files: file(user('as: jane, as-uid: "7", as-groups: [a, b], as-user-extra: {x: [z]}')),
    expected: {
      users: [
        { name: 'u', user: { as: 'jane', 'as-uid': '7', 'as-groups': ['a', 'b'], 'as-user-extra': { x: ['z'] } } },
      ],
    },
  },
  {
    name: 'fills in the interactiveMode that a v1beta1 plugin need not have',
    files: file(user('exec: {command: p, apiVersion: client.authentication.k8s.io/v1beta1}')),
    expected: { users: [{ name: 'u', user: { exec: { interactiveMode: 'IfAvailable' } } }] },
  },
  {
    name: 'does not fill in the interactiveMode of a v1 plugin',
    files: file(user('exec: {command: p, apiVersion: client.authentication.k8s.io/v1}')),
    expected: { users: [{ name: 'u', user: { exec: { command: 'p' } } }] },
  },
  {
    name: 'refuses insecure-skip-tls-verify as a text, which client-node takes for false',
    files: file(cluster('a', 'insecure-skip-tls-verify: "true"')),
    expected: { refused: /clusters\[0\]\.cluster\.insecure-skip-tls-verify is a string, not true or false$/u },
  },
  {
    name: 'refuses a number as a name, which client-node compares with texts in vain',
    files: file(cluster('1')),
    expected: { refused: /clusters\[0\]\.name is a number, not a string: it needs quotes$/u },
  },
  {
    name: 'takes the last of two equal keys, where client-node throws an excerpt',
    files: file('current-context: one\ncurrent-context: two\n'),
    expected: { 'current-context': 'two' },
  },
  {
    name: 'reads the first of several documents, where client-node throws an excerpt',
    files: file('current-context: one\n---\ncurrent-context: [two\n'),
    expected: { 'current-context': 'one' },
  },
  {
    name: 'refuses a tab used as indentation',
    files: file('users:\n- name: u\n\tuser: {}\n'),
    expected: { refused: /: a tab used as indentation in line 3, column \d+$/u },
  },
  {
    name: 'keeps disable-compression, preferences and extensions, which client-node loses',
    files: file(
      'preferences: {colors: true}\nextensions: [{name: x, extension: {z: 1}}]\n' +
        cluster('a', 'disable-compression: true, extensions: [{name: x, extension: null}]'),
    ),
    expected: {
      preferences: { colors: true },
      extensions: [{ name: 'x', extension: { z: 1 } }],
      clusters: [{ name: 'a', cluster: { 'disable-compression': true, extensions: [{ name: 'x', extension: null }] } }],
    },
  },
];

/** YAML as go-yaml has it. */
export const yamlOfKubectl: readonly KubectlCase[] = [
  {
    name: 'refuses an unquoted name that is a boolean in YAML 1.1',
    files: file(cluster('no')),
    expected: { refused: /clusters\[0\]\.name is a boolean, not a string: it needs quotes$/u },
  },
  {
    name: 'reads a quoted name that would be a boolean',
    files: file(cluster('"no"')),
    expected: { clusters: [{ name: 'no' }] },
  },
  {
    name: 'refuses a tag without a space behind it',
    files: file('clusters: [{name: a, cluster: {server: !x, proxy-url: b}}]\n'),
    expected: { refused: /: no space after a tag in line 1, column 42$/u },
  },
  {
    name: 'reads a tag without a value',
    files: file('clusters:\n- name: a\n  cluster:\n    server: !x\n    proxy-url: ! b\n'),
    expected: { clusters: [{ name: 'a', cluster: { server: '', 'proxy-url': 'b' } }] },
  },
  {
    name: 'reads yes as true',
    files: file(cluster('a', 'insecure-skip-tls-verify: yes')),
    expected: { clusters: [{ cluster: { 'insecure-skip-tls-verify': true } }] },
  },
  {
    name: 'reads numbers of base 60 and dates as texts',
    files: file('contexts: [{name: 190:20, context: {cluster: 2001-01-01, user: 12:30:45}}]\n'),
    expected: { contexts: [{ name: '190:20', context: { cluster: '2001-01-01', user: '12:30:45' } }] },
  },
  {
    name: 'reads null as absent',
    files: file('clusters: null\nusers: ~\ncurrent-context:\ncontexts: [null]\n'),
    expected: { clusters: null, contexts: [{ name: '', context: { cluster: '', user: '' } }], 'current-context': '' },
  },
  {
    name: 'reads anchors, aliases and merges',
    files: file(
      'x: &base {server: https://a, tls-server-name: host}\nclusters:\n- {name: a, cluster: *base}\n' +
        '- name: b\n  cluster:\n    server: https://b\n    <<: *base\n- name: c\n  cluster: {<<: *base, server: https://c}\n',
    ),
    expected: {
      clusters: [
        { name: 'a', cluster: { server: 'https://a' } },
        { name: 'b', cluster: { server: 'https://a', 'tls-server-name': 'host' } },
        { name: 'c', cluster: { server: 'https://c', 'tls-server-name': 'host' } },
      ],
    },
  },
  {
    name: 'refuses an alias without an anchor',
    files: file('current-context: *nobody\n'),
    expected: { refused: /: an alias of an unknown anchor in line 1, column 18$/u },
  },
  {
    name: 'refuses aliases that unfold into gigabytes',
    files: file(
      `a: &a [x,x,x,x,x,x,x,x,x]\n${['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']
        .map((key, index) => `${key}: &${key} [${`*${'abcdefgh'.charAt(index)},`.repeat(9)}]\n`)
        .join('')}`,
    ),
    expected: { refused: /: aliases that unfold without measure/u },
  },
  {
    name: 'reads tags as YAML 1.1 has them',
    files: file(
      'current-context: !!str 007\nclusters: [{name: ! no, cluster: {insecure-skip-tls-verify: !!bool "yes"}}]\n',
    ),
    expected: {
      'current-context': '007',
      clusters: [{ name: 'no', cluster: { 'insecure-skip-tls-verify': true } }],
    },
  },
  {
    name: 'reads block scalars, folded texts and escapes',
    files: file(
      'users:\n- name: u\n  user:\n    exec:\n      command: sh\n      apiVersion: v1\n      args:\n      - -c\n' +
        '      - |\n        echo a\n        echo b\n      - >-\n        one\n        two\n      - one\n        two\n      - "\\ta\\u00e9"\n',
    ),
    expected: { users: [{ user: { exec: { args: ['-c', 'echo a\necho b\n', 'one two', 'one two', '\ta\u00e9'] } } }] },
  },
  {
    name: 'reads CRLF',
    files: file('current-context: one\r\nkind: Config\r\n'),
    expected: { 'current-context': 'one' },
  },
  { name: 'reads CR', files: file('current-context: one\rkind: Config\r'), expected: { 'current-context': 'one' } },
  {
    name: 'reads a byte order mark',
    files: file('\ufeffcurrent-context: one\n'),
    expected: { 'current-context': 'one' },
  },
  {
    name: 'reads UTF-16 with a byte order mark, as PowerShell writes it',
    files: file(Buffer.from('\ufeffcurrent-context: één\r\n', 'utf16le')),
    expected: { 'current-context': 'één' },
  },
  {
    name: 'refuses bytes that are no UTF-8',
    files: file(Buffer.from([0x61, 0x3a, 0x20, 0xff, 0x0a])),
    expected: { refused: /: not UTF-8$/u },
  },
  {
    name: 'refuses a control character',
    files: file('current-context: "a\u0007"\n'),
    expected: { refused: /: a control character in line 1, column 20$/u },
  },
  {
    name: 'reads a line break of Unicode in quotes as YAML 1.1 does',
    files: file('current-context: "a\u2028b\u0085c"\n'),
    expected: { 'current-context': 'a\u2028b c' },
  },
  {
    name: 'reads a line break of Unicode in an unquoted text',
    files: file('current-context: a \u2028\u0085 b\u0085\n  c\nkind: Config\u2029apiVersion: v1\u0085'),
    expected: { 'current-context': 'a\u2028\nb\nc', kind: 'Config', apiVersion: 'v1' },
  },
  {
    name: 'reads lines that end with a line break of Unicode',
    files: file(
      '# one\u2028clusters: # two\u2029- name: a\u0085  cluster: &a\u0085    server: https://a\u2028' +
        '- name: b\u2029  cluster: *a\u2028current-context: {\u0085\u2028}\u2029',
    ),
    expected: { refused: /: current-context is a mapping, not a string/u },
  },
  {
    name: 'reads an anchor with a line break of Unicode behind it',
    files: file('users:\n- name: u\n  user: &a2\u0085    token: t\n- name: v\n  user: *a2\u2028'),
    expected: {
      users: [
        { name: 'u', user: { token: 't' } },
        { name: 'v', user: { token: 't' } },
      ],
    },
  },
  {
    name: 'reads line breaks of Unicode in quotes, between and behind those of ASCII, and escaped',
    files: file(
      "users:\n- name: \"a \u2029 \n \u0085b\\\u2028  \u2029c\\\n\nd\\L\\\\\"\n  user:\n    as: '\u2028it''s \u0085\u2028'\n",
    ),
    expected: { users: [{ name: 'a\u2029\n\nb\u2029c\nd\u2028\\', user: { as: "\u2028it's\u2028" } }] },
  },
  {
    name: 'reads line breaks of Unicode in blocks',
    files: file(
      'users:\n- name: u\n  user:\n    exec:\n      apiVersion: v1\n      command: |+\u2029        a\u2028\u0085        b\u2029\u2028' +
        '      args:\n      - >\n\u2028        a\u2029        b\n        c\n\u2028        d\n         e\u0085        f\u2029\n' +
        '      - >2-\n          a\u2028        b\u2028',
    ),
    expected: {
      users: [
        {
          user: {
            exec: { command: 'a\u2028\nb\u2029\u2028', args: ['\u2028a\u2029b c\u2028d\n e\nf\u2029', '  a\u2028b'] },
          },
        },
      ],
    },
  },
  {
    name: 'reads a block that ends with the file, at a line break of Unicode',
    files: file('>\u2028 a: b\u2028 c'),
    expected: { refused: /: it is a string, not a mapping$/u },
  },
  {
    name: 'reads quotes and braces that go on in lines that are not indented',
    files: file(
      'users:\n- name: "a\nb"\n  user: {\ntoken: \'c\n\nd\', as-groups: [\ne\n,f g\nh\n]\n}\n- name: i\n  user:\n    as: j\n',
    ),
    expected: {
      users: [
        { name: 'a b', user: { token: 'c\nd', 'as-groups': ['e', 'f g h'] } },
        { name: 'i', user: { as: 'j' } },
      ],
    },
  },
  {
    name: 'refuses quotes that a document ends',
    files: file('current-context: "a\\"\n---\n"\n'),
    expected: { refused: /: a missing quote in line 1, column 18$/u },
  },
  {
    name: 'refuses single quotes that a document ends',
    files: file("current-context: 'a''\n---\n'\n"),
    expected: { refused: /: a missing quote in line 1, column 18$/u },
  },
  {
    name: 'reads a single quote behind a backslash, and several line breaks behind one',
    files: file('current-context: "a\\\'b\\\n\n c"\n'),
    expected: { 'current-context': "a'b\nc" },
  },
  {
    name: 'reads a tab behind the mark of a document',
    files: file('---\t# one\ncurrent-context: one\n'),
    expected: { 'current-context': 'one' },
  },
  {
    name: 'refuses a tab behind the dash of a list',
    files: file('users:\n-\tname: u\n'),
    expected: { refused: /: a tab used as indentation in line 2, column 2$/u },
  },
  {
    name: 'refuses a tab behind two dashes and a space',
    files: file('users:\n- - \tname: u\n'),
    expected: { refused: /: a tab used as indentation in line 2, column \d$/u },
  },
  {
    name: 'reads a colon before a comma or a closing bracket as a part of the unquoted text before it',
    files: file('users: [{name: x:, user: {exec: {command: a, args: [a:, b :, c:d, e:]}, username:, token: t:}}]\n'),
    expected: {
      users: [{ name: 'x:', user: { token: 't:', exec: { command: 'a', args: ['a:', 'b :', 'c:d', 'e:'] } } }],
    },
  },
  {
    name: 'takes empty braces that are the first key for the whole document',
    files: file('# one\n\n{}: "a\ncurrent-context: one\n'),
    expected: {},
  },
  {
    name: 'refuses empty braces that are another key',
    files: file('users:\n- {}: a\n'),
    expected: { refused: /: a key that is neither text nor a short number in line 2, column 3$/u },
  },
  {
    name: 'refuses empty braces with an anchor that are the first key',
    files: file('&a {}: one\n'),
    expected: { refused: /: a key that is neither text nor a short number in line 1, column 4$/u },
  },
  {
    name: 'reads a tab in a blank line behind an unquoted text, where the text could go on',
    files: file('current-context: a\n \t\nusers: []\n'),
    expected: { 'current-context': 'a' },
  },
  {
    name: 'refuses a tab in a blank line behind an unquoted text, before the column where the text could go on',
    files: file('users:\n- name: u\n  \t\n  user: {}\n'),
    expected: { refused: /: a tab used as indentation in line 3, column 3$/u },
  },
  {
    name: 'refuses a tab in a blank line behind a comment',
    files: file('current-context: a # one\n \t\nusers: []\n'),
    expected: { refused: /: a tab used as indentation in line 2, column 2$/u },
  },
  {
    name: 'refuses a tab in a blank line at the end of the file, unless the mark of the end comes before',
    files: file('users: []\ncurrent-context:\n \t\n'),
    expected: { refused: /: a tab used as indentation in line 3, column 2$/u },
  },
  {
    name: 'reads a tab in a blank line behind the mark of the end',
    files: file('current-context: !!str a\n...\n \t\n'),
    expected: { 'current-context': 'a' },
  },
  {
    name: 'reads a text of several lines among the keys in braces',
    files: file('contexts: [{name: a, b\n c, context: {}}]\n'),
    expected: { contexts: [{ name: 'a' }] },
  },
  {
    name: 'reads JSON, with a comma too many',
    files: file('{"current-context": "one", "clusters": [{"name":"a","cluster":{}},],}\n'),
    expected: { 'current-context': 'one', clusters: [{ name: 'a', cluster: { server: '' } }] },
  },
  {
    name: 'refuses the escapes of JSON that YAML 1.1 does not have',
    files: file('{"current-context": "a\\/b"}\n'),
    expected: { refused: /: an escape that YAML 1.1 does not have/u },
  },
  {
    name: 'reads the first of several objects of JSON',
    files: file('{"current-context": "one"}\n{"current-context": "two"}\n'),
    expected: { 'current-context': 'one' },
  },
  {
    name: 'refuses a %YAML directive of another version',
    files: file('%YAML 1.2\n---\ncurrent-context: one\n'),
    expected: { refused: /: a %YAML directive other than 1\.1$/u },
  },
  {
    name: 'refuses a question mark in an unquoted text in braces',
    files: file('clusters: [{name: a, cluster: {server: https://a?x=1}}]\n'),
    expected: { refused: /: an unquoted question mark inside of braces/u },
  },
  {
    name: 'refuses a tag on another line than the key in braces that it belongs to',
    files: file('{!\n"current-context": "one"}\n'),
    expected: { refused: /: a key of several lines/u },
  },
  {
    name: 'does not look at a second document that begins with a bracket too many',
    files: file('current-context: one\n---\n]kind: [\n'),
    expected: { 'current-context': 'one' },
  },
  {
    name: 'reads what follows the line break of Unicode that ends a comment',
    files: file('current-context: one\n#\u2028- a\n'),
    expected: { refused: /in line 2, column \d+$/u },
  },
  {
    name: 'reads a text behind a comment that a line break of Unicode ends',
    files: file('#\u0085 nothing\n'),
    expected: { refused: /: it is a string, not a mapping$/u },
  },
  {
    name: 'refuses an end of document without a document',
    files: file('# nothing\n...\n'),
    expected: { refused: /: an end without a document$/u },
  },
  {
    name: 'reads numbers of 64 bits in an extension',
    files: file('extensions: [{name: a, extension: {b: 12345678901234567890, c: -0x7fffffffffffffff}}]\n'),
    expected: {
      extensions: [{ name: 'a', extension: { b: Number('12345678901234567890'), c: -Number('0x7fffffffffffffff') } }],
    },
  },
  {
    name: 'refuses a number that JSON does not have',
    files: file('extensions: [{name: a, extension: .inf}]\n'),
    expected: { refused: /: a number that JSON does not have/u },
  },
];

/** What client-go makes of the values. */
export const valuesOfKubectl: readonly KubectlCase[] = [
  {
    name: 'ignores fields that it does not know',
    files: file('server: x\nclusters: [{name: a, cluster: {Server: https://a, server: https://b}, more: 1}]\n'),
    expected: { clusters: [{ name: 'a', cluster: { server: 'https://b' } }] },
  },
  {
    name: 'refuses two entries of one name in a file',
    files: file('users: [{name: u, user: {token: t1}}, {name: v}, {name: u, user: {token: t2}}]\n'),
    expected: { refused: /: users\[2\] has the same name as users\[0\]$/u },
  },
  {
    name: 'refuses data that is no base64',
    files: file(cluster('a', 'certificate-authority-data: QUJ')),
    expected: { refused: /: clusters\[0\]\.cluster\.certificate-authority-data is not base64$/u },
  },
  {
    name: 'reads base64 over several lines',
    files: file('users:\n- name: u\n  user:\n    client-key-data: |\n      QUJD\n      REVG\n'),
    expected: { users: [{ user: { 'client-key-data': 'QUJDREVG' } }] },
  },
  {
    name: 'refuses base64 with spaces in it, which an unquoted text over several lines has',
    files: file('users:\n- name: u\n  user:\n    client-key-data: QUJD\n      REVG\n'),
    expected: { refused: /: users\[0\]\.user\.client-key-data is not base64$/u },
  },
  {
    name: 'reads what `kubectl config view` printed, omissions and all',
    files: file(cluster('a', 'certificate-authority-data: DATA+OMITTED') + user('token: REDACTED')),
    expected: {
      clusters: [{ cluster: { 'certificate-authority-data': 'DATA+OMITTED' } }],
      users: [{ user: { token: 'REDACTED' } }],
    },
  },
  {
    name: 'refuses a token that is a number',
    files: file(user('token: 1234')),
    expected: { refused: /: users\[0\]\.user\.token is a number, not a string: it needs quotes$/u },
  },
  {
    name: 'refuses a mapping in the place of a list',
    files: file('users: {name: u}\n'),
    expected: { refused: /: users is a mapping, not a list$/u },
  },
  {
    name: 'refuses a list in the place of a mapping',
    files: file('contexts: [{name: a, context: []}]\n'),
    expected: { refused: /: contexts\[0\]\.context is a list, not a mapping$/u },
  },
  {
    name: 'refuses a wrong value in a mapping of the user',
    files: file(user('auth-provider: {name: x, config: {id-token: 1}}')),
    expected: { refused: /: users\[0\]\.user\.auth-provider\.config\.\* is a number, not a string: it needs quotes$/u },
  },
  {
    name: 'refuses a file that is no mapping',
    files: file('- a\n'),
    expected: { refused: /: it is a list, not a mapping$/u },
  },
  {
    name: 'refuses another kind',
    files: file('kind: Pod\n'),
    expected: { refused: /: kind is not that of a kubeconfig/u },
  },
  {
    name: 'refuses another version',
    files: file('apiVersion: v2\nkind: Config\n'),
    expected: { refused: /: apiVersion is not that of a kubeconfig/u },
  },
  {
    name: 'needs neither apiVersion nor kind',
    files: file('current-context: one\n'),
    expected: { 'current-context': 'one', kind: 'Config', apiVersion: 'v1' },
  },
  {
    name: 'refuses all if one file is broken',
    files: { one: 'current-context: one\n', two: 'users: [\n' },
    expected: { refused: /two": wrong indentation in line 2, column 1$/u },
  },
  {
    name: 'reads names that are properties of every object of JavaScript',
    files: file(
      'clusters: [{name: __proto__, cluster: {server: https://a}}, {name: constructor}]\n' +
        user('as: x, as-user-extra: {__proto__: [x], toString: [z]}'),
    ),
    expected: { clusters: [{ name: '__proto__', cluster: { server: 'https://a' } }, { name: 'constructor' }] },
  },
];
