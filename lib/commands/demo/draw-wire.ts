import { paint } from '../../cli/colour.ts';
import { wrap } from '../../cli/wrap.ts';
import type { Exchange } from '../../connection/attempt.ts';
import { escapeLine } from '../../model/escape.ts';
import type { Look } from './look.ts';

/** Requests and what came of them, in their order; the same one again is counted. */
export function drawWire(exchanges: readonly Exchange[], { colour, margin, width }: Look & { margin: number }): string {
  let who = '';
  return runsOf(exchanges)
    .map(({ exchange, times }) => {
      const as = describeCaller(exchange);
      const heading =
        as === who
          ? ''
          : wrap(as, { width, indent: margin, hang: '  ' }).replaceAll(/\S.*/gu, (line) => paint('dim', line, colour));
      who = as;
      return `${heading}${drawExchange(exchange, times, { colour, margin: margin + 2, width })}`;
    })
    .join('');
}

function drawExchange(
  { method, ms, path, status }: Exchange,
  times: number,
  { colour, margin, width }: Look & { margin: number },
): string {
  const code = status === undefined ? '---' : String(status);
  const hue = status === undefined || status >= 500 ? 'red' : status >= 400 ? 'yellow' : 'green';
  const count = times === 1 ? '' : ` ×${times}`;
  const left = ' '.repeat(margin);
  const room = width - margin - headWidth;
  const lines = brokenPath(`${escapeLine(path)}${count}`, room);
  const head = `${method.padEnd(6)} ${paint(hue, code, colour)} ${`${Math.round(ms)} ms`.padStart(7)}  `;
  return lines.map((line, index) => `${left}${index === 0 ? head : ' '.repeat(headWidth)}${line}\n`).join('');
}

/** Of `DELETE 404 1234 ms  `. */
const headWidth = 20;

/** A path in lines, broken before one of its delimiters; within a part only where that is longer than a line. */
function brokenPath(path: string, room: number): string[] {
  const shortened = (part: string) => (part.length > room ? part.split(/(?=%)/u) : [part]);
  const anywhere = (part: string) => part.match(new RegExp(`.{1,${room}}`, 'gu')) ?? [];
  const lines: string[] = [];
  for (const part of path
    .split(/(?=[/?&])/u)
    .flatMap(shortened)
    .flatMap(anywhere)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + part.length > room) lines.push(part);
    else lines[lines.length - 1] = last + part;
  }
  return lines;
}

function describeCaller({ authorization, identity }: Exchange): string {
  const header = authorization === undefined ? '' : ` (Authorization: ${authorization} ********)`;
  return `as ${escapeLine(identity)}${header}`;
}

/** Exchanges in a row that are the same but for their time; the time of the last one. */
function runsOf(exchanges: readonly Exchange[]): { exchange: Exchange; times: number }[] {
  const runs: { exchange: Exchange; times: number }[] = [];
  for (const exchange of exchanges) {
    const last = runs.at(-1);
    if (last !== undefined && keyOf(last.exchange) === keyOf(exchange)) last.times += 1;
    else runs.push({ exchange, times: 1 });
  }
  return runs;
}

function keyOf({ identity, method, path, status }: Exchange): string {
  return JSON.stringify([identity, method, path, status]);
}
