import * as errors from '../model/errors.ts';

const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/** First match wins; what no row matches is a bug, and 1. */
const codes: readonly [errorClass: new (...args: never[]) => Error, code: number | ((error: Error) => number)][] = [
  [errors.UsageError, 2],
  [errors.NotFoundError, 3],
  [errors.UnreachableError, 3],
  [errors.DeniedError, 4],
  [errors.WaitTimeoutError, 5],
  [errors.RefusedError, 6],
  [errors.CredentialError, 1],
  [errors.ServerError, 1],
  [errors.OutputError, 1],
  [errors.InterruptedError, (error) => 128 + signalNumbers[(error as errors.InterruptedError).signal]],
];

/** What the codes mean, for help and README. */
export const exitCodes: readonly { readonly code: string; readonly meaning: string }[] = [
  { code: '0', meaning: 'Done, and verified where the command verifies' },
  { code: '1', meaning: 'Anything else that failed' },
  { code: '2', meaning: 'Wrong usage: flags, arguments, kubeconfig, output file' },
  { code: '3', meaning: 'Not found or not reachable' },
  { code: '4', meaning: 'The caller is denied (401, 403)' },
  { code: '5', meaning: '--wait-timeout passed' },
  { code: '6', meaning: 'Refused: it is not safe to go on from what was found' },
  { code: '129, 130, 143', meaning: 'Ended by SIGHUP, SIGINT, SIGTERM; what was half-made is cleaned up' },
];

/** The exit code for what a command has thrown. */
export function exitCodeOf(error: unknown): number {
  for (const [errorClass, code] of codes) {
    if (error instanceof errorClass) return typeof code === 'number' ? code : code(error);
  }
  return 1;
}
