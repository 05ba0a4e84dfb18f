import { stripVTControlCharacters } from 'node:util';

/** A recording under way. */
export interface Cast {
  /** What appears on the recorded terminal next. */
  add(text: string): void;
  /** The recording so far: asciicast v2 (https://docs.asciinema.org/manual/asciicast/v2/). */
  render(): string;
}

export const castSize = { width: 80, height: 30 } as const;

/** Seconds: between two lines, and for reading a line of what has appeared; a longer stop makes nobody wait. */
const pace = { line: 0.04, reading: 0.14, longest: 4 } as const;

/**
 * Records text at the pace of a reader: a tour that runs through is over in a second, and one that waits for Enter would
 * show for how long. So that the same tour gives the same times.
 *
 * @param command What was typed to start it.
 */
export function createCast({ command, title }: { command: string; title: string }): Cast {
  const events: [seconds: number, code: 'o', text: string][] = [];
  let seconds = 0;
  const show = (text: string) => {
    const lines = text.match(/[^\n]*\n|[^\n]+$/gu) ?? [];
    for (const line of lines) {
      events.push([round(seconds), 'o', line.replace(/\n$/u, '\r\n')]);
      seconds += pace.line;
    }
    const read = lines.filter((line) => stripVTControlCharacters(line).trim() !== '').length;
    seconds += Math.min(pace.longest, read * pace.reading);
  };
  show(`$ ${command}\n`);
  return {
    add: show,
    render() {
      const { height, width } = castSize;
      const header = { version: 2, width, height, duration: round(seconds), command, title };
      return [header, ...events].map((line) => `${JSON.stringify(line)}\n`).join('');
    },
  };
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
