import type { X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';
import { escapeLine } from '../model/escape.ts';
import { isIpAddress, parseServerUrl } from './server-url.ts';

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

/**
 * The certificate that a server presents. Nothing is verified and nothing is sent: it is for looking at.
 *
 * @returns Undefined for plain http, and where no TLS handshake comes about.
 * @throws The reason of `signal`, which has to end it: it waits as long as the server does.
 */
export async function readServingCertificate(
  { server, tlsServerName }: { server: string; tlsServerName?: string | undefined },
  signal: AbortSignal,
): Promise<ServingCertificate | undefined> {
  const { host, port, tls } = parseServerUrl(server);
  signal.throwIfAborted();
  if (!tls) return undefined;
  const name = tlsServerName ?? host;
  const servername = isIpAddress(name) ? '' : name;
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port,
      servername,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
      ALPNProtocols: ['http/1.1'],
    });
    const settle = (finish: () => void) => {
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      finish();
    };
    const onAbort = () => settle(() => reject(signal.reason as Error));
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('secureConnect', () => {
      const certificate = socket.getPeerX509Certificate();
      settle(() => resolve(certificate === undefined ? undefined : describe(certificate)));
    });
    socket.on('error', () => settle(() => resolve(undefined)));
  });
}

function describe({ issuer, subjectAltName = '', validFrom, validTo }: X509Certificate): ServingCertificate {
  return {
    notBefore: new Date(validFrom).toISOString(),
    notAfter: new Date(validTo).toISOString(),
    subjectAltNames: parseNames(subjectAltName),
    issuer: escapeLine(issuer.replaceAll('\n', ', ')),
  };
}

/** `DNS:localhost, IP Address:127.0.0.1, DNS:"with, comma"` (node: doc/api/crypto.md, x509.subjectAltName) */
function parseNames(text: string): string[] {
  return [...text.matchAll(/(?:^|, )[A-Za-z ]+:("(?:[^"\\]|\\.)*"|[^,]*)/gu)].map(([, name = '']) => escapeLine(name));
}
