import { UsageError } from '../model/errors.ts';
import type { BearerToken } from '../model/secret-text.ts';
import type { Identity } from './identity.ts';

/**
 * An identity of one token and nothing else.
 *
 * @throws {UsageError} The text cannot be a token.
 */
export function bearerIdentity(token: BearerToken, description = 'the token'): Identity {
  const authorization = bearerHeader(token, description);
  return {
    description,
    headers: () => Promise.resolve({ authorization }),
    clientCertificate: () => Promise.resolve(undefined),
  };
}

/**
 * The Authorization header for a token, which may be of any kind (Rancher's have a colon): whatever Go sends as the value
 * of a header, in its bytes of UTF-8, where Node takes each character for a byte. It is looked at first, because Node's
 * own error for what is no header value is late, and other libraries' show the token.
 *
 * @param what Names the token in the error.
 * @throws {UsageError} It is empty, or has control characters: no header carries them (golang.org/x/net: httpguts).
 */
export function bearerHeader(token: BearerToken, what: string): string {
  const text = token.reveal();
  if (text !== '' && /^[\t\u0020-\u007E\u0080-\u{10FFFF}]*$/u.test(text)) {
    return Buffer.from(`Bearer ${text}`)
      .toString('latin1')
      .replace(/[\t ]+$/u, '');
  }
  const why =
    text === ''
      ? 'it is empty'
      : /[\r\n]/u.test(text)
        ? 'there is an end of line in it'
        : 'there is a control character in it';
  throw new UsageError(`Cannot use ${what}: ${why}`, { reason: 'TokenInvalid' });
}
