import { main } from '../../lib/main.ts';
import { type TestRuntime, type TestRuntimeOptions, testRuntime } from './runtime.ts';

export interface CommandRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly runtime: TestRuntime;
}

/** Runs a whole command in this process. */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: TestRuntimeOptions = {},
): Promise<CommandRun> {
  const runtime = testRuntime({ ...options, args });
  const code = await main(command, runtime);
  return { code, stdout: runtime.stdout.text(), stderr: runtime.stderr.text(), runtime };
}
