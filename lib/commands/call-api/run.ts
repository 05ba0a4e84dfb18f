import { bearerIdentity } from '../../auth/bearer.ts';
import type { Identity } from '../../auth/identity.ts';
import type { ApiStream, Connection } from '../../connection/connection.ts';
import { describeHttpStatus } from '../../model/http-status.ts';
import { ServerError, UsageError } from '../../model/errors.ts';
import { escapeLine } from '../../model/escape.ts';
import { fullName } from '../../model/service-account.ts';
import type { Runtime } from '../../system/runtime.ts';
import { readTokenSecret } from '../../token/read.ts';
import { requestToken } from '../../token/request.ts';
import { readBody } from './body.ts';
import type { CallApiInput } from './input.ts';
import { writeEvents, writeFormatted, writeHead, writeRaw } from './write-answer.ts';
import { writePages } from './write-pages.ts';
import { onCluster } from '../shared/clusters.ts';
import { progressOf } from '../shared/progress.ts';
import { readToken } from '../shared/read-token.ts';

/** Seconds: the least that the API server grants (kubernetes: authentication/validation). */
const shortestToken = 600;

/** Makes one call and prints its answer; the exit code is that of the status. */
export async function runCallApi(input: CallApiInput, runtime: Runtime): Promise<number> {
  const { flags } = input;
  const progress = progressOf(flags, runtime);
  const identity =
    input.credential.from === 'file'
      ? bearerIdentity(await readToken(input.credential.name, runtime), 'the token given')
      : undefined;
  try {
    const stdinTaken = flags.data === '-' ? '--data reads it' : undefined;
    return await onCluster(flags, { runtime, progress, identity, stdinTaken }, async (connection) => {
      if (input.credential.from !== 'kubeconfig' && connection.trust.source === 'none') {
        throw new UsageError(
          `Cannot send a token to ${connection.access.cluster.server}: over plain http no credential is sent`,
          {
            reason: 'PlainHttp',
          },
        );
      }
      const caller = await withCredential(connection, input, runtime.interruption.signal);
      try {
        progress.note(`Calling ${caller.access.cluster.server} as ${caller.identity.description}`);
        await progress.end();
        return await call(caller, input, runtime);
      } finally {
        if (caller !== connection) caller.close();
      }
    });
  } finally {
    await progress.end();
  }
}

/** The connection that carries the credential asked for: the given one, or one to the same server. */
async function withCredential(
  connection: Connection,
  { credential }: CallApiInput,
  signal: AbortSignal,
): Promise<Connection> {
  const { namespace } = connection.access;
  const as = (identity: Identity) => connection.withIdentity(identity);
  switch (credential.from) {
    case 'secret': {
      const secret = { namespace, name: credential.name };
      return as(
        bearerIdentity(await readTokenSecret(connection, secret, signal), `the token of Secret "${fullName(secret)}"`),
      );
    }
    case 'service-account': {
      const account = { namespace, name: credential.name };
      const token = await requestToken(connection, account, { expirationSeconds: shortestToken, signal });
      return as(bearerIdentity(token, `ServiceAccount "${fullName(account)}"`));
    }
    case 'file': // it is what the connection was made with
    case 'kubeconfig':
      return connection;
  }
}

async function call(connection: Connection, input: CallApiInput, runtime: Runtime): Promise<number> {
  const { flags, headers, method, path } = input;
  const { signal } = runtime.interruption;
  if (flags.allPages) {
    await writePages(connection, { path, format: flags.output, headers, runtime });
    return 0;
  }
  const body =
    flags.data === undefined ? {} : await readBody(flags.data, { contentType: flags.contentType, method, runtime });
  const answer = await connection.open({
    method,
    path,
    headers,
    ...body,
    doing: `${method} ${path}`,
    signal,
    stream: flags.watch,
  });
  if (flags.include) await writeHead(answer, runtime);
  if (flags.watch && answer.status < 400) return watch(answer, input, runtime);
  await (flags.output === 'raw' ? writeRaw(answer, runtime) : writeFormatted(answer, flags.output, runtime));
  if (answer.status >= 300) {
    await runtime.stderr.write(
      `error: ${escapeLine(`Cannot ${method} ${path}: ${describeHttpStatus(answer.status)}`)}\n`,
    );
  }
  if (answer.status < 300 && /^text\/html\b/iu.test(answer.headers['content-type'] ?? '')) {
    throw new ServerError(`Cannot ${method} ${path}: the answer is a web page (HTML), not one of an API server`, {
      reason: 'HtmlAnswer',
      hint: 'Is it the address of a login page or of a proxy?',
    });
  }
  return exitCodeOf(answer.status);
}

/** Ctrl-C is how a watch ends: that is no failure. */
async function watch(answer: ApiStream, { flags }: CallApiInput, runtime: Runtime): Promise<number> {
  const { signal } = runtime.interruption;
  try {
    await writeEvents(answer, flags.output, runtime);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return 0;
}

function exitCodeOf(status: number): number {
  if (status === 401 || status === 403) return 4;
  if (status === 404) return 3;
  return status >= 300 ? 1 : 0; // a redirect is not followed: no credential goes where a server points
}
