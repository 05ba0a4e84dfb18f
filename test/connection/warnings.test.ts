import { expect, test } from 'vitest';
import { parseWarnings } from '../../lib/connection/warnings.ts';

test.each<[header: string | undefined, texts: string[]]>([
  [undefined, []],
  ['', []],
  ['299 - "old API"', ['old API']],
  ['299 - "unknown field \\"spec.x\\""', ['unknown field "spec.x"']],
  ['299 - "a", 299 - "b"', ['a', 'b']],
  ['299 - "a, 299 - b", 299 - "c"', ['a, 299 - b', 'c']],
  ['299 - "back\\\\slash"', ['back\\slash']],
  ['299 - "dated" "Wed, 21 Oct 2026 07:28:00 GMT"', ['dated']],
  ['299 kube-apiserver "named agent"', ['named agent']],
  ['299 - ""', ['']],
  ['299 - unquoted', []],
  ['no warning at all', []],
  [Buffer.from('299 - "größer – 大"').toString('latin1'), ['größer – 大']],
  ['299 - "gr\u00F6\u00DFer"', ['größer']],
  ['299 - "\u001B[31mred\u202E"', [String.raw`\x1b[31mred\u{202e}`]],
])('parseWarnings() reads %j as %j', (header, texts) => {
  expect(parseWarnings(header)).toEqual(texts);
});
