import { goQuote } from '../go-quote.ts';
import { labelValueProblems, qualifiedNameProblems } from '../kinds/label-names.ts';
import { badRequest } from '../status.ts';

type Labels = Readonly<Record<string, string>>;
type Matches = (labels: Labels) => boolean;

/**
 * A label selector, as a function of labels: `a=b,c!=d,e in (f,g),!h,i>3`.
 *
 * @throws {ApiError} 400, in the words of the API server's parser (apimachinery: labels/selector.go).
 */
export function parseLabelSelector(text: string): Matches {
  const tokens = text.match(/==|!=|[=<>!(),]|[^ \t\r\n=<>!(),]+/gu) ?? [];
  const requirements: Matches[] = [];
  while (tokens.length > 0) {
    if (!beginsRequirement(tokens[0])) {
      throw badRequest(`found '${tokens[0]}', expected: !, identifier, or 'end of string'`);
    }
    requirements.push(parseRequirement(tokens));
    const next = tokens.shift();
    if (next === undefined) break;
    if (next !== ',') throw badRequest(`found '${next}', expected: ',' or 'end of string'`);
    if (!beginsRequirement(tokens[0])) throw badRequest(`found '${tokens[0] ?? ''}', expected: identifier after ','`);
  }
  return (labels) => requirements.every((matches) => matches(labels));
}

function beginsRequirement(token: string | undefined): boolean {
  return token === '!' || isWord(token);
}

function isWord(token: string | undefined): token is string {
  return token !== undefined && !/^(?:==|!=|[=<>!(),])$/u.test(token);
}

/** Takes the tokens of one requirement. */
function parseRequirement(tokens: string[]): Matches {
  const isNot = tokens[0] === '!';
  if (isNot) tokens.shift();
  const key = tokens.shift();
  if (!isWord(key)) throw failed(`found '${key ?? ''}', expected: identifier`);
  const problems = qualifiedNameProblems(key);
  if (problems.length > 0) throw failed(`<nil>: Invalid value: ${goQuote(key)}: ${problems.join('; ')}`);
  if (isNot || tokens[0] === undefined || tokens[0] === ',') return (labels) => Object.hasOwn(labels, key) !== isNot;
  const operator = tokens.shift() ?? '';
  if (operator === 'in' || operator === 'notin') {
    const values = new Set(checked(key, operator, parseValues(tokens)));
    const isIn: Matches = (labels) => labels[key] !== undefined && values.has(labels[key]);
    return operator === 'in' ? isIn : (labels) => !isIn(labels);
  }
  if (!['=', '==', '!=', '>', '<'].includes(operator)) {
    throw failed(`found '${operator}', expected: in, notin, =, ==, !=, gt, lt`);
  }
  const [value = ''] = checked(key, operator, [parseValue(tokens)]);
  return comparison(key, operator, value);
}

function parseValue(tokens: string[]): string {
  if (tokens[0] === undefined || tokens[0] === ',') return '';
  const token = tokens.shift();
  if (!isWord(token)) throw failed(`found '${token ?? ''}', expected: identifier`);
  return token;
}

/** `(a,b)`; empty places between the commas are values, too. */
function parseValues(tokens: string[]): string[] {
  const opening = tokens.shift() ?? '';
  if (opening !== '(') throw failed(`found '${opening}' expected: '('`);
  const [first] = tokens;
  if (!(first === ')' || first === ',' || isWord(first))) {
    throw failed(`found '${first ?? ''}', expected: ',', ')' or identifier`);
  }
  const values = new Set<string>();
  for (let before = '('; ;) {
    const token = tokens.shift();
    if (token === ')') {
      if (!isWord(before)) values.add('');
      return [...values].toSorted();
    }
    if (isWord(before) && token !== ',') throw failed(`found '${token ?? ''}', expected: ',' or ')'`);
    if (token !== ',' && !isWord(token)) throw failed(`found '${token ?? ''}', expected: ',', or identifier`);
    if (token !== ',') values.add(token);
    else if (!isWord(before)) values.add('');
    before = token;
  }
}

/** @throws {ApiError} 400: values that no label can have. */
function checked(key: string, operator: string, values: readonly string[]): readonly string[] {
  const errors = values.flatMap((value, index) => {
    const invalid = (field: string, why: string) => `${field}: Invalid value: ${goQuote(value)}: ${why}`;
    const problems = labelValueProblems(value);
    return [
      ...(/[<>]/u.test(operator) && toInteger(value) === undefined
        ? [invalid(`values[${index}]`, "for 'Gt', 'Lt' operators, the value must be an integer")]
        : []),
      ...(problems.length === 0 ? [] : [invalid(`values[${index}][${key}]`, problems.join('; '))]),
    ];
  });
  if (errors.length > 0) throw failed(errors.length === 1 ? (errors[0] ?? '') : `[${errors.join(', ')}]`);
  return values;
}

function failed(why: string) {
  return badRequest(`unable to parse requirement: ${why}`);
}

/** What Go reads as a whole number of 64 bits. */
function toInteger(text: string | undefined): bigint | undefined {
  if (text === undefined || !/^[+-]?\d+$/u.test(text)) return undefined;
  const value = BigInt(text.replace('+', ''));
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

function comparison(key: string, operator: string, value: string): Matches {
  const compared = (isWanted: (label: bigint, limit: bigint) => boolean): Matches => {
    const limit = toInteger(value);
    return (labels) => {
      const label = toInteger(labels[key]);
      return label !== undefined && limit !== undefined && isWanted(label, limit);
    };
  };
  switch (operator) {
    case '!=':
      return (labels) => labels[key] !== value;
    case '>':
      return compared((label, limit) => label > limit);
    case '<':
      return compared((label, limit) => label < limit);
    default:
      return (labels) => labels[key] === value;
  }
}
