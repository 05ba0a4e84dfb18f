/**
 * How far a request had come when it failed. `connect`: nothing of it was sent. `request`: it may have been executed.
 * `body`: the head of an answer had come.
 */
export type TransportStage = 'connect' | 'request' | 'body';

/** Why a proxy opens no way: it wants (another) name and password, may not, cannot, leads elsewhere, or who knows. */
export type ProxyRefusal = 'login' | 'forbidden' | 'unreachable' | 'redirect' | 'other';

/**
 * A failure below HTTP, as the system or Node named it. It stays inside: connection/socket-error.ts makes one of our
 * errors of it, with words.
 */
export class TransportError extends Error {
  /** `ECONNREFUSED`, `CERT_HAS_EXPIRED`, `HPE_INVALID_CONSTANT`, or `CONNECT_TIMEOUT` and `PROXY_ANSWER`, our own. */
  readonly code: string;
  readonly stage: TransportStage;
  /**
   * For `ERR_TLS_CERT_ALTNAME_INVALID`: what the certificate is for, `DNS:localhost, IP Address:127.0.0.1`; for
   * `ERR_TLS_CERT_ALTNAME_FORMAT` which of its names are malformed. Not escaped.
   */
  readonly certificateNames: string | undefined;
  /** For the same: what it should be for. */
  readonly expectedName: string | undefined;
  /** The connection had served an earlier request, so that the server may just have closed it for being idle. */
  readonly reused: boolean;
  /** First bytes of an answer that is not HTTP. */
  readonly rawAnswer: Buffer | undefined;
  /** It is the proxy that failed: the server was not reached. */
  readonly atProxy: boolean;
  /** What the proxy answered in place of a tunnel: `407 Proxy Authentication Required`. Not escaped. */
  readonly proxyAnswer: string | undefined;
  /** What kind of answer that is. */
  readonly proxyRefusal: ProxyRefusal | undefined;

  constructor(error: Error, { stage, reused = false }: { stage: TransportStage; reused?: boolean }) {
    const { atProxy = false, certificateNames, code, host, proxyAnswer, proxyRefusal, rawPacket } = error as NodeError;
    super(error.message);
    this.name = 'TransportError';
    this.code = code ?? 'UNKNOWN';
    this.stage = stage;
    this.certificateNames = certificateNames;
    this.expectedName = host;
    this.reused = reused;
    this.rawAnswer = rawPacket;
    this.atProxy = atProxy;
    this.proxyAnswer = proxyAnswer;
    this.proxyRefusal = proxyRefusal;
  }
}

/** The connection (TCP, proxy and TLS) was not there in time. */
export const connectTimeoutCode = 'CONNECT_TIMEOUT';
/** The proxy answered, and opened no way to the server. */
export const proxyAnswerCode = 'PROXY_ANSWER';

type NodeError = Error & {
  code?: string;
  certificateNames?: string;
  host?: string;
  rawPacket?: Buffer;
  atProxy?: boolean;
  proxyAnswer?: string;
  proxyRefusal?: ProxyRefusal;
};
