import type { TaskMeta } from 'vitest';
import type { Reporter, SerializedError, TestCase, TestModule, TestSuite } from 'vitest/node';

declare module 'vitest' {
  interface TaskMeta {
    /** Milliseconds after which a failure was told: recorded, not asserted. */
    toldAfterMs?: number;
  }
}

/**
 * Ends a run's output with `N passed, N failed, N skipped`, alone on the last line, and before it one line for each
 * reason that tests were skipped for, one for the behaviours of the contract that were shown, and one for each failure of
 * the program whose telling was timed. A file or a run that fails outside its tests counts as one more failure.
 */
export function closingLine(): Reporter {
  return {
    onTestRunEnd(modules, unhandledErrors) {
      const lines = closingLines(modules, unhandledErrors);
      // at the exit, so that coverage and what other reporters write come before it
      process.once('exit', () => process.stdout.write(`${lines.join('\n')}\n`));
    },
  };
}

function closingLines(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): string[] {
  const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
  const reasons = new Map<string, number>();
  const told: string[] = [];
  const contract = { 'kube-apiserver': 0, sandbox: 0, 'not claimed': 0 };
  for (const module of modules) {
    const failedBefore = counts.failed;
    for (const test of module.children.allTests()) {
      const result = test.result();
      // a test that was not reached, or whose hook failed, has neither passed nor been skipped by anybody's will
      const state = result.state === 'pending' || hookFailed(test) ? 'failed' : result.state;
      counts[state] += 1;
      const { toldAfterMs } = test.meta();
      if (toldAfterMs !== undefined) told.push(`TOLD after ${toldAfterMs.toFixed(0).padStart(5)} ms: ${test.name}`);
      const { contract: server } = test.meta();
      if (server !== undefined && (state === 'passed' || server === 'not claimed')) contract[server] += 1;
      const reason = result.state === 'skipped' ? result.note : undefined;
      if (reason !== undefined) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    if (module.state() === 'failed' && counts.failed === failedBefore) counts.failed += 1;
  }
  return [
    ...told,
    ...contractLines(contract),
    ...[...reasons].map(([reason, count]) => `SKIPPED ${count} tests: ${reason}`),
    `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`,
  ];
}

function contractLines(shown: Record<NonNullable<TaskMeta['contract']>, number>): string[] {
  const { 'kube-apiserver': real, sandbox, 'not claimed': unclaimed } = shown;
  if (real + sandbox + unclaimed === 0) return [];
  return [
    `CONTRACT ${real} behaviours on kube-apiserver, ${sandbox} the same on the sandbox, ${unclaimed} not claimed by it`,
  ];
}

function hookFailed(test: TestCase): boolean {
  for (let parent: TestSuite | TestModule = test.parent; ; parent = parent.parent) {
    if (parent.errors().length > 0) return true;
    if (parent.type === 'module') return false;
  }
}
