import type { Socket } from 'node:net';
import type { CertificateAndKey } from '../../lib/sandbox/certificates/authority.ts';

/** What a client asked a proxy for. */
export interface ProxyRequest {
  /** `CONNECT` for a tunnel, SOCKS' too; else the method of the request that it should send on. */
  readonly method: string;
  /** `api.test:6443`, or the URL of a request that it should send on. */
  readonly target: string;
  /** Names in lower case; none for SOCKS. */
  readonly headers: Readonly<Record<string, string>>;
  /** `name:password`, by whatever road it came. */
  readonly login: string | undefined;
  /** Of the TLS handshake with the proxy itself. */
  readonly serverName: string | undefined;
  readonly clientName: string | undefined;
}

export interface RecordingProxyOptions {
  /** For https. */
  certificate?: CertificateAndKey;
  /** `name:password` that it wants to see. */
  login?: string;
  /** Lead to the host that is asked for, instead of 127.0.0.1. */
  leadsThere?: boolean;
  /** Answered in place of a tunnel: a status line without its version, or the number of a SOCKS5 reply. */
  refusal?: string | number;
}

/** What one connection to a proxy works with. */
export interface ProxyWork extends RecordingProxyOptions {
  reach(host: string, port: number): Socket;
  record(request: Omit<ProxyRequest, 'serverName' | 'clientName'>): void;
}

/** Carries bytes both ways until either side ends. */
export function join(socket: Socket, upstream: Socket): void {
  socket.pipe(upstream).on('close', () => socket.destroy());
  upstream.pipe(socket).on('close', () => upstream.destroy());
}
