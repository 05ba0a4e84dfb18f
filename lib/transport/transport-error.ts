/**
 * How far a request had come when it failed. `connect`: nothing of it was sent. `request`: it may have been executed.
 * `body`: the head of an answer had come.
 */
export type TransportStage = 'connect' | 'request' | 'body';

/**
 * A failure below HTTP, as the system or Node named it. It stays inside: connection/socket-error.ts makes one of our
 * errors of it, with words.
 */
export class TransportError extends Error {
  /** `ECONNREFUSED`, `CERT_HAS_EXPIRED`, `HPE_INVALID_CONSTANT`, or `CONNECT_TIMEOUT`, our own. */
  readonly code: string;
  readonly stage: TransportStage;
  /** For `ERR_TLS_CERT_ALTNAME_INVALID`: what the certificate is for, as the certificate says it. */
  readonly subjectAltName: string | undefined;
  /** For the same: what it should be for. */
  readonly expectedName: string | undefined;
  /** The connection had served an earlier request, so that the server may just have closed it for being idle. */
  readonly reused: boolean;
  /** First bytes of an answer that is not HTTP. */
  readonly rawAnswer: Buffer | undefined;

  constructor(error: Error, { stage, reused = false }: { stage: TransportStage; reused?: boolean }) {
    const { code, cert, host, rawPacket } = error as NodeError;
    super(error.message);
    this.name = 'TransportError';
    this.code = code ?? 'UNKNOWN';
    this.stage = stage;
    this.subjectAltName = cert?.subjectaltname;
    this.expectedName = host;
    this.reused = reused;
    this.rawAnswer = rawPacket;
  }
}

/** The connection (TCP and TLS) was not there in time. */
export const connectTimeoutCode = 'CONNECT_TIMEOUT';

type NodeError = Error & {
  code?: string;
  cert?: { subjectaltname?: string };
  host?: string;
  rawPacket?: Buffer;
};
