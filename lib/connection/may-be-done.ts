import { ServerError, UnreachableError } from '../model/errors.ts';

/**
 * Whether a write that failed so may have been executed all the same: no answer, 5xx, or an answer of 2xx that makes no
 * sense.
 */
export function mayBeDone(error: unknown): boolean {
  if (error instanceof UnreachableError) return true;
  return error instanceof ServerError && error.status !== undefined && error.status < 300;
}
