import type { Env, OutputStream } from '../system/runtime.ts';

const codes = { bold: 1, red: 31, green: 32, yellow: 33, cyan: 36, dim: 2 } as const;

/**
 * Whether a stream gets colour: a terminal that can show it does, and any stream with FORCE_COLOR; none with NO_COLOR
 * (https://no-color.org) or `--no-color`.
 */
export function usesColour(stream: OutputStream, env: Env, { noColor = false }: { noColor?: boolean } = {}): boolean {
  if (noColor || (env['NO_COLOR'] ?? '') !== '') return false;
  const forced = env['FORCE_COLOR'] ?? '';
  if (forced !== '') return forced !== '0' && forced !== 'false';
  return stream.isTTY && env['TERM'] !== 'dumb';
}

/** The text in a colour, or as it is. */
export function paint(colour: keyof typeof codes, text: string, enabled: boolean): string {
  return enabled ? `\u001B[${codes[colour]}m${text}\u001B[0m` : text;
}
