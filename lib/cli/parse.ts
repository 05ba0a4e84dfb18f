import { parseArgs } from 'node:util';
import { UsageError } from '../model/errors.ts';
import { flagName, flagUsage, type OptionTable, type PositionalTable, type ValuesOf } from './options.ts';
import { placePositionals } from './positionals.ts';
import { didYouMean } from './suggest.ts';
import { readBoolean, readValues } from './values.ts';

interface Grammar<Options extends OptionTable, Positionals extends PositionalTable> {
  /** Name for the errors. */
  readonly command: string;
  readonly options: Options;
  readonly positionals: Positionals;
}

type Parsed<Options extends OptionTable, Positionals extends PositionalTable> =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'run'; readonly flags: ValuesOf<Options>; readonly positionals: ValuesOf<Positionals> };

/** What every command knows besides its table. */
const builtIn = {
  help: { type: 'boolean', short: 'h', group: 'Common flags', help: 'Show this help' },
  version: { type: 'boolean', group: 'Common flags', help: 'Show the version' },
} as const satisfies OptionTable;

/** The table of a command with what every command has. */
export function withBuiltIn(options: OptionTable): OptionTable {
  return { ...options, ...builtIn };
}

/**
 * Reads arguments as kubectl does (pflag): `--flag value`, `--flag=value`, `-f value`, `-fvalue`, `-f=value`; the next
 * argument is the value even if it begins with `-`; of a flag given twice the last counts; `--` ends the flags.
 * A text stays the text it is.
 *
 * @throws {UsageError} Unknown flag, missing value, value out of its set, argument too many or missing.
 */
export function parseArguments<Options extends OptionTable, Positionals extends PositionalTable>(
  { command, options, positionals }: Grammar<Options, Positionals>,
  args: readonly string[],
): Parsed<Options, Positionals> {
  const table = withBuiltIn(options);
  const given = collect(args, table);
  if (given.flags.get('help')?.at(-1) === 'true') return { kind: 'help' };
  if (given.flags.get('version')?.at(-1) === 'true') return { kind: 'version' };
  if (given.problem !== undefined) throw given.problem(command);
  const flags = Object.entries(options).map(([name, row]) => {
    const texts = given.flags.get(name) ?? [];
    if (row.type === 'boolean') return [name, texts.at(-1) === 'true'];
    return [name, readValues(texts, { ...row, label: flagName(name), usage: flagUsage(name, row), command })];
  });
  const places = placePositionals(given.positionals, { positionals, command }).map(([name, row, texts]) => [
    name,
    readValues(texts, { ...row, label: row.value, usage: row.value, command }),
  ]);
  return {
    kind: 'run',
    flags: Object.fromEntries(flags) as ValuesOf<Options>,
    positionals: Object.fromEntries(places) as ValuesOf<Positionals>,
  };
}

interface Given {
  readonly flags: Map<string, string[]>;
  readonly positionals: readonly string[];
  /** The first thing that is wrong; kept back, because `--help` may follow. */
  readonly problem: ((command: string) => UsageError) | undefined;
}

function collect(args: readonly string[], table: OptionTable): Given {
  const flags = new Map<string, string[]>();
  const positionals: string[] = [];
  let problem: Given['problem'];
  let handled = -1;
  for (const token of tokensOf(args, table)) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option' || token.index === handled) continue;
    const name = nameOf(token.rawName, table);
    const row = name === undefined ? undefined : table[name];
    if (name === undefined || row === undefined) {
      problem ??= unknownFlag(token.rawName, table);
      continue;
    }
    let text = token.value;
    if (row.type === 'boolean') {
      // parseArgs reads `-q=false` as the flags q, =, f, a, l, s, e.
      const argument = args[token.index] ?? '';
      if (argument.startsWith(`${token.rawName}=`)) {
        text = argument.slice(token.rawName.length + 1);
        handled = token.index;
      }
      const value = readBoolean(text);
      const wrong = text ?? '';
      if (value === undefined) problem ??= () => notBoolean(token.rawName, wrong);
      text = String(value ?? false);
    } else if (text === undefined) {
      problem ??= () => missingValue(flagUsage(name, row));
      continue;
    } else if (token.inlineValue === true && !token.rawName.startsWith('--')) {
      text = text.replace(/^=/u, ''); // `-n=ci`
    }
    flags.set(name, [...(flags.get(name) ?? []), text]);
  }
  return { flags, positionals, problem };
}

/** Not `strict`: that refuses a value that begins with `-`, and its messages speak of its own API. */
function tokensOf(args: readonly string[], table: OptionTable) {
  const options = Object.fromEntries(
    Object.entries(table).map(([name, { type, short }]) => [
      flagName(name).slice(2),
      short === undefined ? { type } : { type, short },
    ]),
  );
  return parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true }).tokens;
}

function nameOf(raw: string, table: OptionTable): string | undefined {
  const entries = Object.entries(table);
  const found = entries.find(
    ([name, { short }]) => raw === (raw.startsWith('--') ? flagName(name) : `-${short ?? ''}`),
  );
  return found?.[0];
}

function unknownFlag(raw: string, table: OptionTable): (command: string) => UsageError {
  const names = Object.keys(table).map((name) => flagName(name).slice(2));
  return (command) =>
    new UsageError(`Cannot use ${raw}: ${command} has no such flag`, {
      reason: 'UnknownFlag',
      hint: didYouMean(raw.replace(/^-+/u, ''), names, '--') ?? `${command} --help lists its flags`,
    });
}

function notBoolean(raw: string, text: string): UsageError {
  return new UsageError(`Cannot use ${raw}="${text}": it is either true or false`, { reason: 'InvalidValue' });
}

function missingValue(usage: string): UsageError {
  return new UsageError(`Cannot use ${usage.split(' ', 1)[0]}: its value is missing (${usage})`, {
    reason: 'MissingValue',
  });
}
