import { badRequest } from '../status.ts';
import { notLabelValue, notQualifiedName } from '../kinds/label-names.ts';

type Labels = Readonly<Record<string, string>>;
type Matches = (labels: Labels) => boolean;

/**
 * A label selector, as a function of labels: `a=b,c!=d,e in (f,g),!h,i>3`.
 *
 * @throws {ApiError} 400, in the words of the API server's parser (apimachinery: labels/selector.go).
 */
export function parseLabelSelector(text: string): Matches {
  const tokens = text.match(/==|!=|[=<>!(),]|[^\s=<>!(),]+/gu) ?? [];
  const requirements: Matches[] = [];
  while (tokens.length > 0) {
    requirements.push(parseRequirement(tokens));
    const next = tokens.shift();
    if (next === undefined) break;
    if (next !== ',') throw badRequest(`found '${next}', expected: ',' or 'end of string'`);
    const [after] = tokens;
    if (after === undefined || !(after === '!' || isWord(after))) {
      throw badRequest(`found '${after ?? ''}', expected: identifier after ','`);
    }
  }
  return (labels) => requirements.every((matches) => matches(labels));
}

function isWord(token: string | undefined): token is string {
  return token !== undefined && !/^(?:==|!=|[=<>!(),])$/u.test(token);
}

/** Takes the tokens of one requirement. */
function parseRequirement(tokens: string[]): Matches {
  const first = tokens[0];
  if (first !== '!' && !isWord(first)) {
    throw badRequest(`found '${first ?? ''}', expected: !, identifier, or 'end of string'`);
  }
  const isNot = first === '!';
  if (isNot) tokens.shift();
  const key = tokens.shift() ?? '';
  if (!isWord(key)) throw failed(`found '${String(key)}', expected: identifier`);
  const why = notQualifiedName(key);
  if (why !== undefined) throw failed(`<nil>: Invalid value: ${JSON.stringify(key)}: ${why}`);
  const [next] = tokens;
  if (isNot || next === undefined || next === ',') return (labels) => Object.hasOwn(labels, key) !== isNot;
  tokens.shift();
  if (next === 'in' || next === 'notin') {
    const values = new Set(parseValues(tokens, key));
    const isIn: Matches = (labels) => labels[key] !== undefined && values.has(labels[key]);
    return next === 'in' ? isIn : (labels) => !isIn(labels);
  }
  if (!['=', '==', '!=', '>', '<'].includes(next)) {
    throw failed(`found '${next}', expected: in, notin, =, ==, !=, gt, lt`);
  }
  const value = isWord(tokens[0]) ? (tokens.shift() ?? '') : '';
  checkValue(key, value, 0);
  return comparison(key, next, value);
}

function parseValues(tokens: string[], key: string): string[] {
  const opening = tokens.shift() ?? '';
  if (opening !== '(') throw failed(`found '${opening}' expected: '('`);
  const values: string[] = [];
  for (let token = tokens.shift(); token !== ')'; token = tokens.shift()) {
    if (token === undefined) throw failed("found '', expected: ',', ')' or identifier");
    if (isWord(token)) values.push(token);
  }
  for (const [index, value] of values.entries()) checkValue(key, value, index);
  return values;
}

function checkValue(key: string, value: string, index: number): void {
  const why = notLabelValue(value);
  if (why !== undefined) throw failed(`values[${index}][${key}]: Invalid value: ${JSON.stringify(value)}: ${why}`);
}

function failed(why: string) {
  return badRequest(`unable to parse requirement: ${why}`);
}

function comparison(key: string, operator: string, value: string): Matches {
  const number = (text: string | undefined) => Number(text ?? Number.NaN);
  switch (operator) {
    case '!=':
      return (labels) => labels[key] !== value;
    case '>':
      return (labels) => number(labels[key]) > Number(value);
    case '<':
      return (labels) => number(labels[key]) < Number(value);
    default:
      return (labels) => labels[key] === value;
  }
}
