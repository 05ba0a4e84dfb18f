import { TestRunner } from 'vitest';
import { main } from '../../lib/main.ts';
import { type TestRuntime, type TestRuntimeOptions, testRuntime } from './runtime.ts';

export interface CommandRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly runtime: TestRuntime;
  /** Milliseconds from its start to its end: to be told, never asserted. */
  readonly ms: number;
}

/** Runs a whole command in this process. */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: TestRuntimeOptions = {},
): Promise<CommandRun> {
  const runtime = testRuntime({ ...options, args });
  const start = performance.now();
  const code = await main(command, runtime);
  const ms = performance.now() - start;
  return { code, stdout: runtime.stdout.text(), stderr: runtime.stderr.text(), runtime, ms };
}

/** Has the end of the test run tell how long it took until this failure was told. */
export function recordTold({ ms }: Pick<CommandRun, 'ms'>): void {
  const test = TestRunner.getCurrentTest();
  if (test !== undefined) test.meta.toldAfterMs = ms;
}
