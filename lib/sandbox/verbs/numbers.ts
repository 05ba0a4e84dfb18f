import { goQuote } from '../go-quote.ts';
import { badRequest } from '../status.ts';

/**
 * A whole number of a query, as Go's ParseInt reads it; 0 where there is none.
 *
 * @throws {ApiError} 400: it is none, or more than 64 bits hold.
 */
export function parseInteger(text: string | null): number {
  if (text === null) return 0;
  const failed = (why: string) => badRequest(`strconv.ParseInt: parsing ${goQuote(text)}: ${why}`);
  if (!/^[+-]?\d+$/u.test(text)) throw failed('invalid syntax');
  const value = BigInt(text.replace('+', ''));
  if (BigInt.asIntN(64, value) !== value) throw failed('value out of range');
  return Number(value);
}
