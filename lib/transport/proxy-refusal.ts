import { proxyAnswerCode, type ProxyRefusal } from './transport-error.ts';

/** The error for a status other than 200 to a CONNECT, with the proxy's text, which is not escaped. */
export function httpRefusal(status: number, text: string): Error {
  return refusal(`${status} ${text}`.trim(), kindOfStatus(status));
}

function kindOfStatus(status: number): ProxyRefusal {
  if (status === 407) return 'login';
  if (status === 403) return 'forbidden';
  if (status >= 500) return 'unreachable';
  return status >= 300 && status < 400 ? 'redirect' : 'other';
}

/** Replies of RFC 1928 by the names that the package `socks` has for them, in words that follow "answers". */
const replies: Readonly<Record<string, readonly [words: string, kind: ProxyRefusal]>> = {
  Failure: ['that it failed, without a reason', 'unreachable'],
  NotAllowed: ['that its rules do not allow this connection', 'forbidden'],
  NetworkUnreachable: ['that the network of the server is unreachable', 'unreachable'],
  HostUnreachable: ['that the server is unreachable', 'unreachable'],
  ConnectionRefused: ['that the server refuses connections', 'unreachable'],
  TTLExpired: ['that the server is too far away (TTL expired)', 'unreachable'],
  CommandNotSupported: ['that it makes no connections (command not supported)', 'other'],
  AddressNotSupported: ['that it takes no addresses of this kind', 'other'],
};

/** The error for what the package says of an answer of a SOCKS proxy. */
export function socksRefusal(message: string): Error {
  if (/Socket closed|ECONNRESET/u.test(message)) return Object.assign(new Error(message), { code: 'ECONNRESET' });
  if (message.includes('no accepted authentication')) {
    return refusal('that it takes no authentication of those offered', 'login');
  }
  if (message.includes('Authentication failed')) return refusal('that the authentication failed', 'login');
  const [, reply = ''] = /^Socks5 proxy rejected connection - (\w+)$/u.exec(message) ?? [];
  const isSocks = reply === '' && !message.startsWith('Received invalid Socks5');
  const [words, kind] = replies[reply] ?? [isSocks ? message : 'with something that is not SOCKS5', 'other'];
  return refusal(words, kind);
}

function refusal(proxyAnswer: string, proxyRefusal: ProxyRefusal): Error {
  return Object.assign(new Error('the proxy refuses'), { code: proxyAnswerCode, proxyAnswer, proxyRefusal });
}
