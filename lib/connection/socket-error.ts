import { UnreachableError } from '../model/errors.ts';
import { escapeLine } from '../model/escape.ts';
import { renderDuration } from '../system/duration.ts';
import { connectTimeoutCode, type TransportError } from '../transport/transport-error.ts';
import { type CallContext, describeCall } from './call-context.ts';
import { proxyError } from './proxy-error.ts';

interface Words {
  readonly reason: string;
  /** Follows the server's name. */
  readonly says: string;
  readonly hint?: string;
}

/**
 * The error that a failure below HTTP stands for.
 *
 * @param connectTimeoutMs The limit that was in force, for the message.
 */
export function socketError(error: TransportError, context: CallContext, connectTimeoutMs: number): UnreachableError {
  const untrusted = untrustedWords(error, context);
  if (error.atProxy) {
    const words = untrusted ?? failureWords(error, context, connectTimeoutMs);
    return proxyError(error, context, { ...words, untrusted: untrusted !== undefined });
  }
  if (untrusted !== undefined) {
    const { hint, reason, says } = untrusted;
    const through = context.proxy === undefined ? '' : ` through proxy ${context.proxy}`;
    const message = `Cannot trust ${context.server} of cluster "${context.cluster}"${through}: ${says} (${error.code})`;
    return new UnreachableError(message, { reason, hint });
  }
  const { hint, reason, says } = failureWords(error, context, connectTimeoutMs);
  const code = error.code === connectTimeoutCode || error.code === 'UNKNOWN' ? '' : ` (${error.code})`;
  return new UnreachableError(`${describeCall(context)} ${says}${code}`, {
    reason,
    hint,
  });
}

/** Says no more than what `list-clusters --probe` has to say itself. */
export const probeHint = 'list-clusters --probe shows what the server presents';

/** Codes of OpenSSL's verification (node: doc/api/tls.md, X509 certificate error codes). */
function untrustedWords(
  { certificateNames, code, expectedName, message }: TransportError,
  { trust }: CallContext,
): Words | undefined {
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return { reason: 'CertificateExpired', says: 'its certificate has expired', hint: probeHint };
    case 'CERT_NOT_YET_VALID':
      return {
        reason: 'CertificateNotYetValid',
        says: 'its certificate is not valid yet',
        hint: 'Is the clock of this machine right?',
      };
    case 'ERR_TLS_CERT_ALTNAME_INVALID': {
      const names = escapeLine(certificateNames ?? '');
      return {
        reason: 'CertificateForOtherName',
        says: `its certificate is ${names === '' ? 'for no DNS name and no address' : `for ${names}`}, not for "${escapeLine(expectedName ?? '')}"`,
        hint:
          names === ''
            ? 'A common name does not count, as with kubectl: it needs a certificate with a subjectAltName'
            : 'If it is the same cluster, --tls-server-name names one of these',
      };
    }
    case 'ERR_TLS_CERT_ALTNAME_FORMAT':
      return {
        reason: 'CertificateForOtherName',
        says: `its certificate has a malformed name, ${escapeLine(certificateNames ?? '')}, with which kubectl refuses it too`,
        hint: probeHint,
      };
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'CERT_SIGNATURE_FAILURE':
    case 'CERT_UNTRUSTED':
    case 'CERT_REJECTED':
      return {
        reason: 'CertificateNotTrusted',
        says: authorityMissing[trust] ?? 'its authority is not known',
        hint: probeHint,
      };
    case 'INVALID_PURPOSE':
      return {
        reason: 'CertificateForOtherPurpose',
        says: 'its certificate, or an authority of it, is not meant for servers',
        hint: 'It has to be issued anew: for serverAuth (extended key usage) and digitalSignature (key usage), by what is an authority (CA:TRUE)',
      };
    case 'INVALID_CA':
      return {
        reason: 'CertificateNotTrusted',
        says: 'its certificate was issued by what is no authority',
        hint: 'It has to be issued anew, by what is an authority (CA:TRUE)',
      };
    case 'PATH_LENGTH_EXCEEDED':
      return {
        reason: 'CertificateNotTrusted',
        says: 'between it and an authority of it are more authorities than that one allows',
        hint: 'It has to be issued anew: by an authority further up, or below one with another path length constraint',
      };
    // Node has no code for it, but OpenSSL's words: "CA signature digest algorithm too weak" of one signed with SHA-1
    case 'UNSPECIFIED':
      return {
        reason: 'CertificateNotTrusted',
        says: `its certificate is refused by OpenSSL: ${escapeLine(message)}`,
        hint: message.endsWith('too weak') ? 'It has to be issued anew, with SHA-256 and a longer key' : probeHint,
      };
    default:
      return undefined;
  }
}

