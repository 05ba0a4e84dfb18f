import { wellFormed } from '../object/go-text.ts';
import { JsonNumber } from '../object/json-number.ts';
import { isRecord } from '../object/object.ts';
import { jsonProblem } from './json-problem.ts';

/** What is not JSON; its message is that of Go's decoder. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
}

/** A JSON text, and which fields it has twice: `data.a`. */
export interface Json {
  readonly value: unknown;
  readonly duplicates: readonly string[];
}

/**
 * Reads JSON as Kubernetes does: of a field that comes twice the last value counts.
 *
 * @param mergesTwins Objects that come twice become one, as where Go's decoder knows the type of the field.
 * @throws {JsonError}
 */
export function parseJson(text: string, { mergesTwins = false } = {}): Json {
  try {
    const problem = jsonProblem(text);
    if (problem !== undefined) throw new JsonError(problem);
    return read(text, mergesTwins);
  } catch (error) {
    if (error instanceof RangeError) throw new JsonError("invalid character '[' exceeded max depth");
    throw error;
  }
}

function read(text: string, mergesTwins: boolean): Json {
  const tokens = Array.from(text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]]|[^\s,:{}[\]"]+/gu), ([token]) => token);
  const duplicates = new Set<string>();
  let at = 0;
  const readValue = (path: string, before?: unknown): unknown => {
    const token = tokens[at] ?? '';
    at += 1;
    switch (token) {
      case '{':
        return readObject(path, before);
      case '[':
        return readList(path);
      default:
        return token.startsWith('"') ? stringOf(token) : scalarOf(token);
    }
  };
  const readObject = (path: string, before: unknown): Record<string, unknown> => {
    const isTwin = mergesTwins && isRecord(before);
    const fields = new Map(isTwin ? Object.entries(before) : []);
    const seen = new Set<string>();
    while (tokens[at] !== '}') {
      const key = stringOf(tokens[at] ?? '""');
      at += 1;
      const place = path === '' ? key : `${path}.${key}`;
      if (seen.has(key)) duplicates.add(place);
      seen.add(key);
      fields.set(key, readValue(place, fields.get(key)));
    }
    at += 1;
    return Object.fromEntries(fields);
  };
  const readList = (path: string): unknown[] => {
    const items: unknown[] = [];
    while (tokens[at] !== ']') items.push(readValue(`${path}[${items.length}]`));
    at += 1;
    return items;
  };
  return { value: readValue(''), duplicates: [...duplicates] };
}

/** Half of a pair of surrogates is no character. */
function stringOf(token: string): string {
  return wellFormed(JSON.parse(token) as string);
}

function scalarOf(token: string): unknown {
  if (!/^-?\d/u.test(token)) return JSON.parse(token) as unknown;
  const isInteger = /^-?\d+$/u.test(token) && BigInt.asIntN(64, BigInt(token)) === BigInt(token);
  return isInteger ? Number(token) : new JsonNumber(token);
}
