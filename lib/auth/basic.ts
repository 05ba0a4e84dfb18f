import type { SecretText } from '../model/secret-text.ts';

/** The Authorization header for a username and password (RFC 7617, in UTF-8). */
export function basicHeader(username: string, password: SecretText | undefined): string {
  return `Basic ${Buffer.from(`${username}:${password?.reveal() ?? ''}`).toString('base64')}`;
}
