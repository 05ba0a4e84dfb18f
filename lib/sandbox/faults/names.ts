/** The ways in which a sandbox can be broken, and what each does. Loads nothing, so that a help can list them. */
export const faultNames = {
  'controller-off': 'the token controller does not run: a token Secret stays empty',
  'slow-controller': 'the token controller fills a Secret only after two seconds',
  'account-deleted': 'a ServiceAccount is deleted as soon as a token Secret for it is made',
  'no-ca': 'the token controller puts no ca.crt into a Secret',
  'bogus-token': 'what the token controller puts into a Secret is no token',
  'foreign-token': 'the token controller signs with a key that the API server does not know: each token gets 401',
  'clamped-expiry': 'no TokenRequest is granted more than an hour, as by --service-account-max-token-expiration',
  'flapping-401': 'each token is refused three times before it is accepted, as by servers whose caches lag behind',
  'too-many-requests': 'every request gets 429 in plain text, with Retry-After',
  'error-page': 'what makes an object is done, but a gateway answers for it with 500 and an HTML page',
  'login-page': 'every request gets 200 and the HTML page of a login',
  redirect: 'every request is redirected to a login elsewhere',
  truncated: 'the answers to what makes an object, and to lists, end half-way',
  'split-chunks': 'every answer comes in pieces of seven bytes, cut within characters and lines',
  'reset-watch': 'the first watch is cut within a line',
  'expired-watch': 'every watch is told 410 in its stream: its resourceVersion is too old',
  'gone-watch': 'every watch is answered with 410 over HTTP',
  'held-watch': 'a watch is never answered: what stands between holds its headers back',
  'idle-watch': 'a watch is answered, and never hears of anything',
  'expired-certificate': 'the certificate of the server ran out a day ago',
  'other-ca': 'the certificate of the server is from an authority that the kubeconfig does not name',
  'wrong-name': 'the certificate of the server is for another name',
  'terminal-escapes': 'names, messages and warnings hold escape sequences for terminals',
  'large-lists': '600 token Secrets and 1200 ConfigMaps in "default", and a list expires after its first page',
} as const;

export type FaultName = keyof typeof faultNames;

/** Whether there is a fault of this name. */
export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(faultNames, name);
}
