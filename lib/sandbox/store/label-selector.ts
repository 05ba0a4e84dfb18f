import { badRequest } from '../status.ts';

type Labels = Readonly<Record<string, string>>;

/** A label selector, as a function of labels: `a=b,c!=d,e in (f,g),!h,i>3`. */
export function parseLabelSelector(text: string): (labels: Labels) => boolean {
  const requirements = split(text).map(parseRequirement);
  return (labels) => requirements.every((matches) => matches(labels));
}

/** At commas that stand in no parentheses. */
function split(text: string): string[] {
  if (text.trim() === '') return [];
  return text.split(/,(?![^(]*\))/u).map((term) => term.trim());
}

/** @throws {ApiError} 400, in the words of the API server's parser where it fails in the same place. */
function parseRequirement(term: string): (labels: Labels) => boolean {
  const set = /^([^\s!=<>(),]+)\s+(in|notin)\s*\(([^)]*)\)$/u.exec(term);
  if (set) {
    const [, key = '', operator = '', list = ''] = set;
    const values = new Set(list.split(',').map((value) => value.trim()));
    const isIn = (labels: Labels) => labels[key] !== undefined && values.has(labels[key]);
    return operator === 'in' ? isIn : (labels) => !isIn(labels);
  }
  const exists = /^(!?)\s*([^\s!=<>(),]+)$/u.exec(term);
  if (exists) {
    const [, not = '', key = ''] = exists;
    return (labels) => Object.hasOwn(labels, key) === (not === '');
  }
  const compared = /^([^\s!=<>(),]+)\s*(==|=|!=|>|<)\s*([^\s!=<>(),]*)$/u.exec(term);
  if (compared) {
    const [, key = '', operator = '', value = ''] = compared;
    return comparison(key, operator, value);
  }
  const [, noKey] = /^!?\s*([=<>(),!].*)$/su.exec(term) ?? [];
  if (noKey !== undefined) {
    throw badRequest(`found '${noKey.slice(0, 1)}', expected: !, identifier, or 'end of string'`);
  }
  const [, , bad = ''] = /^!?\s*([^\s!=<>(),]*)\s*(\S*)/u.exec(term) ?? [];
  throw badRequest(`unable to parse requirement: found '${bad}', expected: in, notin, =, ==, !=, gt, lt`);
}

function comparison(key: string, operator: string, value: string): (labels: Labels) => boolean {
  switch (operator) {
    case '!=':
      return (labels) => labels[key] !== value;
    case '>':
      return (labels) => Number(labels[key] ?? Number.NaN) > Number(value);
    case '<':
      return (labels) => Number(labels[key] ?? Number.NaN) < Number(value);
    default:
      return (labels) => labels[key] === value;
  }
}
