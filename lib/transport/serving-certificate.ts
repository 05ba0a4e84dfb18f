import type { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { connect } from 'node:tls';
import { escapeLine } from '../model/escape.ts';
import { parseAltNames } from './alt-names.ts';
import type { TrustedProxy } from './proxy.ts';
import { whenReady } from './ready.ts';
import { sentServerName } from './server-identity.ts';
import { parseServerUrl } from './server-url.ts';

/** What a server shows of itself, whether or not it is trusted. Text is escaped. */
export interface ServingCertificate {
  /** RFC 3339. */
  readonly notBefore: string;
  /** RFC 3339. */
  readonly notAfter: string;
  /** DNS names and addresses that it is for. */
  readonly subjectAltNames: readonly string[];
  /** `CN=kube-ca` */
  readonly issuer: string;
}

export interface ServingOptions {
  readonly server: string;
  readonly tlsServerName?: string | undefined;
  readonly proxy?: TrustedProxy | undefined;
}

/**
 * The certificate that a server presents. Nothing is verified and nothing is sent: it is for looking at.
 *
 * @returns Undefined for plain http, and where no TLS handshake comes about.
 * @throws The reason of `signal`, which has to end it: it waits as long as the server does.
 */
export async function readServingCertificate(
  { proxy, server, tlsServerName }: ServingOptions,
  signal: AbortSignal,
): Promise<ServingCertificate | undefined> {
  const { host, port, tls } = parseServerUrl(server);
  signal.throwIfAborted();
  if (!tls) return undefined;
  const tunnel = proxy === undefined ? {} : await throughProxy(proxy, { host, port, tlsServerName }, signal);
  if (tunnel === undefined) return undefined;
  const socket = connect({
    host,
    port,
    servername: sentServerName(tlsServerName ?? host),
    rejectUnauthorized: false,
    minVersion: 'TLSv1.2',
    ALPNProtocols: ['http/1.1'],
    ...tunnel,
  });
  const failed = await new Promise((resolve) => whenReady(socket, { event: 'secureConnect', signal }, resolve));
  const certificate = failed === null ? socket.getPeerX509Certificate() : undefined;
  socket.destroy();
  signal.throwIfAborted();
  return certificate === undefined ? undefined : describe(certificate);
}

/** Undefined where the proxy leads nowhere: a call that goes the same way says why. */
async function throughProxy(
  proxy: TrustedProxy,
  { tlsServerName, ...target }: { host: string; port: number; tlsServerName: string | undefined },
  signal: AbortSignal,
): Promise<{ socket: Socket } | undefined> {
  const { openTunnel } = await import('./tunnel.ts');
  try {
    return { socket: await openTunnel({ proxy, tlsServerName }, target, signal) };
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

function describe({ issuer, subjectAltName = '', validFrom, validTo }: X509Certificate): ServingCertificate {
  return {
    notBefore: new Date(validFrom).toISOString(),
    notAfter: new Date(validTo).toISOString(),
    subjectAltNames: parseAltNames(subjectAltName).map(({ text }) => escapeLine(text)),
    issuer: escapeLine(issuer.replaceAll('\n', ', ')),
  };
}
