import { escapeLine } from '../model/escape.ts';

/**
 * A table in kubectl's look: upper-case header, columns three spaces apart, no borders, no space at a line's end. A
 * cell that is undefined shows `<none>`, one of an empty text nothing.
 */
export function renderTable(header: readonly string[], rows: readonly (readonly (string | undefined)[])[]): string {
  const lines = [header, ...rows].map((row) =>
    header.map((_, column) => {
      const cell = row[column];
      return cell === undefined ? '<none>' : escapeLine(cell);
    }),
  );
  const widths = header.map((_, column) =>
    lines.reduce((width, cells) => Math.max(width, lengthOf(cells[column] ?? '')), 0),
  );
  return lines
    .map((cells) => cells.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - lengthOf(cell))))
    .map((cells) => `${cells.join('   ').trimEnd()}\n`)
    .join('');
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}
