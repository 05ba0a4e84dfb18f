import { inspect } from 'node:util';

/** A token as it is sent, and as the data of a Secret holds it: base64 of "eyJ". */
const forms = [/eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+/u, /ZXlK[A-Za-z0-9+/]{60,}/u];

/** @throws {Error} There is a token in `text`. Its message does not show it. */
export function refuseToken(text: string, where: string): void {
  if (forms.some((form) => form.test(text))) throw new Error(`A token was written to ${where}`);
}

/** All the ways in which an error becomes text: as message, hint, stack, JSON and console output, its causes included. */
export function textOfError(error: unknown): string {
  const texts = [inspect(error, { depth: Infinity, showHidden: true, maxStringLength: null, maxArrayLength: null })];
  for (let each: unknown = error, depth = 0; each !== undefined && depth < 20; depth += 1) {
    texts.push(JSON.stringify(each) ?? '');
    if (!(each instanceof Error)) break;
    texts.push(String(each), each.message, each.stack ?? '');
    each = each.cause;
  }
  return texts.join('\n');
}
