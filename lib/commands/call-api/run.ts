import { usesColour } from '../../cli/colour.ts';
import { renderError } from '../../cli/render-error.ts';
import { bearerIdentity } from '../../auth/bearer.ts';
import type { Identity } from '../../auth/identity.ts';
import type { ApiStream, Connection } from '../../connection/connection.ts';
import { InterruptedError, ServerError, UsageError } from '../../model/errors.ts';
import { fullName } from '../../model/service-account.ts';
import type { Runtime } from '../../system/runtime.ts';
import { readTokenSecret } from '../../token/read.ts';
import { requestToken } from '../../token/request.ts';
import { readBody, type RequestBody } from './body.ts';
import { answerFailure, exitCodeOfStatus, withDoubt } from './failure.ts';
import type { CallApiInput } from './input.ts';
import { keepStart, writeFormatted, writeHead, writeRaw } from './write-answer.ts';
import { writeEvents } from './write-events.ts';
import { writePages } from './write-pages.ts';
import { onCluster } from '../shared/clusters.ts';
import { refusesServiceAccounts } from '../shared/warn-of-kubeconfig.ts';
import { onSandbox } from '../shared/on-sandbox.ts';
import { progressOf } from '../shared/progress.ts';
import { readToken } from '../shared/read-token.ts';

/** Seconds: the least that the API server grants (kubernetes: authentication/validation). */
const shortestToken = 600;

/** Makes one call and prints its answer; the exit code is that of the status. */
export async function runCallApi(input: CallApiInput, runtime: Runtime): Promise<number> {
  return onSandbox(input.flags, runtime, (flags) => callOnCluster({ ...input, flags }, runtime));
}

async function callOnCluster(input: CallApiInput, runtime: Runtime): Promise<number> {
  const { flags, method } = input;
  const { contentType, data } = flags;
  const body = data === undefined ? {} : await readBody(data, { contentType, method, runtime });
  const progress = progressOf(flags, runtime);
  const identity =
    input.credential.from === 'file'
      ? bearerIdentity(await readToken(input.credential.name, runtime), describeTokenFile(input.credential.name))
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
        progress.note(`Calling ${caller.access.cluster.server} ${describeCaller(caller)}`);
        await progress.end();
        const code = await call(caller, input, body, { runtime, note: (text) => progress.note(text) });
        const refusal = refusesServiceAccounts(caller.access.cluster.server);
        if (code === 4 && input.credential.from !== 'kubeconfig' && refusal !== undefined) progress.note(refusal);
        return code;
      } catch (error) {
        if (flags.watch && error instanceof InterruptedError && error.signal !== 'SIGHUP') return 0; // how a watch ends
        throw withDoubt(error, method);
      } finally {
        if (caller !== connection) caller.close();
      }
    });
  } finally {
    await progress.end();
  }
}

function describeTokenFile(file: string): string {
  return file === '-' ? 'the token from stdin' : `the token in "${file}"`;
}

function describeCaller({ identity: { description } }: Connection): string {
  return `${description.startsWith('the token') ? 'with' : 'as'} ${description}`;
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

async function call(
  connection: Connection,
  input: CallApiInput,
  body: Partial<RequestBody>,
  { note, runtime }: { note: (text: string) => void; runtime: Runtime },
): Promise<number> {
  const { flags, headers, method, path } = input;
  const { signal } = runtime.interruption;
  if (flags.allPages) {
    const refusal = await writePages(connection, { path, format: flags.output, headers, runtime });
    return refusal === undefined ? 0 : tellFailure(connection, refusal, input, runtime);
  }
  const doing = `${method} ${path}`;
  const opened = await connection.open({ method, path, headers, ...body, doing, signal, stream: flags.watch });
  if (flags.include) await writeHead(opened, runtime);
  if (flags.watch && opened.status < 300 && !isPage(opened)) return watch(connection, opened, input, runtime);
  const { answer, start } = keepStart(opened);
  await (flags.output === 'raw'
    ? writeRaw(answer, runtime)
    : writeFormatted(answer, { format: flags.output, note, runtime }));
  if (answer.status >= 300) return tellFailure(connection, { ...answer, text: start() }, input, runtime);
  if (isPage(answer)) {
    throw new ServerError(`Cannot ${method} ${path}: the answer is a web page (HTML), not one of an API server`, {
      reason: 'HtmlAnswer',
      hint: 'Is it the address of a login page or of a proxy?',
    });
  }
  return 0;
}

function isPage({ headers }: ApiStream): boolean {
  return /^text\/html\b/iu.test(headers['content-type'] ?? '');
}

async function watch(
  connection: Connection,
  answer: ApiStream,
  input: CallApiInput,
  runtime: Runtime,
): Promise<number> {
  const { flags, method, path } = input;
  const end = await writeEvents(answer, { doing: `${method} ${path}`, format: flags.output, runtime });
  return end.status < 300 ? 0 : tellFailure(connection, { ...end, headers: {} }, input, runtime);
}

/** Says on stderr what an answer from 300 on means. @returns The exit code for it. */
async function tellFailure(
  connection: Connection,
  answer: Parameters<typeof answerFailure>[2],
  input: CallApiInput,
  { env, stderr }: Runtime,
): Promise<number> {
  const colour = usesColour(stderr, env, input.flags);
  await stderr.write(renderError(await answerFailure(connection, input, answer), { colour }));
  return exitCodeOfStatus(answer.status);
}
