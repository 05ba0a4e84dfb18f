/** Text in lines of at most `width`, broken at spaces only; further lines of it begin with `hang`. */
export function wrap(
  text: string,
  { width, indent = 0, hang = '' }: { width: number; indent?: number; hang?: string },
): string {
  const margin = ' '.repeat(indent);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/u).filter((part) => part !== '')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && margin.length + longer.length > width) {
      lines.push(line);
      line = `${hang}${word}`;
    } else {
      line = longer;
    }
  }
  if (line !== '') lines.push(line);
  return lines.map((each) => `${margin}${each}\n`).join('');
}

/** Two columns, the second wrapped; a first one that is long stands on a line of its own. */
export function renderColumns(rows: readonly (readonly [string, string])[], { width }: { width: number }): string {
  const fitting = rows.map(([left]) => left.length).filter((length) => length <= widestLeft);
  const left = Math.max(8, ...fitting);
  return rows
    .map(([name, text]) => {
      const body = wrap(text, { width, indent: left + 5 });
      return name.length <= left ? `  ${name.padEnd(left)}   ${body.trimStart()}` : `  ${name}\n${body}`;
    })
    .join('');
}

const widestLeft = 30;
