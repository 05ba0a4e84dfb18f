import { UnreachableError } from '../model/errors.ts';
import { escapeLine } from '../model/escape.ts';
import { connectTimeoutCode, type ProxyRefusal, type TransportError } from '../transport/transport-error.ts';
import type { CallContext } from './call-context.ts';

export interface ProxyWords {
  readonly reason: string;
  /** Follows the proxy's name. */
  readonly says: string;
  /** It spoke TLS, and is not what it should be. */
  readonly untrusted: boolean;
}

/** The error for a proxy that led nowhere; its password is in none of it. */
export function proxyError(
  { code, proxyAnswer, proxyRefusal = 'other' }: TransportError,
  { cluster, context, doing, proxy = '', proxyLogin, server }: CallContext,
  { reason, says, untrusted }: ProxyWords,
): UnreachableError {
  if (untrusted) {
    return new UnreachableError(`Cannot trust proxy ${proxy}: ${says} (${code})`, {
      reason,
      hint: "As in kubectl, a proxy that speaks TLS is verified like the server: against the cluster's CA, for its tls-server-name",
    });
  }
  const target = `${server} of ${context === null ? `cluster "${cluster}"` : `context "${context}"`}`;
  const what = `Cannot ${doing}: proxy ${proxy}, which should lead to ${target},`;
  if (proxyAnswer === undefined) {
    const shown = code === 'UNKNOWN' || code === connectTimeoutCode ? '' : ` (${code})`;
    return new UnreachableError(`${what} ${says}${shown}`, {
      reason,
      hint: 'Is the proxy running, and its address right?',
    });
  }
  const answer = `${what} answers ${escapeLine(proxyAnswer)}`;
  if (proxyRefusal !== 'login')
    return new UnreachableError(answer, { reason: 'ProxyRefused', hint: hints[proxyRefusal] });
  return new UnreachableError(answer, {
    reason: 'ProxyAuthenticationRequired',
    hint:
      proxyLogin === true
        ? "Name and password of the proxy's URL were refused: are they right, and special characters in them encoded (%40 for @)?"
        : "Name and password stand in the proxy's URL: http://NAME:PASSWORD@HOST:PORT",
  });
}

const hints: Readonly<Record<Exclude<ProxyRefusal, 'login'>, string>> = {
  forbidden:
    'Whoever runs the proxy has to allow this server and its port; one that is reached without it belongs in NO_PROXY, or has no proxy-url',
  unreachable: 'Is the server running, and can its name be resolved and its port be reached from where the proxy is?',
  redirect: 'Is it a proxy, or the login page of a network? A proxy itself leads nowhere else',
  other: 'Is it a proxy, of the kind that its URL says (http, https or socks5), and its address right?',
};
