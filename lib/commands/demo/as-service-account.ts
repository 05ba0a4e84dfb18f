import { bearerIdentity } from '../../auth/bearer.ts';
import type { Connection } from '../../connection/connection.ts';
import type { BearerToken } from '../../model/secret-text.ts';
import { fullName } from '../../model/service-account.ts';
import { trustForProof } from '../../token/proof-trust.ts';
import type { Trust } from '../../transport/trust.ts';
import { readTokenSecret } from '../../token/read.ts';
import { answerFailure } from '../call-api/failure.ts';
import { renderBody } from '../call-api/write-answer.ts';
import type { Tour } from './tour.ts';

/** An answer to a call of the tour. */
export interface Called {
  readonly status: number;
  readonly text: string;
  /** What `call-api` says of it, for a status from 300 on. */
  readonly failure: Error | undefined;
}

/** Reads the token out of its Secret, as `call-api --secret` and `inspect-token --secret` do. */
export function readToken({ connection, names, runtime }: Tour): Promise<BearerToken> {
  return readTokenSecret(connection, names.secret, runtime.interruption.signal);
}

/** Runs `work` with a connection whose only identity is the token, over verified TLS. */
export async function withToken<T>(
  tour: Tour,
  token: BearerToken,
  work: (bearer: Connection) => Promise<T>,
): Promise<T> {
  const { connection, names } = tour;
  const identity = bearerIdentity(token, `ServiceAccount "${fullName(names.account)}"`);
  const bearer = connection.withIdentity(identity, verifiedTrust(tour));
  try {
    return await work(bearer);
  } finally {
    bearer.close();
  }
}

/** That against which the token was proven. */
export function verifiedTrust({ connection, state }: Tour): Trust {
  const ca = state.credential?.certificateAuthorityData;
  return trustForProof(connection, typeof ca === 'string' ? Buffer.from(ca, 'base64').toString() : undefined);
}

/** GETs a path; whatever its status, the answer is the result. */
export async function call(connection: Connection, path: string, { runtime, names }: Tour): Promise<Called> {
  const { signal } = runtime.interruption;
  const answer = await connection.open({ method: 'GET', path, doing: `GET ${path}`, signal });
  const chunks: Uint8Array[] = [];
  for await (const chunk of answer.body) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  const credential = { from: 'secret', name: names.secret.name } as const;
  const failure =
    answer.status < 300
      ? undefined
      : await answerFailure(connection, { credential, method: 'GET', path }, { ...answer, text });
  return { status: answer.status, text, failure };
}

/** The body as `call-api -o json` prints it. */
export async function bodyLines({ text }: Called): Promise<string[]> {
  return (await renderBody(text, 'json')).trimEnd().split('\n');
}
