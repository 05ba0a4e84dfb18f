import { createProgress, type Progress } from '../../cli/progress.ts';
import type { Exchange } from '../../connection/attempt.ts';
import type { Runtime } from '../../system/runtime.ts';

/** What a command says on stderr, as `--quiet` and `--no-color` want it. */
export function progressOf(
  { quiet, noColor }: { readonly quiet: boolean; readonly noColor: boolean },
  { stderr, env }: Runtime,
): Progress {
  return createProgress({ stderr, env, quiet, noColor });
}

/** The least `-v` that shows each request, as in kubectl. */
export const showsRequests = 6;

/** `GET /version 200 in 3 ms` */
export function describeExchange({ method, ms, path, status }: Exchange): string {
  return `${method} ${path} ${status ?? 'no answer'} in ${Math.round(ms)} ms`;
}
