import type { AuthProvider } from '../model/cluster-access.ts';
import { CredentialError, UsageError } from '../model/errors.ts';
import { escapeLine } from '../model/escape.ts';
import { BearerToken, type SecretText } from '../model/secret-text.ts';
import { bearerHeader } from './bearer.ts';
import type { RefreshedTokens } from './oidc-refresh.ts';
import { providerTrust } from './oidc-trust.ts';
import type { PluginHost } from './plugin-host.ts';

/** Milliseconds that an id-token must still be valid for (client-go: plugin/pkg/client/auth/oidc). */
const leastLifeMs = 10_000;

/**
 * The Authorization header of `auth-provider: oidc`: its id-token, or the one that the identity provider gives for the
 * refresh-token once that has expired; asked for once for all who wait.
 *
 * @param provider One that `requireProvider()` lets pass.
 */
export function oidcHeader(
  { config, file }: AuthProvider,
  { user, host }: { user: string; host: PluginHost },
): (signal?: AbortSignal) => Promise<string> {
  const who = describe(user);
  let idToken = textOf(config['id-token']);
  let refreshToken = textOf(config['refresh-token']);
  let running: Promise<void> | undefined;
  const refresh = async (signal: AbortSignal | undefined) => {
    const { refreshTokens } = await import('./oidc-refresh.ts');
    const given: RefreshedTokens = await refreshTokens({ config, file, user, who, refreshToken, host, signal });
    ({ idToken, refreshToken } = given);
  };
  return async (signal) => {
    if (!isValid(idToken, host.now(), who)) {
      if (refreshToken === '') {
        throw new CredentialError(
          `Cannot use ${who}: ${idToken === '' ? 'it has no id-token' : 'its id-token has expired'}, and there is no refresh-token`,
          { reason: 'CredentialExpired', hint: 'Log in again with what made this kubeconfig' },
        );
      }
      running ??= refresh(signal).finally(() => (running = undefined));
      await running;
    }
    return bearerHeader(new BearerToken(idToken), `id-token of ${who}`);
  };
}

function isValid(idToken: string, now: number, who: string): boolean {
  if (idToken === '') return false;
  const parts = idToken.split('.');
  try {
    if (parts.length !== 3) throw new TypeError('no JWT');
    const { exp } = JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString('utf8')) as { exp?: unknown };
    return typeof exp === 'number' && now + leastLifeMs < exp * 1000;
  } catch {
    throw new UsageError(`Cannot use ${who}: its id-token is no JWT`, { reason: 'AuthProviderInvalid' });
  }
}

function describe(user: string): string {
  return `auth-provider oidc of user "${escapeLine(user)}"`;
}

function textOf(value: SecretText | undefined): string {
  return value?.reveal() ?? '';
}

/** What took the place of the providers that left client-go in 1.26. */
const successors: Readonly<Record<string, string>> = {
  gcp: 'gke-gcloud-auth-plugin takes its place: install it, then gcloud container clusters get-credentials writes the entry anew',
  azure: 'kubelogin takes its place: kubelogin convert-kubeconfig rewrites the entry',
};

function providerGone({ name }: AuthProvider, user: string): UsageError {
  const hint = Object.hasOwn(successors, name) ? successors[name] : 'client-go knows oidc alone';
  const why = Object.hasOwn(successors, name) ? 'Kubernetes has removed it' : 'there is none of this name';
  return new UsageError(`Cannot use auth-provider "${escapeLine(name)}" of user "${escapeLine(user)}": ${why}`, {
    reason: 'AuthProviderUnknown',
    hint,
  });
}

/**
 * Refuses an auth-provider that client-go could not make, and for which it sends nothing, not even the credential that
 * stands beside it and would have been sent instead (rest/plugin.go; plugin/pkg/client/auth).
 *
 * @throws {UsageError} It is another one than oidc, or its configuration lacks something.
 */
export async function requireProvider(provider: AuthProvider, user: string): Promise<void> {
  const { config, name } = provider;
  if (name !== 'oidc') throw providerGone(provider, user);
  const who = describe(user);
  for (const field of ['idp-issuer-url', 'client-id']) {
    if (textOf(config[field]) === '') {
      throw new UsageError(`Cannot use ${who}: it has no ${field}`, { reason: 'AuthProviderInvalid' });
    }
  }
  await providerTrust(config, who);
}
