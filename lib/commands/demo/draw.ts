import { paint } from '../../cli/colour.ts';
import { renderError } from '../../cli/render-error.ts';
import { wrap } from '../../cli/wrap.ts';
import { escapeText } from '../../model/escape.ts';
import { drawWire } from './draw-wire.ts';
import type { Look } from './look.ts';
import { type Step, stepOrder } from './step.ts';

const margin = 4;

/** The head of the tour. */
export function drawTitle({ title, about }: { title: string; about: readonly string[] }, look: Look): string {
  const { colour, width } = look;
  const rule = paint('cyan', '━'.repeat(width), colour);
  const text = about.map((paragraph) => `\n${wrap(escapeText(paragraph), { width, indent: 2 })}`).join('');
  return `${rule}\n  ${paint('bold', title, colour)}\n${rule}\n${text}`;
}

/** A step with its command, what it sent and what came of it. */
export function drawStep(step: Step, look: Look): string {
  const { colour, width } = look;
  const number = `${stepOrder.indexOf(step.id) + 1}/${stepOrder.length}`;
  const line = '─'.repeat(Math.max(0, width - step.title.length - number.length - 6));
  const head = `${paint('cyan', '──', colour)} ${paint('cyan', number, colour)}  ${paint('bold', step.title, colour)} ${paint('cyan', line, colour)}`;
  return [
    `\n${head}\n`,
    wrap(step.about, { width, indent: 2 }),
    section(step.goesOn ? 'Command, still running' : 'Command', drawCommands(step.commands, look), look),
    section('Instead of', drawInsteadOf(step.insteadOf ?? [], look), look),
    section('On the wire', drawWire(step.wire, { ...look, margin }), look),
    section(step.failure === undefined ? 'Result' : 'What you are told', drawResult(step, look), look),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function section(title: string, text: string, { colour }: Look): string {
  return text === '' ? '' : `  ${paint('cyan', title, colour)}\n${text}`;
}

function drawCommands(commands: readonly string[], { colour, width }: Look): string {
  return commands
    .flatMap((command) => brokenLines(`$ ${escapeText(command)}`, width - margin))
    .map((line) => `${' '.repeat(margin)}${paint('green', line, colour)}\n`)
    .join('');
}

function drawInsteadOf(lines: readonly string[], look: Look): string {
  return dim(indented(lines.flatMap((line) => fittingCommand(escapeText(line), look.width - margin))), look);
}

/** A line of a shell that may go on in the next one. */
function fittingCommand(line: string, width: number): string[] {
  if (line.length <= width) return [line];
  const [, command = '', end = ''] = /^(.*?)(\s*\\)?$/u.exec(line) ?? [];
  const lines = brokenLines(command, width);
  return lines.map((each, index) => (index === lines.length - 1 ? `${each}${end}` : each));
}

const shellWords = String.raw`(?:'[^']*'|\\.|[^\s'\\])+`;

/** A command in lines of at most `width` where it has spaces, as a shell reads it: none within quotes, before a flag's value or behind a pipe. */
function brokenLines(command: string, width: number): string[] {
  const words =
    command.match(new RegExp(`\\|(?: ${shellWords})+|(?:--?[\\w-]+|export) (?!-)${shellWords}|${shellWords}`, 'gu')) ??
    [];
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last === undefined) lines.push(word);
    else if (last.length + word.length + 3 > width && last !== '$') lines.push(`    ${word}`);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.map((line, index) => (index === lines.length - 1 ? line : `${line} \\`));
}

function drawResult({ failure, result }: Step, look: Look): string {
  const lines = result.flatMap((line) => fitting(escapeText(line), look.width - margin));
  const text = indented(lines);
  if (failure === undefined) return text;
  const told = renderError(failure).trimEnd().split('\n');
  const shown = indented(told.flatMap((line) => fitting(line, look.width - margin)));
  return `${text}${shown.replaceAll(/\S.*/gu, (line) => paint('red', line, look.colour))}`;
}

/** A line in lines of at most `width`, broken where it has spaces; a row of a table is cut off. */
function fitting(line: string, width: number): string[] {
  const characters = Array.from(line);
  if (characters.length <= width) return [line];
  if (/\S {3,}\S/u.test(line))
    return [
      `${characters
        .slice(0, width - 2)
        .join('')
        .trimEnd()} …`,
    ];
  const hang = `${/^ */u.exec(line)?.[0] ?? ''}  `;
  const lines: string[] = [];
  for (const part of line.split(/(?<=\S)(?=\s)/u)) {
    const last = lines.at(-1);
    if (last === undefined) lines.push(part);
    else if (Array.from(last + part).length > width) lines.push(`${hang}${part.trimStart()}`);
    else lines[lines.length - 1] = last + part;
  }
  return lines;
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `${' '.repeat(margin)}${line}`.trimEnd() + '\n').join('');
}

function dim(text: string, { colour }: Look): string {
  return text.replaceAll(/.+/gu, (line) => paint('dim', line, colour));
}