const authorityMissing: Readonly<Record<string, string>> = {
  'certificate-authority-data': 'certificate-authority-data does not contain its authority',
  'certificate-authority': 'the file named by certificate-authority does not contain its authority',
  'token-secret': 'the ca.crt of the token Secret does not contain its authority',
  system: "neither Node's roots nor the operating system's contain its authority, and no CA is named for it",
};

function failureWords(
  { code, rawAnswer, stage }: TransportError,
  { server }: CallContext,
  connectTimeoutMs: number,
): Words {
  if (stage === 'body') return { reason: 'ConnectionReset', says: 'broke off in the middle of its answer' };
  if (isTlsRecord(rawAnswer))
    return {
      reason: 'TlsOnPlainHttpPort',
      says: 'speaks TLS, not plain http',
      hint: 'Its address begins with https://',
    };
  if (code.startsWith('HPE_')) return { reason: 'NotHttp', says: 'answers with something that is not HTTP' };
  if (code.startsWith('ERR_SSL_') || code === 'EPROTO') return tlsWords(code);
  const closed: Words = {
    reason: 'ConnectionReset',
    says: 'closed the connection without an answer',
    ...(server.startsWith('http://') ? { hint: 'If it speaks TLS, its address begins with https://' } : {}),
  };
  const known: Readonly<Record<string, Words>> = {
    [connectTimeoutCode]: {
      reason: 'ConnectTimeout',
      says: `did not complete a connection within ${renderDuration(connectTimeoutMs)}`,
      hint: 'Is a VPN off, or a firewall in the way?',
    },
    ECONNREFUSED: {
      reason: 'ConnectionRefused',
      says: 'refuses connections',
      hint: 'Is the cluster running, and its address still the same?',
    },
    ENOTFOUND: {
      reason: 'NameNotFound',
      says: 'has a name that does not resolve',
      hint: 'Is a VPN off, or the name misspelt?',
    },
    EAI_AGAIN: {
      reason: 'NameServerFailed',
      says: 'has a name that no name server resolves now',
      hint: 'Is the network up?',
    },
    ETIMEDOUT: {
      reason: 'ConnectTimeout',
      says: 'did not answer in time',
      hint: 'Is a VPN off, or a firewall in the way?',
    },
    EHOSTUNREACH: { reason: 'HostUnreachable', says: 'cannot be reached from here', hint: 'Is a VPN off?' },
    ENETUNREACH: { reason: 'HostUnreachable', says: 'cannot be reached from here', hint: 'Is the network up?' },
    ECONNRESET: closed,
    EPIPE: closed,
  };
  return known[code] ?? { reason: 'ConnectionFailed', says: 'cannot be talked to' };
}

/** First bytes of a TLS record: an alert, or a handshake. */
function isTlsRecord(bytes: Buffer | undefined): boolean {
  return bytes !== undefined && (bytes[0] === 0x15 || bytes[0] === 0x16) && bytes[1] === 0x03;
}

function tlsWords(code: string): Words {
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/u.test(code)) {
    return {
      reason: 'PlainHttpOnTlsPort',
      says: 'does not speak TLS',
      hint: 'Is the port right? Something else may listen there',
    };
  }
  if (/UNSUPPORTED_PROTOCOL|ALERT_PROTOCOL_VERSION/u.test(code)) {
    return { reason: 'TlsTooOld', says: 'speaks no TLS from 1.2 on' };
  }
  if (
    /ALERT_(?:CERTIFICATE|BAD_CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED|HANDSHAKE_FAILURE)|CERTIFICATE_REQUIRED/u.test(code)
  ) {
    return {
      reason: 'ClientCertificateRefused',
      says: 'ends the TLS handshake: it may want another client certificate',
    };
  }
  return { reason: 'TlsFailed', says: 'fails in the TLS handshake' };
}
