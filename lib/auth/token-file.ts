import type { KubeconfigUser } from '../model/cluster-access.ts';
import { UsageError } from '../model/errors.ts';
import { escapeLine } from '../model/escape.ts';
import { BearerToken } from '../model/secret-text.ts';
import { readAnyFile } from '../system/any-file.ts';
import { unlessAborted } from '../system/deadline.ts';
import { fileReason } from '../system/file-reason.ts';
import { bearerHeader } from './bearer.ts';

/**
 * The Authorization header for a token that lies in a file and may be replaced there: read for each request, without
 * the white space around it. While the file cannot be read, the token last read counts, before the first time the
 * `token` beside it (client-go: transport/token_source.go, round_trippers.go).
 */
export function tokenFileHeader(
  { name, token }: KubeconfigUser,
  file: string,
): (signal?: AbortSignal) => Promise<string> {
  const what = `tokenFile "${escapeLine(file)}" of user "${escapeLine(name)}"`;
  let last = token;
  return async (signal) => {
    try {
      const bytes = await unlessAborted(readAnyFile(file), signal);
      const read = new BearerToken(trimSpace(bytes.toString('utf8')));
      const header = bearerHeader(read, what);
      last = read;
      return header;
    } catch (error) {
      signal?.throwIfAborted();
      if (last !== undefined) return bearerHeader(last, `token of user "${escapeLine(name)}"`);
      if (error instanceof UsageError) throw error;
      throw new UsageError(`Cannot read ${what}: ${fileReason(error)}`, { reason: 'TokenFileUnreadable' });
    }
  };
}

/** As Go's strings.TrimSpace: what Unicode calls white space, so no byte order mark. */
function trimSpace(text: string): string {
  return text.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, '');
}
