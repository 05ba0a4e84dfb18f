import { escapeLine } from '../model/escape.ts';
import type { Connection } from './connection.ts';

/**
 * The version of the API server (`v1.37.2`), escaped; undefined where it does not tell. Everybody may read it
 * (`system:public-info-viewer`) unless the cluster was locked down.
 */
export async function readServerVersion(connection: Connection, signal: AbortSignal): Promise<string | undefined> {
  const answer = await connection.send({ method: 'GET', path: '/version', doing: 'read the version', signal });
  const { gitVersion } = answer.json<{ gitVersion?: unknown }>();
  return typeof gitVersion === 'string' ? escapeLine(gitVersion) : undefined;
}
