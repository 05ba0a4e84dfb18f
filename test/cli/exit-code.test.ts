import { expect, test } from 'vitest';
import { exitCodeOf, exitCodes } from '../../lib/cli/exit-code.ts';
import * as errors from '../../lib/model/errors.ts';

const reason = 'Test';
const cases: readonly [error: unknown, code: number][] = [
  [new errors.UsageError('x', { reason }), 2],
  [new errors.NotFoundError('x', { reason }), 3],
  [new errors.UnreachableError('x', { reason }), 3],
  [new errors.DeniedError('x', { reason, status: 403 }), 4],
  [new errors.WaitTimeoutError('x', { reason }), 5],
  [new errors.RefusedError('x', { reason }), 6],
  [new errors.CredentialError('x', { reason }), 1],
  [new errors.ServerError('x', { reason }), 1],
  [new errors.OutputError('x', { reason }), 1],
  [new errors.InterruptedError('x', { reason, signal: 'SIGHUP' }), 129],
  [new errors.InterruptedError('x', { reason, signal: 'SIGINT' }), 130],
  [new errors.InterruptedError('x', { reason, signal: 'SIGTERM' }), 143],
  [new TypeError('a bug'), 1],
  ['not even an error', 1],
  [undefined, 1],
];

test.each(cases)('exitCodeOf(%o) is %i', (error, code) => {
  expect(exitCodeOf(error)).toBe(code);
});

test('exitCodeOf() knows every error class, and exitCodes explains every code', () => {
  const classes = Object.values(errors).filter((each) => each !== errors.KubeSaTokenError);
  for (const each of classes) expect(cases.some(([error]) => error instanceof each)).toBe(true);
  const explained = exitCodes.flatMap(({ code }) => code.split(', ').map(Number));
  expect(explained).toEqual([...new Set([0, ...cases.map(([, code]) => code)])].toSorted((a, b) => a - b));
});
