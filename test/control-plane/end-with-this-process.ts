import type { ChildProcess } from 'node:child_process';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Ends a child when this process ends, by a signal too (save SIGKILL, of which no program hears).
 *
 * @returns What takes this back once the child has ended.
 */
export function endWithThisProcess(child: ChildProcess): () => void {
  const end = () => child.kill('SIGTERM');
  const onSignal = (signal: NodeJS.Signals) => {
    end();
    release();
    // a listener replaces the default, to end: if ours was the only one, the default is back now
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  const release = () => {
    process.off('exit', end);
    for (const signal of signals) process.off(signal, onSignal);
  };
  process.on('exit', end);
  for (const signal of signals) process.on(signal, onSignal);
  return release;
}
