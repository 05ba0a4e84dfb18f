import { badRequest } from '../status.ts';

/** One condition of a field selector: `metadata.name=a`, `type!=b`. */
export interface FieldTerm {
  readonly field: string;
  readonly isEqual: boolean;
  readonly value: string;
}

/**
 * The terms of a field selector in the order in which they are judged, which is that of the alphabet.
 *
 * @throws {ApiError} 400, in the words of the API server's parser (apimachinery: fields/selector.go).
 */
export function parseFieldSelector(text: string): FieldTerm[] {
  const terms = text.match(/(?:\\.|[^,\\]|\\$)+/gsu) ?? [];
  return terms
    .toSorted((a, b) => (a < b ? -1 : 1))
    .map((term) => parseTerm(term, text))
    .filter(({ field, value }) => field !== '' || value !== '');
}

function parseTerm(term: string, whole: string): FieldTerm {
  const [, field = '', operator = '', value = ''] = /^(.*?)(!=|==|=)(.*)$/su.exec(term) ?? [];
  if (operator === '') throw badRequest(`invalid selector: '${whole}'; can't understand '${term}'`);
  return { field, isEqual: operator !== '!=', value: unescapeValue(value) };
}

function unescapeValue(text: string): string {
  return text.replaceAll(/\\.?|=/gsu, (found) => {
    if (found === '=') throw badRequest(`invalid field selector: unescaped character in value: ${'='.codePointAt(0)}`);
    if (!/^\\[\\,=]$/u.test(found)) throw badRequest(`invalid field selector: invalid escape sequence: ${found}`);
    return found.slice(1);
  });
}

/** The only value that a field may have by these terms; undefined where it may have several. */
export function onlyValue(terms: readonly FieldTerm[], field: string): string | undefined {
  return terms.find((term) => term.isEqual && term.field === field)?.value;
}
