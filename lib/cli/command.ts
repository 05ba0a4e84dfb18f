import type { Runtime } from '../system/runtime.ts';
import type { OptionTable, PositionalTable, ValuesOf } from './options.ts';
import { parseArguments } from './parse.ts';

/** A line that a user may run; in `line`, `$0` stands for the command as it was called. */
export interface Example {
  /** What the line does: `Print a token of ServiceAccount ci-bot`. */
  readonly does: string;
  readonly line: string;
}

interface Described {
  readonly name: string;
  /** One sentence without its full stop: the line in the list of commands, and the first of its help. */
  readonly summary: string;
  /** What a user has to know beyond that; paragraphs. */
  readonly description?: string;
  readonly examples: readonly Example[];
}

export interface CommandSpec<
  Options extends OptionTable,
  Positionals extends PositionalTable,
  Input,
> extends Described {
  readonly options: Options;
  readonly positionals?: Positionals;
  /**
   * Flags to a valid Input. Pure; no flag is judged later.
   *
   * @throws {UsageError} For combinations that make no sense.
   */
  input(flags: ValuesOf<Options>, positionals: ValuesOf<Positionals>): Input;
  /**
   * Does the work; its number is the exit code.
   *
   * @param invocation How the command was called: `npx zx scripts/demo.mjs`.
   */
  run(input: Input, runtime: Runtime, invocation: string): Promise<number>;
}

/** A command as main() and the help see it; which flags it has is known to itself. */
export interface Command<Input = unknown> extends Described {
  readonly options: OptionTable;
  readonly positionals: PositionalTable;
  /** @throws {UsageError} An argument that the command does not know or cannot use. */
  parse(args: readonly string[]): Invocation<Input>;
  run(input: Input, runtime: Runtime, invocation: string): Promise<number>;
}

/** What the arguments ask for. `--help` wins over everything, as in kubectl. */
export type Invocation<Input> =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'run'; readonly input: Input };

/** Gives `input()` and `run()` the types that the tables of flags and positionals declare. */
export function defineCommand<
  const Options extends OptionTable,
  Input,
  const Positionals extends PositionalTable = Readonly<Record<string, never>>,
>(spec: CommandSpec<Options, Positionals, Input>): Command<Input> {
  const { input, positionals = {} as Positionals, ...rest } = spec;
  return {
    ...rest,
    positionals,
    parse(args) {
      const parsed = parseArguments({ command: spec.name, options: spec.options, positionals }, args);
      return parsed.kind === 'run' ? { kind: 'run', input: input(parsed.flags, parsed.positionals) } : parsed;
    },
  };
}
