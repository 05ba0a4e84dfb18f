/** What every row of a table of flags or positionals may say. */
interface Described {
  /** As kubectl writes it: what it is, `If unset, the current context`, `May be repeated to …`. */
  readonly help: string;
}

interface Flag extends Described {
  /** One letter: `n` for `-n`. */
  readonly short?: string;
  /** Heading in the help under which it stands; unset: the command's own flags. */
  readonly group?: string;
}

export interface BooleanFlag extends Flag {
  readonly type: 'boolean';
}

interface Valued {
  /** How the help names the value: `NAME`, `DURATION`. */
  readonly value: string;
  /** The only texts that are accepted. */
  readonly choices?: readonly string[];
  /** What each of the choices means, for the help: it has a section for them, named as `value`. */
  readonly meanings?: Readonly<Record<string, string>>;
  /** Text to value; undefined (or a UsageError of its own) for a text that it does not accept. */
  readonly parse?: (text: string) => unknown;
  /** What `parse` accepts, for its error: `a duration such as 30s`. */
  readonly expects?: string;
  /** Text that stands for a missing one, in the notation of the command line. */
  readonly default?: string;
  readonly required?: boolean;
  /** May be repeated; every value is kept, in order. */
  readonly multiple?: boolean;
  /** Whether an empty text is a value. Otherwise it is an error: `--context "$UNSET"` must not mean another one. */
  readonly empty?: boolean;
}

export interface StringFlag extends Flag, Valued {
  readonly type: 'string';
}

export interface Positional extends Described, Valued {}

/** Flags by name in camelCase: `waitTimeout` declares `--wait-timeout`. */
export type OptionTable = Readonly<Record<string, BooleanFlag | StringFlag>>;

/** Positionals in order. Required ones are served first, so that `[METHOD] PATH` takes one argument as its PATH. */
export type PositionalTable = Readonly<Record<string, Positional>>;

type SingleValue<Row> = Row extends { readonly parse: (text: string) => infer Value }
  ? Exclude<Value, undefined>
  : Row extends { readonly choices: readonly (infer Choice)[] }
    ? Choice
    : string;

type ValueOf<Row> = Row extends { readonly type: 'boolean' }
  ? boolean
  : Row extends { readonly multiple: true }
    ? readonly SingleValue<Row>[]
    : Row extends { readonly required: true } | { readonly default: string }
      ? SingleValue<Row>
      : SingleValue<Row> | undefined;

/** The values that the rows of a table give: what a misspelt flag, or one that was not declared, does not have. */
export type ValuesOf<Table extends OptionTable | PositionalTable> = {
  readonly [Name in keyof Table]: ValueOf<Table[Name]>;
};

/** A table of flags to be spread into the `options` of several commands, its types kept. */
export function defineOptions<const Table extends OptionTable>(table: Table): Table {
  return table;
}

/** `waitTimeout` -> `--wait-timeout`. */
export function flagName(name: string): string {
  return `--${name.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** As the help shows it: `--secret NAME`, `--soft`. */
export function flagUsage(name: string, row: BooleanFlag | StringFlag): string {
  return row.type === 'boolean' ? flagName(name) : `${flagName(name)} ${valueLabel(row)}`;
}

/** `NAME`, or the choices themselves where they are few: `secret|request`. */
export function valueLabel({ value, choices }: Valued): string {
  const listed = choices?.join('|');
  return listed !== undefined && listed.length <= 24 ? listed : value;
}
