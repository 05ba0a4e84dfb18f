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
 * The Authorization header for a token. It is looked at first, because Node's own error for what is no header value
 * is late, and other libraries' show the token.
 *
 * @param what Names the token in the error.
 * @throws {UsageError} It is empty, or has characters that no bearer token has (RFC 6750, section 2.1).
 */
export function bearerHeader(token: BearerToken, what: string): string {
  const text = token.reveal();
  if (/^[A-Za-z0-9._~+/-]+=*$/u.test(text)) return `Bearer ${text}`;
  const why =
    text === ''
      ? 'it is empty'
      : /\s/u.test(text)
        ? 'there is white space in it'
        : 'it has characters that no bearer token has';
  throw new UsageError(`Cannot use ${what}: ${why}`, { reason: 'TokenInvalid' });
}
