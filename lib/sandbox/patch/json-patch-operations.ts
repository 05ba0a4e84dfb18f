import { parseJson } from '../formats/json.ts';
import { check } from '../object/decode.ts';
import { DecodeError, wrongType } from '../object/decode-error.ts';

import { goQuote } from '../go-quote.ts';
import { anything, list, string, struct } from '../object/schema.ts';
import { ApiError, badRequest } from '../status.ts';

/** As it came: what its fields are is looked at only where nobody asked for less. */
export interface JsonPatchOperation {
  readonly op?: unknown;
  readonly path?: unknown;
  readonly from?: unknown;
  readonly value?: unknown;
}

const maxOperations = 10_000;

const operations = list(
  struct('handlers.jsonPatchOp', { op: string(), path: string(), from: string(), value: anything() }),
);

/**
 * The operations of a JSON patch, and what is odd about them: fields that there are not, or twice.
 *
 * @param isLenient Nobody wants to know what is odd: then it is not looked for.
 * @throws {ApiError} 400: no list of operations; 413: more than ten thousand.
 */
export function readOperations(
  text: string,
  isLenient: boolean,
): { readonly operations: readonly JsonPatchOperation[]; readonly complaints: readonly string[] } {
  const { duplicates, value } = parseJson(text);
  const complaints = isLenient ? [] : complaintsAbout(value, duplicates);
  const given = value ?? [];
  if (!Array.isArray(given)) throw badRequest(wrongType(given, 'jsonpatch.Patch'));
  const found = given.map((one: unknown): JsonPatchOperation => {
    if (typeof one === 'object' && !Array.isArray(one)) return one ?? {};
    throw badRequest(wrongType(one, 'jsonpatch.Operation'));
  });
  if (found.length <= maxOperations) return { operations: found, complaints };
  const why = `The allowed maximum operations in a JSON patch is ${maxOperations}, got ${found.length}`;
  throw new ApiError(413, 'RequestEntityTooLarge', `Request entity too large: ${why}`);
}

function complaintsAbout(value: unknown, duplicates: readonly string[]): string[] {
  const unknown: string[] = [];
  try {
    check(value, operations, (path) => unknown.push(path));
  } catch (error) {
    if (error instanceof DecodeError) throw badRequest(`error decoding patch: ${error.message}`);
    throw error;
  }
  const twice = duplicates.map((path) => `json patch duplicate field ${goQuote(path)}`);
  return [...twice, ...unknown.map((path) => `json patch unknown field ${goQuote(path)}`)];
}
