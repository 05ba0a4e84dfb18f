import { escapeLine } from '../model/escape.ts';
import { KubeSaTokenError } from '../model/errors.ts';
import { paint } from './colour.ts';

/**
 * `error: …`, and `hint: …` where there is a next step; one line each, safe for a terminal. What looks like a token is
 * masked: nobody puts one into an error, but a user may have put one where a name belongs.
 */
export function renderError(error: unknown, { colour = false }: { colour?: boolean } = {}): string {
  const { message, hint } = describe(error);
  const lines = [`${paint('red', 'error:', colour)} ${clean(message)}`];
  if (hint !== undefined) lines.push(`${paint('cyan', 'hint:', colour)} ${clean(hint)}`);
  return `${lines.join('\n')}\n`;
}

function describe(error: unknown): { message: string; hint: string | undefined } {
  if (error instanceof KubeSaTokenError) return error;
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const where = error instanceof Error ? /^\s*at .*$/mu.exec(error.stack ?? '')?.[0].trim() : undefined;
  return {
    message: `Cannot go on: ${what}${where === undefined ? '' : ` (${where})`}`,
    hint: 'This is a bug in kube-sa-token: please report it with the command that showed it',
  };
}

function clean(text: string): string {
  return escapeLine(text.replace(/\beyJ[\w-]{8,}(?:\.[\w-]*){0,2}/gu, '[redacted token]'));
}
