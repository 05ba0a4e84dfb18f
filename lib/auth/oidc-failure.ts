import type { AuthProvider } from '../model/cluster-access.ts';
import { CredentialError, KubeSaTokenError } from '../model/errors.ts';
import { escapeLine } from '../model/escape.ts';

/** Who was asked last, and by which proxy. */
export interface Asked {
  readonly provider: string;
  readonly proxy: string;
}

/** `identity provider https://idp.test`: no more of its URL, which may have a password in it. */
export function providerOf(config: AuthProvider['config']): string {
  const url = config['idp-issuer-url']?.reveal() ?? '';
  return named(URL.canParse(url) ? new URL(url).origin : undefined);
}

export function named(origin: string | undefined): string {
  return `identity provider${origin === undefined || origin === 'null' ? '' : ` ${escapeLine(origin)}`}`;
}

export function failure(who: string, why: string, hint?: string): CredentialError {
  return new CredentialError(`Cannot refresh the id-token of ${who}: ${why}`, { reason: 'RefreshFailed', hint });
}

export function unusable(who: string, why: string): CredentialError {
  const hint = 'Does idp-issuer-url of the auth-provider name the identity provider, and no page to log in or proxy?';
  return failure(who, `the identity provider gave no answer that can be used (${why})`, hint);
}

export const isItThere = 'Is it running, a VPN off, or idp-issuer-url of the auth-provider no longer right?';

/** The error that a failure on the way stands for. */
export function explained(error: unknown, who: string, { provider, proxy }: Asked): unknown {
  if (error instanceof KubeSaTokenError) return error;
  const { atProxy = false, code = '' } = error as { atProxy?: boolean; code?: string };
  if (code.startsWith('OAUTH_')) return unusable(who, escapeLine(code));
  const why = code === '' ? '' : ` (${escapeLine(code)})`;
  if (atProxy) {
    const hint = 'Is the proxy running, and its address right?';
    return failure(who, `proxy ${proxy} does not lead to the ${provider}${why}`, hint);
  }
  const hint = certificateHints.find(([codes]) => codes.test(code))?.[1] ?? isItThere;
  return failure(who, `the ${provider} cannot be asked${why}`, hint);
}

const certificateHints: readonly (readonly [codes: RegExp, hint: string])[] = [
  [
    /^(?:UNABLE_TO|SELF_SIGNED|DEPTH_ZERO)/u,
    'idp-certificate-authority of the auth-provider names the file with the CA of the identity provider',
  ],
  [
    /CERT|^INVALID_|^UNSPECIFIED$/u,
    'Its certificate is refused: has it to be renewed, or is the clock of this machine wrong?',
  ],
];
