import { UsageError } from '../model/errors.ts';
import { didYouMean } from './suggest.ts';

interface Row {
  /** What the error calls it: `--role-scope`, `FORMAT`. */
  readonly label: string;
  /** The same with its value: `--role-scope SCOPE`. */
  readonly usage: string;
  readonly command: string;
  readonly choices?: readonly string[];
  readonly parse?: (text: string) => unknown;
  readonly expects?: string;
  readonly default?: string;
  readonly required?: boolean;
  readonly multiple?: boolean;
  readonly empty?: boolean;
}

/** The value of a row: of all texts if it is `multiple`, else of the last one. */
export function readValues(texts: readonly string[], row: Row): unknown {
  const given = texts.length === 0 && row.default !== undefined ? [row.default] : texts;
  if (row.multiple === true) return required(given, row).map((text) => readValue(text, row));
  const text = required(given, row).at(-1);
  return text === undefined ? undefined : readValue(text, row);
}

/** As Go's strconv.ParseBool; a flag without a value is true. Undefined for anything else. */
export function readBoolean(text: string | undefined): boolean | undefined {
  if (text === undefined || /^(?:1|t|T|true|TRUE|True)$/u.test(text)) return true;
  return /^(?:0|f|F|false|FALSE|False)$/u.test(text) ? false : undefined;
}

function required(texts: readonly string[], { usage, command, required: isRequired }: Row): readonly string[] {
  if (texts.length > 0 || isRequired !== true) return texts;
  throw new UsageError(`Cannot run ${command}: ${usage} is missing`, { reason: 'MissingArgument' });
}

function readValue(text: string, { label, choices, parse, expects, empty }: Row): unknown {
  if (text === '' && empty !== true) throw invalid(label, text, 'the value is empty');
  if (choices !== undefined && !choices.includes(text)) {
    throw invalid(label, text, `it is one of ${choices.join(', ')}`, didYouMean(text, choices));
  }
  if (parse === undefined) return text;
  const value = parse(text);
  if (value === undefined) throw invalid(label, text, `it takes ${expects ?? 'another value'}`);
  return value;
}

function invalid(label: string, text: string, why: string, hint?: string): UsageError {
  return new UsageError(`Cannot use ${label} "${text}": ${why}`, { reason: 'InvalidValue', hint });
}
