import { healthChecks, healthPaths } from '../discovery/health-checks.ts';
import type { Exchange } from './exchange.ts';
import { writePageNotFound, writeText } from './write.ts';

/** Whether it is asked for a check, or may be: what is below is none of discovery's. */
export function isHealth(path: string): boolean {
  return /^\/(?:healthz|livez|readyz)(?:\/|$)/u.test(path);
}

/** Answers any method, as the API server does. */
export function writeHealth({ path, query, response, warnings }: Exchange): void {
  if (!healthPaths.includes(path)) return writePageNotFound(response, warnings);
  const headers = { 'Content-Type': 'text/plain; charset=utf-8' };
  const group = path.slice(1);
  const names = healthChecks[group];
  // one check alone is told without more, whatever else is asked
  if (names === undefined) return writeText(response, 'ok', { code: 200, headers, warnings });
  const text = query.has('verbose') ? report(group, names, query.getAll('exclude')) : 'ok';
  writeText(response, text, { code: 200, headers: { ...headers, 'X-Content-Type-Options': 'nosniff' }, warnings });
}

function report(group: string, names: readonly string[], excluded: readonly string[]): string {
  const unknown = [...new Set(excluded)].filter((name) => !names.includes(name)).toSorted();
  const warning = 'warn: some health checks cannot be excluded: no matches for ';
  return [
    ...names.map((name) => `[+]${name}${excluded.includes(name) ? ' excluded:' : ''} ok`),
    ...(unknown.length === 0 ? [] : [`${warning}${unknown.map((name) => JSON.stringify(name)).join(',')}`]),
    `${group} check passed\n`,
  ].join('\n');
}
