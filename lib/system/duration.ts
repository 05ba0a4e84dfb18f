/** 292 years: what Go's int64 of nanoseconds holds. */
const longestMs = 2 ** 63 / 1e6;

const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/**
 * Milliseconds of a duration in Go's notation (`30s`, `1h30m`, `1.5h`, `0`), as time.ParseDuration reads it; undefined
 * for anything else, negative durations included.
 */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  if (!/^\+?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/u.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/gu)) {
    total += Number(amount) * (unitMs[unit ?? ''] ?? Number.NaN);
  }
  return total <= longestMs ? total : undefined;
}

/** A duration as Go prints it, to the millisecond: `1h30m0s`, `1.5s`, `250ms`, `0s`. */
export function renderDuration(ms: number): string {
  if (ms === 0) return '0s';
  if (ms < 1000) return `${Math.round(ms)}ms`;
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor((ms % 3_600_000) / 60_000);
  const seconds = `${Math.round(ms % 60_000) / 1000}s`;
  if (hours > 0) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}
