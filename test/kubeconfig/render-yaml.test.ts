import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { readAnyYaml } from '../../lib/kubeconfig/any-yaml.ts';
import { renderViewYaml } from '../../lib/kubeconfig/render-yaml.ts';
import { oddString } from '../support/kubeconfig-arbitrary.ts';

test.each([
  ['a', 'a'],
  ['https://127.0.0.1:6443', 'https://127.0.0.1:6443'],
  ['10.0.0.1', '10.0.0.1'],
  ['no', '"no"'],
  ['007', '"007"'],
  ['190:20', '"190:20"'],
  ['2001-01-01', '"2001-01-01"'],
  ['', '""'],
  ['a: b', "'a: b'"],
  ["it's: ", "'it''s: '"],
  ['-', "'-'"],
  ['-x', '-x'],
  ['a\u2028b\u0007', String.raw`"a\u2028b\u0007"`],
  ['a\nb\n', '|\n  a\n  b'],
  ['a\nb', '|-\n  a\n  b'],
])('renderViewYaml() writes %j as kubectl does', (text, expected) => {
  expect(renderViewYaml({ key: text })).toBe(`key: ${expected}\n`);
});

test('renderViewYaml() writes texts that YAML 1.1 and 1.2 read back', () => {
  const value = fc.dictionary(oddString, fc.oneof(oddString, fc.array(oddString)));
  fc.assert(
    fc.property(value, (entries) => {
      const written = renderViewYaml(new Map(Object.entries(entries)));
      const fail = (problem: string): never => {
        throw new Error(problem);
      };
      expect(readAnyYaml(written, fail)).toEqual({ ...entries });
      for (const version of ['1.1', '1.2'] as const) {
        expect(parseYaml(written, { version, merge: false })).toEqual({ ...entries });
      }
    }),
    { numRuns: 500 },
  );
});
