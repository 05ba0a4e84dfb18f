import { X509Certificate } from 'node:crypto';
import { type ConnectionOptions, checkServerIdentity, createSecureContext, type PeerCertificate } from 'node:tls';
import type { SecretText } from '../model/secret-text.ts';
import { isIpAddress } from './server-url.ts';
import type { Trust } from './trust.ts';

/** A certificate by which a client authenticates, with its key. */
export interface ClientCertificate {
  readonly certPem: string;
  readonly keyPem: SecretText;
}

export interface TlsSettings {
  /** Name or address in the server's URL. */
  readonly host: string;
  readonly trust: Trust;
  /** Verified, and sent (SNI), in place of the host. */
  readonly tlsServerName?: string | undefined;
  readonly clientCertificate?: ClientCertificate | undefined;
}

/**
 * Options for a TLS connection. All that decides about trust is set: no default of Node, no environment variable
 * changes it.
 */
export function tlsOptions({ host, trust, tlsServerName, clientCertificate }: TlsSettings): ConnectionOptions {
  const name = tlsServerName ?? host;
  return {
    secureContext: createSecureContext({
      ca: [...(trust.roots ?? [])],
      // Go accepts any certificate of a CA bundle as the end of a chain, an intermediate one too.
      allowPartialTrustChain: true,
      minVersion: 'TLSv1.2',
      ...(clientCertificate === undefined
        ? {}
        : { cert: clientCertificate.certPem, key: clientCertificate.keyPem.reveal() }),
    }),
    rejectUnauthorized: trust.source !== 'insecure-skip-tls-verify',
    servername: isIpAddress(name) ? '' : name, // an address as server name is deprecated (DEP0123)
    checkServerIdentity: (_host, certificate) => checkIdentity(name, certificate),
    ALPNProtocols: ['http/1.1'],
  };
}

/**
 * Whether a certificate is for this name or address; the error says what it is for.
 *
 * Addresses are compared by OpenSSL: `tls.checkServerIdentity` refuses every IPv6 address in Node 22.23, 24.17, 24.18
 * and 26.4 (nodejs/node#64032). May go when those are forgotten.
 */
export function checkIdentity(name: string, certificate: PeerCertificate): Error | undefined {
  if (!isIpAddress(name)) return checkServerIdentity(name, certificate);
  const address = name.replace(/%.*$/u, ''); // a zone is of this host, not of the certificate
  if (new X509Certificate(certificate.raw).checkIP(address) !== undefined) return undefined;
  const error = new Error(`the certificate is not for ${name}`);
  return Object.assign(error, { code: 'ERR_TLS_CERT_ALTNAME_INVALID', cert: certificate, host: name });
}
