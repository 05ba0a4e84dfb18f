import packageJson from '../package.json' with { type: 'json' };
import { KubeSaTokenError, UsageError } from './model/errors.ts';
import type { Runtime } from './system/runtime.ts';

export { nodeRuntime } from './system/node-runtime.ts';

/**
 * Runs one command with what `runtime` gives it, and answers its exit code.
 *
 * @param command Name of the command; undefined where the first argument says it (`kube-sa-token <command> …`).
 */
export async function main(command: string | undefined, runtime: Runtime): Promise<number> {
  const [first] = runtime.args;
  try {
    if (first === '--version') {
      await runtime.stdout.write(`${packageJson.version}\n`);
      return 0;
    }
    throw new UsageError(`Cannot run command "${command ?? first ?? ''}": there is none of this name`, {
      reason: 'UnknownCommand',
    });
  } catch (error) {
    if (!(error instanceof KubeSaTokenError)) throw error;
    await runtime.stderr.write(`error: ${error.message}\n`);
    return 2;
  }
}
