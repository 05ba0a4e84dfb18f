import { createProgress, type Progress } from '../../cli/progress.ts';
import type { Runtime } from '../../system/runtime.ts';

/** What a command says on stderr, as `--quiet` and `--no-color` want it. */
export function progressOf(
  { quiet, noColor }: { readonly quiet: boolean; readonly noColor: boolean },
  { stderr, env }: Runtime,
): Progress {
  return createProgress({ stderr, env, quiet, noColor });
}
