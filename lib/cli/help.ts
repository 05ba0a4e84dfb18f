import type { Command } from './command.ts';
import { exitCodes } from './exit-code.ts';
import { flagUsage, type OptionTable, type Positional, valueLabel } from './options.ts';
import { withBuiltIn } from './parse.ts';
import { positionalUsage } from './positionals.ts';
import { renderColumns, wrap } from './wrap.ts';

const ownFlags = 'Flags';

/** A row of the help, and of the README's table. */
export interface HelpRow {
  /** `-n, --namespace NS`, `SERVICEACCOUNT`. */
  readonly usage: string;
  readonly help: string;
}

/**
 * The help of one command: what it is, how it is used, examples before flags, flags by group, exit codes.
 *
 * @param invocation How the command was called: what stands for `$0` in its examples.
 * @param columns Width of the terminal; 80 to 120 of it are used.
 */
export function renderCommandHelp(
  command: Command,
  { invocation, columns }: { invocation: string; columns?: number | undefined },
): string {
  const width = Math.min(120, Math.max(80, columns ?? 80));
  const examples = command.examples.map(
    ({ does, line }) =>
      `${wrap(`# ${does}`, { width, indent: 2, hang: '# ' })}  ${line.replaceAll('$0', invocation)}\n`,
  );
  return [
    wrap(`${command.summary}.`, { width }),
    ...(command.description ?? '').split(/\n\n+/u).map((paragraph) => wrap(paragraph, { width })),
    section('Usage', `  ${[invocation, positionalUsage(command.positionals), '[flags]'].filter(Boolean).join(' ')}\n`),
    section('Examples', examples.join('\n')),
    section('Arguments', renderColumns(positionalRows(command).map(toCells), { width })),
    ...flagGroups(command).map(({ title, rows }) => section(title, renderColumns(rows.map(toCells), { width }))),
    ...Object.values(command.options).map((row) =>
      row.type === 'string' && row.meanings !== undefined
        ? section(row.value, renderColumns(Object.entries(row.meanings), { width }))
        : '',
    ),
    section(
      'Exit codes',
      renderColumns(
        exitCodes.map(({ code, meaning }) => [code, meaning]),
        { width },
      ),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** The commands, a line each; also what is printed when no command is named. */
export function renderProgramHelp(
  commands: readonly Pick<Command, 'name' | 'summary'>[],
  { program, about, columns }: { program: string; about: string; columns?: number | undefined },
): string {
  const width = Math.min(120, Math.max(80, columns ?? 80));
  return [
    wrap(about, { width }),
    section('Usage', `  ${program} COMMAND [flags]\n`),
    section(
      'Commands',
      renderColumns(
        commands.map(({ name, summary }) => [name, summary]),
        { width },
      ),
    ),
    `"${program} COMMAND --help" shows the flags and examples of a command.\n`,
  ].join('\n');
}

/** The flags of a command by group, its own first. */
export function flagGroups({ options }: Pick<Command, 'options'>): { title: string; rows: HelpRow[] }[] {
  const groups = new Map<string, HelpRow[]>([[ownFlags, []]]);
  for (const [name, row] of Object.entries(withBuiltIn(options))) {
    const title = row.group ?? ownFlags;
    const rows = groups.get(title) ?? [];
    rows.push(flagRow(name, row));
    groups.set(title, rows);
  }
  return [...groups].map(([title, rows]) => ({ title, rows })).filter(({ rows }) => rows.length > 0);
}

/** The positionals of a command. */
export function positionalRows({ positionals }: Pick<Command, 'positionals'>): HelpRow[] {
  return Object.values(positionals).map((row) => ({ usage: row.value, help: describe(row) }));
}

function flagRow(name: string, row: OptionTable[string]): HelpRow {
  const short = row.short === undefined ? '    ' : `-${row.short}, `;
  return { usage: `${short}${flagUsage(name, row)}`, help: row.type === 'boolean' ? row.help : describe(row) };
}

/** The help of a row with what its other columns say: its choices, if the label does not list them, and its default. */
function describe(row: Omit<Positional, 'parse'>): string {
  const listed =
    row.choices === undefined || row.meanings !== undefined || valueLabel(row) !== row.value || row.choices.length < 2;
  const choices = listed ? '' : `. One of ${row.choices?.join(', ')}`;
  const isSaid = row.default === undefined || /If unset/u.test(row.help);
  return `${row.help}${choices}${isSaid ? '' : ` (default ${row.default})`}`;
}

function section(title: string, body: string): string {
  return body === '' ? '' : `${title}:\n${body}`;
}

function toCells({ usage, help }: HelpRow): [string, string] {
  return [usage, help];
}
