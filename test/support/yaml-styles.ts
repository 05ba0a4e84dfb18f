import fc from 'fast-check';

type Style = (line: { before: string; value: string; text: string; indent: string }) => string;

/** Other ways to write `key: value` down, as people and tools do. They mean the same, as a rule. */
const sameStyles: Readonly<Record<string, Style>> = {
  'a comment behind it': ({ before, value }) => `${before} ${value} # prod: "it's" {x}`,
  'a comment close to it': ({ before, value }) => `${before} ${value} #`,
  'a literal block without its last newline': ({ before, text, indent }) => `${before} |-\n${indent}  ${text}`,
  'a tag': ({ before, value }) => `${before} !!str ${value}`,
  'a value below a comment': ({ before, value, indent }) => `${before} # c\n${indent}  ${value}`,
  'a folded block without its last newline': ({ before, text, indent }) =>
    `${before} >1-  # folded\n${indent} ${text}\n\n${indent}# c`,
};

/** Those of another text, of several lines as a rule. */
const textStyles: Readonly<Record<string, Style>> = {
  'no space before the mark of a comment': ({ before, value }) => `${before} ${value}#x`,
  'a literal block': ({ before, value, indent }) => `${before} |\n${indent}  ${value}`,
  'a literal block with all of its newlines': ({ before, value, indent }) => `${before} |+\n${indent}  ${value}\n\n`,
  'a block as AKS writes it': ({ before, value, indent }) =>
    `${before} |2\n\n${indent}  ${value} is not installed.\n\n${indent}  Go to https://example.invalid # there`,
  'a block of a given indentation': ({ before, value, indent }) =>
    `${before} >3- # folded\n${indent}     ${value}\n${indent}   b\n${indent}   c`,
  'a folded block': ({ before, value, indent }) =>
    `${before} >-\n${indent}  ${value}\n${indent}  b\n\n\n${indent}  c\n${indent}    deeper\n\n${indent}  d`,
  'a folded block with a comment below': ({ before, value, indent }) =>
    `${before} >\n\n${indent}  ${value}\n\n${indent} # a comment\n${indent}# and one more`,
  'a block with nothing in it': ({ before }) => `${before} |+\n\n`,
  'a block with spaces at its end': ({ before, value, indent }) => `${before} |\n${indent}  ${value}  \n${indent}   `,
  'quotes over lines, as PyYAML writes them': ({ before, value, indent }) =>
    `${before} '\n\n${indent}  ${value} isn''t installed.\n\n\n${indent}  # Go to\n${indent}  there\n\n${indent}  '`,
  'double quotes over lines': ({ before, value, indent }) =>
    `${before} "${value}  \n${indent}  b\n\n${indent}   c" # d`,
  'escapes in double quotes': ({ before, value }) => `${before} "${value}\\n\\u00e9\\"\\\n    x"`,
  'a quote in quotes': ({ before }) => `${before} 'it''s' # it's`,
  'a text over lines': ({ before, value, indent }) => `${before} ${value}\n${indent}  b\n${indent}   c # d`,
};

/** Those that kubectl refuses, or in most places. */
const oddStyles: Readonly<Record<string, Style>> = {
  'a block that is indented less than given': ({ before, value, indent }) => `${before} |+4\n${indent}  ${value}`,
  'a block with a line of spaces': ({ before, value, indent }) => `${before} |\n${indent}    \n${indent}  ${value}`,
  'quotes that go on too far left': ({ before, value, indent }) => `${before} '${value}\n${indent}b'`,
  braces: ({ before, value }) => `${before} {a: ${value}, b: [${value}, "x, y", 'z'], c: {d: https://h:1}} # e`,
  'braces over lines': ({ before, value, indent }) => `${before} {a: ${value},\n${indent}  b: [1]}`,
  brackets: ({ before, value }) => `${before} [${value}, -1, ~, no, a b  c, x:y]`,
  'brackets with too many commas': ({ before, value }) => `${before} [${value},]`,
  'an anchor': ({ before, value }) => `${before} &x ${value}`,
  'an alias': ({ before }) => `${before} *x`,
  'a text that goes on behind a comment': ({ before, value, indent }) => `${before} ${value} # c\n${indent}  b`,
};

const keyAndValue = /^((?: |- )*)[A-Za-z][\w-]*: +(\S.*)$/u;

/** One line `key: value` of a text, written in another way. */
export function restyle(): fc.Arbitrary<(text: string) => string> {
  const style = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...Object.values(sameStyles)) },
    { weight: 3, arbitrary: fc.constantFrom(...Object.values(textStyles)) },
    { weight: 1, arbitrary: fc.constantFrom(...Object.values(oddStyles)) },
  );
  return fc.tuple(fc.nat(1_000_000), style).map(([place, write]) => (yaml) => {
    const lines = yaml.split('\n');
    const candidates = [...lines.keys()].filter((index) => keyAndValue.test(lines[index] ?? ''));
    const index = candidates[place % Math.max(1, candidates.length)] ?? 0;
    const line = lines[index] ?? '';
    const [, indent, value] = keyAndValue.exec(line) ?? [];
    if (indent === undefined || value === undefined) return yaml;
    const before = line.slice(0, line.indexOf(':', indent.length) + 1);
    const text = /^(["']).*\1$/u.test(value) ? value.slice(1, -1) : value;
    // what is no text stays what it is
    const isText = !/^(?:true|false|null|~|[{[|>&*!].*)$/u.test(value);
    const styled = isText ? write({ before, value, text, indent: ' '.repeat(indent.length) }) : `${line} # ${value}`;
    return lines.toSpliced(index, 1, styled).join('\n');
  });
}

const around: readonly ((text: string) => string)[] = [
  (text) => `--- # first\n${text}`,
  (text) => `# one\n---\n\n${text}`,
  (text) => `${text.trimEnd()}\n---\n`,
  (text) => `${text.trimEnd()}\n--- # second\nkind: [\n`,
  (text) => `${text.trimEnd()}\n... # over\n`,
  (text) => `${text.trimEnd()}\n...\n# over\n---\n...\n`,
  (text) => `${text.trimEnd()}\n--- a\n`,
  (text) => `${text.trimEnd()}\n---a\n`,
  (text) => `${text.trimEnd()}\n... a\n`,
  (text) => text.trimEnd(),
];

/** Marks of documents around a text. */
export function frame(): fc.Arbitrary<(text: string) => string> {
  return fc.constantFrom(...around);
}
