/** What every error of ours carries besides its message. */
export interface ErrorDetails {
  /** CamelCase cause, in the style of a Kubernetes Status: `SecretVanished`, `Forbidden`. */
  reason: string;
  /** The next step for the user; never to switch verification off. */
  hint?: string | undefined;
  cause?: unknown;
}

/** The base of every error that is not a bug. A class for each decision a caller takes, a `reason` for each cause. */
export class KubeSaTokenError extends Error {
  readonly reason: string;
  readonly hint: string | undefined;

  constructor(message: string, { reason, hint, cause }: ErrorDetails) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.reason = reason;
    this.hint = hint;
  }
}

/** Flags, arguments, a kubeconfig or an output file that cannot be used as given. */
export class UsageError extends KubeSaTokenError {}

/** Something that was named does not exist: context, cluster, namespace, ServiceAccount, Secret, ClusterRole. */
export class NotFoundError extends KubeSaTokenError {}

/** No usable answer: down, timed out, not trusted (TLS), 429 or 5xx after the retries. */
export class UnreachableError extends KubeSaTokenError {}

/** The caller is denied: 401 or 403, whatever the server's reason. */
export class DeniedError extends KubeSaTokenError {
  readonly status: 401 | 403;
  /** The server's own words, escaped; the message has more around them. */
  readonly said: string | undefined;

  constructor(message: string, details: ErrorDetails & { status: 401 | 403; said?: string | undefined }) {
    super(message, details);
    this.status = details.status;
    this.said = details.said;
  }
}

/** The caller's own credential could not be got: its plugin or its identity provider failed. */
export class CredentialError extends KubeSaTokenError {}

/** The time that the user gave for a wait has passed. */
export class WaitTimeoutError extends KubeSaTokenError {}

/** The state found is not one that it is safe to go on from. */
export class RefusedError extends KubeSaTokenError {}

/** The server answered, and the answer is a failure of the request (409, 422, …) or makes no sense. */
export class ServerError extends KubeSaTokenError {
  /** HTTP status, or undefined where the answer could not be read at all. */
  readonly status: number | undefined;

  constructor(message: string, details: ErrorDetails & { status?: number | undefined }) {
    super(message, details);
    this.status = details.status;
  }
}

/** The result could not be written: the reader went away, the disk is full. */
export class OutputError extends KubeSaTokenError {}

/** Ended by a signal, or by the end of the process that started us. */
export class InterruptedError extends KubeSaTokenError {
  readonly signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP';

  constructor(message: string, details: ErrorDetails & { signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP' }) {
    super(message, details);
    this.signal = details.signal;
  }
}
