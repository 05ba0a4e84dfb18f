import fc from 'fast-check';
import { expect, test } from 'vitest';
import { renderColumns, wrap } from '../../lib/cli/wrap.ts';

test('wrap() breaks at spaces only, keeps every word, and stays within the width where the words do', () => {
  const word = fc.stringMatching(/^[a-z]{1,12}$/u);
  fc.assert(
    fc.property(
      fc.array(word),
      fc.integer({ min: 20, max: 60 }),
      fc.integer({ min: 0, max: 6 }),
      (words, width, indent) => {
        const text = wrap(words.join(' '), { width, indent });
        expect(text.split(/\s+/u).filter(Boolean)).toEqual(words);
        for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
      },
    ),
  );
});

test('renderColumns() puts a first cell that is too long on a line of its own', () => {
  const rows = [
    ['a', 'text'],
    ['a-very-very-very-very-long-first-cell', 'text'],
  ] as const;
  expect(renderColumns(rows, { width: 80 })).toBe(
    `  a          text
  a-very-very-very-very-long-first-cell
             text
`,
  );
});
