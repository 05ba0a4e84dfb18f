import { UsageError } from '../../model/errors.ts';

/**
 * Refuses a token in a place for the name of a file.
 *
 * @param what The flag or argument; the text itself is not shown.
 * @throws {UsageError}
 */
export function refuseTokenAsName(what: string, name: string | undefined): void {
  if (name === undefined || !looksLikeToken(name)) return;
  throw new UsageError(`Cannot use ${what}: it takes the name of a file, and a token was given`, {
    reason: 'TokenAsArgument',
    hint: 'Others can see the arguments of a process: give the token in a file, or "-" and the token on stdin',
  });
}

/** Three to five parts of base64url: signed (RFC 7515), or encrypted (RFC 7516). */
function looksLikeToken(text: string): boolean {
  return /^\s*(?:bearer\s+)?ey[\w-]+(?:\.[\w-]*){2,4}\s*$/iu.test(text);
}
