import type { Cluster } from '../cluster.ts';
import { goQuote } from '../go-quote.ts';
import { ApiError, badRequest, tooLargeResourceVersion } from '../status.ts';

/** @throws {ApiError} 504: a revision that is yet to come. */
export function requireReached({ store }: Cluster, asked: string): void {
  if (parseRevision(asked) > store.revision) throw tooLargeResourceVersion(asked, store.revision);
}

/** @throws {ApiError} 500: the API server calls it invalid, and says so without a reason. */
export function parseRevision(text: string): number {
  if (text === '') return 0;
  const failed = (why: string) => {
    const detail = `strconv.ParseUint: parsing ${goQuote(text)}: ${why}`;
    return new ApiError(500, undefined, `resourceVersion: Invalid value: ${goQuote(text)}: ${detail}`);
  };
  if (!/^\d+$/u.test(text)) throw failed('invalid syntax');
  if (BigInt.asUintN(64, BigInt(text)) !== BigInt(text)) throw failed('value out of range');
  return Number(text);
}

/** @throws {ApiError} 400: a list, other than a watch, is told so. */
export function listRevision(text: string): number {
  try {
    return parseRevision(text);
  } catch (error) {
    throw error instanceof ApiError ? badRequest(`invalid resource version: ${error.message}`) : error;
  }
}
