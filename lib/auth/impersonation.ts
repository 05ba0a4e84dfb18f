import type { Impersonation } from '../model/cluster-access.ts';
import { UsageError } from '../model/errors.ts';
import { escapeLine } from '../model/escape.ts';
import type { Identity } from './identity.ts';

/**
 * An identity that authenticates as `identity` and asks the API server to take it for somebody else.
 *
 * @throws {UsageError} Names the field: it cannot be sent in a header as it is.
 */
export function impersonatingIdentity(identity: Identity, impersonation: Impersonation): Identity {
  const headers = impersonationHeaders(impersonation);
  return {
    ...identity,
    description: describe(impersonation, identity),
    impersonatedBy: identity.description,
    headers: async (signal) => ({ ...(await identity.headers(signal)), ...headers }),
  };
}

/**
 * The headers as client-go sends them (transport/round_trippers.go): a line for each group and for each value of an
 * extra. Letter case of names is nothing to HTTP, and API servers read keys of extras in lower case.
 */
function impersonationHeaders({ extra, groups, uid, user }: Impersonation): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = { 'impersonate-user': headerValue(user, 'as') };
  if (uid !== undefined) headers['impersonate-uid'] = headerValue(uid, 'as-uid');
  if (groups.length > 0) headers['impersonate-group'] = groups.map((group) => headerValue(group, 'as-groups'));
  for (const [key, values] of Object.entries(extra)) {
    const name = `impersonate-extra-${escapeKey(key)}`.toLowerCase();
    const before = [headers[name] ?? []].flat();
    const all = [...before, ...values.map((value) => headerValue(value, `as-user-extra "${escapeLine(key)}"`))];
    if (all.length > 0) headers[name] = all;
  }
  return headers;
}

/**
 * Bytes of UTF-8 as Go writes them; Node takes each character of a header for a byte. HTTP itself drops white space
 * around a value: that would be another name.
 */
function headerValue(text: string, field: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what is refused
  if (/[\u0000-\u0008\u000a-\u001f\u007f]|^\s|\s$/u.test(text)) {
    throw new UsageError(
      `Cannot impersonate: ${field} ${JSON.stringify(text)} has control characters or white space around it, which no header carries`,
      { reason: 'ImpersonationInvalid' },
    );
  }
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** What is no letter of a header's name (RFC 9110, token) is percent-encoded, and so is the percent sign. */
function escapeKey(key: string): string {
  return Array.from(Buffer.from(key, 'utf8'), (byte) => {
    const letter = String.fromCodePoint(byte);
    return /[!#$&'*+.^_`|~0-9A-Za-z-]/u.test(letter) ? letter : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}

function describe({ groups, user }: Impersonation, { description }: Identity): string {
  const shown = groups.slice(0, 10).map((group) => `"${escapeLine(group)}"`);
  const more = groups.length > shown.length ? ` and ${groups.length - shown.length} more` : '';
  const inGroups = groups.length === 0 ? '' : ` in group${groups.length === 1 ? '' : 's'} ${shown.join(', ')}${more}`;
  return `user "${escapeLine(user)}"${inGroups} (impersonated by ${description})`;
}
