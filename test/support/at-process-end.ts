const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Calls `work`, which may not wait for anything, when this process ends, by a signal too (save SIGKILL, of which no
 * program hears).
 *
 * @returns What takes this back.
 */
export function atProcessEnd(work: () => void): () => void {
  const onSignal = (signal: NodeJS.Signals) => {
    work();
    release();
    // a listener replaces the default, to end: if ours was the last one, the default is back now
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  const release = () => {
    process.off('exit', work);
    for (const signal of signals) process.off(signal, onSignal);
  };
  process.on('exit', work);
  for (const signal of signals) process.on(signal, onSignal);
  return release;
}
