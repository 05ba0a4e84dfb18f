import fc from 'fast-check';
import { expect, test } from 'vitest';
import { renderTable } from '../../lib/cli/table.ts';

test("renderTable() has kubectl's look", () => {
  expect(
    renderTable(
      ['CURRENT', 'NAME', 'CONTEXTS'],
      [
        ['*', 'kind-dev', 'kind-dev, other'],
        ['', 'prod-with-a-long-name', undefined],
      ],
    ),
  ).toBe(
    `CURRENT   NAME                    CONTEXTS
*         kind-dev                kind-dev, other
          prod-with-a-long-name   <none>
`,
  );
});

test('renderTable() keeps one line a row, whatever the cells hold', () => {
  const cell = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell)), (rows) => {
      const text = renderTable(['A', 'B'], rows);
      expect(text.split('\n')).toHaveLength(rows.length + 2);
      // oxlint-disable-next-line no-control-regex -- control characters are what this is about
      expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/u);
    }),
  );
});
