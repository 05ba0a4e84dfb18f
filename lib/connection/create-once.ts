import { ServerError, UnreachableError } from '../model/errors.ts';
import { isOfRun, type OwnedMetadata } from '../model/ownership.ts';
import { sleep, withGrace } from '../system/deadline.ts';
import { mayBeDone } from './may-be-done.ts';

/** Milliseconds for the answer to a create, and for resolving one without an answer. */
const answerMs = 30_000;
/** The same once the run was interrupted. */
const graceMs = 3000;

export interface CreateOnce<T> {
  /** Completes "Cannot …" in errors. */
  readonly doing: string;
  /** `Secret "ci/ci-bot-token-x"` */
  readonly object: string;
  readonly run: string;
  /** Interrupts nothing, but shortens the patience. */
  readonly signal: AbortSignal;
  create(signal: AbortSignal): Promise<T>;
  /** Undefined where there is none. */
  read(signal: AbortSignal): Promise<T | undefined>;
}

/**
 * Creates an object, and knows afterwards whether it exists: a create whose answer got lost is resolved by reading the
 * name, never by creating again.
 *
 * @returns The object of this run; `exists` if another one has the name.
 * @throws {UnreachableError} No answer, and no such object afterwards.
 */
export async function createOnce<T extends { metadata?: OwnedMetadata }>(
  options: CreateOnce<T>,
): Promise<T | 'exists'> {
  const { create, doing, object, read, run, signal } = options;
  const reason = () =>
    new UnreachableError(`Cannot ${doing}: the API server did not answer; whether ${object} exists is not known`, {
      reason: 'NoAnswer',
    });
  const patience = { ms: answerMs, graceMs, signal, reason };
  try {
    return await withGrace(patience, create);
  } catch (error) {
    const exists = error instanceof ServerError && error.reason === 'AlreadyExists';
    if (!exists && !mayBeDone(error)) throw error;
    const found = await withGrace(patience, (limited) => readRepeatedly(read, limited));
    if (found !== undefined && isOfRun(found.metadata, run)) return found;
    if (found !== undefined || exists) return 'exists';
    throw error;
  }
}

/** A create still on its way is given a moment. */
async function readRepeatedly<T>(
  read: (signal: AbortSignal) => Promise<T | undefined>,
  signal: AbortSignal,
): Promise<T | undefined> {
  for (const pause of [0, 200, 1000]) {
    await sleep(pause, signal);
    const found = await read(signal);
    if (found !== undefined) return found;
  }
  return undefined;
}
