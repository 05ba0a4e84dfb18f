import type { Connection } from '../connection/connection.ts';
import { readServerVersion } from '../connection/server-version.ts';
import { KubeSaTokenError } from '../model/errors.ts';

/** Since 1.24 a ServiceAccount gets no token Secret by itself, and a wanted one is as here. */
const oldestMinor = 24;

/**
 * What to say of a server that is older than this suite is made for; undefined for others. Only asked where the server
 * showed its age by not having SelfSubjectReview.
 */
export async function oldServerWarning(connection: Connection, signal: AbortSignal): Promise<string | undefined> {
  let version: string | undefined;
  try {
    version = await readServerVersion(connection, signal);
  } catch (error) {
    if (error instanceof KubeSaTokenError && !signal.aborted) return undefined; // it is no reason to fail
    throw error;
  }
  const [, major, minor] = /^v(\d+)\.(\d+)/u.exec(version ?? '') ?? [];
  const old = major !== undefined && (Number(major) < 1 || (Number(major) === 1 && Number(minor) < oldestMinor));
  return old ? `the API server is ${version}: kube-sa-token is made for v1.${oldestMinor} and later` : undefined;
}
