import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { Cluster } from '../cluster.ts';
import { unauthorized } from '../status.ts';
import { authenticateToken } from './service-account-token.ts';
import { anonymous, authenticatedGroup, type User } from './user.ts';

export interface Authenticated {
  readonly user: User;
  readonly warnings: readonly string[];
}

/**
 * Who sent a request: by client certificate, else by bearer token, else anonymous.
 *
 * @throws {ApiError} 401: what was presented is not valid.
 */
export function authenticate(cluster: Cluster, request: IncomingMessage): Authenticated {
  const certificate = certificateUser(request.socket as TLSSocket);
  if (certificate !== undefined && certificate !== 'invalid') return { user: certificate, warnings: [] };
  const token = bearerToken(request.headers.authorization);
  if (token !== undefined) {
    const answer = cluster.tokenCache.answer(token, () => authenticateToken(cluster, token));
    if ('user' in answer) return answer;
  }
  if (certificate === 'invalid' || token !== undefined) throw unauthorized();
  return { user: anonymous, warnings: hasExtraSpace(request.headers.authorization) ? [extraSpace] : [] };
}

function certificateUser(socket: TLSSocket): User | 'invalid' | undefined {
  const { raw, subject } = socket.getPeerCertificate() as Partial<ReturnType<TLSSocket['getPeerCertificate']>>;
  if (raw === undefined) return undefined;
  const groups = [subject?.O ?? []].flat();
  const [username = ''] = [subject?.CN ?? ''].flat();
  if (!socket.authorized || username === '') return 'invalid';
  const id = createHash('sha256').update(raw).digest('hex');
  const extra = { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${id}`] };
  return { username, groups: [...groups, authenticatedGroup], extra };
}

/** As kube-apiserver splits the header: the scheme in any case, the second word is the token. */
function bearerToken(header = ''): string | undefined {
  const [scheme = '', token = ''] = header.trim().split(' ');
  return scheme.toLowerCase() === 'bearer' && token !== '' ? token : undefined;
}

const extraSpace = 'the provided Authorization header contains extra space before the bearer token, and is ignored';

function hasExtraSpace(header = ''): boolean {
  return /^bearer {2,}\S/iu.test(header.trim());
}
