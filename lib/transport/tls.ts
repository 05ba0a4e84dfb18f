import { type ConnectionOptions, createSecureContext } from 'node:tls';
import type { SecretText } from '../model/secret-text.ts';
import { checkIdentity, sentServerName } from './server-identity.ts';
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
 * Options for a TLS connection. All that decides about trust is set: `trust` alone says which roots and which
 * environment variables count. How short a key may be is left to Node's OpenSSL.
 */
export function tlsOptions({ host, trust, tlsServerName, clientCertificate }: TlsSettings): ConnectionOptions {
  const name = tlsServerName ?? host;
  return {
    secureContext: createSecureContext({
      ca: [...(trust.roots ?? [])],
      // Go accepts any certificate of a CA bundle as the end of a chain, an intermediate one too.
      allowPartialTrustChain: true,
      minVersion: 'TLSv1.2',
      ...(clientCertificate === undefined ? {} : credentialsOf(clientCertificate)),
    }),
    rejectUnauthorized: trust.source !== 'insecure-skip-tls-verify',
    servername: sentServerName(name),
    checkServerIdentity: (_host, certificate) => checkIdentity(name, certificate),
    ALPNProtocols: ['http/1.1'],
  };
}

/**
 * Why OpenSSL cannot use a client certificate, before anything is connected: its words (`ee key too small`), which are
 * without what is in it. Undefined if it can.
 */
export function clientCertificateRefusal(clientCertificate: ClientCertificate): string | undefined {
  try {
    createSecureContext({ ca: [], ...credentialsOf(clientCertificate) }); // without `ca`, Node would load its roots
    return undefined;
  } catch (error) {
    const { message, reason } = error as Error & { reason?: string };
    return reason ?? message;
  }
}

function credentialsOf({ certPem, keyPem }: ClientCertificate): { cert: string; key: string } {
  return { cert: certPem, key: keyPem.reveal() };
}
