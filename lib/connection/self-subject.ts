import { DeniedError, NotFoundError, ServerError } from '../model/errors.ts';
import type { Connection } from './connection.ts';

/** Who the API server takes a connection for, and which of its answers said so. */
export type SelfSubject =
  | {
      readonly by: 'SelfSubjectReview';
      readonly username: string;
      readonly uid: string | undefined;
      readonly groups: readonly string[];
    }
  /** An older server, or one that denies the review: it shows that the credential was accepted; a denial named whose. */
  | { readonly by: 'SelfSubjectAccessReview'; readonly username: string | undefined }
  /** A 403 that names the user: the server has authenticated it before it denied. */
  | { readonly by: 'Forbidden'; readonly username: string };

/**
 * Asks the API server who it takes this connection for: SelfSubjectReview (v1 since 1.28, v1beta1, v1alpha1), else
 * SelfSubjectAccessReview. Neither needs a right of its own (bound to all by `system:basic-user`).
 *
 * @throws {DeniedError} 401, or a 403 that names nobody.
 */
export async function readSelfSubject(connection: Connection, signal?: AbortSignal): Promise<SelfSubject> {
  let named: string | undefined;
  for (const version of ['v1', 'v1beta1', 'v1alpha1']) {
    const apiVersion = `authentication.k8s.io/${version}`;
    try {
      const body = { apiVersion, kind: 'SelfSubjectReview' };
      const { status } = await post<{ status?: { userInfo?: UserInfo } }>(
        connection,
        `/apis/${apiVersion}/selfsubjectreviews`,
        body,
        signal,
      );
      const { username, uid, groups = [] } = status?.userInfo ?? {};
      if (username === undefined) {
        throw new ServerError('Cannot tell who the server takes us for: its SelfSubjectReview names no user', {
          reason: 'InvalidAnswer',
        });
      }
      return { by: 'SelfSubjectReview', username, uid, groups };
    } catch (error) {
      if (error instanceof NotFoundError) continue;
      if (!(error instanceof DeniedError) || error.status === 401 || error.reason === 'ImpersonationDenied')
        throw error;
      named = deniedUser(error);
      break;
    }
  }
  return readByAccessReview(connection, named, signal);
}

/** `… is forbidden: User "system:serviceaccount:ci:ci-bot" cannot create resource …` */
function deniedUser({ said, status }: DeniedError): string | undefined {
  return status === 403 ? /User "([^"]+)"/u.exec(said ?? '')?.[1] : undefined;
}

type UserInfo = { username?: string; uid?: string; groups?: string[] };

async function readByAccessReview(
  connection: Connection,
  named: string | undefined,
  signal: AbortSignal | undefined,
): Promise<SelfSubject> {
  const apiVersion = 'authorization.k8s.io/v1';
  const spec = { nonResourceAttributes: { path: '/api', verb: 'get' } };
  try {
    await post(
      connection,
      `/apis/${apiVersion}/selfsubjectaccessreviews`,
      { apiVersion, kind: 'SelfSubjectAccessReview', spec },
      signal,
    );
    return { by: 'SelfSubjectAccessReview', username: named };
  } catch (error) {
    const username = error instanceof DeniedError ? deniedUser(error) : undefined;
    if (username === undefined || username === 'system:anonymous') throw error;
    return { by: 'Forbidden', username };
  }
}

async function post<T>(
  connection: Connection,
  path: string,
  body: { kind: string; [field: string]: unknown },
  signal: AbortSignal | undefined,
): Promise<T> {
  const answer = await connection.send({
    method: 'POST',
    path,
    body: JSON.stringify(body),
    contentType: 'application/json',
    kinds: [body.kind],
    doing: 'ask who we are at the API server',
    retry: 'idempotent', // it stores nothing, so that it may be repeated like a GET
    signal,
  });
  return answer.json<T>();
}
