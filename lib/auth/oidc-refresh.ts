import { realpath } from 'node:fs/promises';
import * as oauth from 'oauth4webapi';
import { replaceProviderConfig } from '../kubeconfig/replace-values.ts';
import type { AuthProvider } from '../model/cluster-access.ts';
import { CredentialError, KubeSaTokenError } from '../model/errors.ts';
import { escapeLine } from '../model/escape.ts';
import { withDeadline } from '../system/deadline.ts';
import { fileReason } from '../system/file-reason.ts';
import { takeLock } from '../system/lock-file.ts';
import { prepareOutputFile } from '../system/output-file.ts';
import { chooseProxy } from '../transport/proxy.ts';
import { createTransport } from '../transport/transport.ts';
import { systemTrust } from '../transport/trust.ts';
import { providerTrust } from './oidc-trust.ts';
import type { PluginHost } from './plugin-host.ts';

export interface RefreshedTokens {
  readonly idToken: string;
  readonly refreshToken: string;
}

export interface RefreshInput extends Pick<AuthProvider, 'config' | 'file'> {
  readonly user: string;
  /** For messages. */
  readonly who: string;
  readonly refreshToken: string;
  readonly host: PluginHost;
  readonly signal: AbortSignal | undefined;
}

/** Milliseconds for discovery and grant. */
const limitMs = 30_000;

/**
 * Asks the identity provider for another id-token. kubectl writes it into the kubeconfig each time; here that is done
 * only where the provider gives another refresh-token with it, for the old one is worth nothing then: under kubectl's
 * lock, which is taken first, and nothing but the two values changes.
 *
 * @throws {CredentialError} The provider refuses, cannot be reached, or its refresh-token cannot be saved.
 */
export async function refreshTokens(input: RefreshInput): Promise<RefreshedTokens> {
  const { file, host, refreshToken, signal, user, who } = input;
  const target = await realpath(file).catch(() => file);
  let unlock: (() => Promise<void>) | undefined;
  let unlockable: unknown;
  try {
    unlock = await takeLock(target);
  } catch (error) {
    unlockable = error; // it counts only if something has to be written
  }
  const reason = () => failure(who, 'the identity provider did not answer within 30s');
  try {
    const given = await withDeadline(limitMs, { signal, reason }, (limited) => grant(input, limited));
    const next = given.refresh_token ?? refreshToken;
    if (given.id_token === undefined) {
      throw failure(who, 'the identity provider gave no id_token: the login has to ask for the scope openid');
    }
    const tokens = { idToken: given.id_token, refreshToken: next };
    if (next === refreshToken) return tokens;
    if (unlock === undefined) throw notSaved(who, target, unlockable);
    try {
      const values = { 'id-token': tokens.idToken, 'refresh-token': tokens.refreshToken };
      const text = await replaceProviderConfig(target, user, values);
      if (text === undefined) throw notSaved(who, target, undefined);
      await (await prepareOutputFile(target, { cwd: '/', random: host.random })).write(text);
    } catch (error) {
      throw error instanceof CredentialError ? error : notSaved(who, target, error);
    }
    return tokens;
  } finally {
    await unlock?.();
  }
}

async function grant(input: RefreshInput, signal: AbortSignal): Promise<oauth.TokenEndpointResponse> {
  const { config, refreshToken, who } = input;
  const text = (name: string) => config[name]?.reveal() ?? '';
  const client: oauth.Client = { client_id: text('client-id') };
  const secret = text('client-secret');
  const options = { [oauth.customFetch]: await fetchOver(input), signal };
  try {
    const issuer = new URL(text('idp-issuer-url'));
    const discovery = await oauth.discoveryRequest(issuer, { ...options, algorithm: 'oidc' });
    const server = await oauth.processDiscoveryResponse(issuer, discovery);
    const ask = async (auth: oauth.ClientAuth) =>
      oauth.processRefreshTokenResponse(
        server,
        client,
        await oauth.refreshTokenGrantRequest(server, client, auth, refreshToken, options),
      );
    if (secret === '') return await ask(oauth.None());
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    return await ask(
      methods.includes('client_secret_basic') ? oauth.ClientSecretBasic(secret) : oauth.ClientSecretPost(secret),
    );
  } catch (error) {
    signal.throwIfAborted();
    throw explained(error, who);
  }
}

/** `fetch` over our own transport: with the provider's CA, through the environment's proxy, no redirect followed. */
async function fetchOver({ config, host, who }: RefreshInput) {
  const trust = (await providerTrust(config, who)) ?? systemTrust(host.env);
  return async (
    url: string,
    { body, headers, method, signal }: oauth.CustomFetchOptions<string, URLSearchParams | undefined>,
  ): Promise<Response> => {
    const { origin, pathname, search } = new URL(url);
    const proxy = chooseProxy({ name: 'identity provider', server: origin, insecureSkipTlsVerify: false }, host.env);
    const transport = await createTransport({
      server: origin,
      trust,
      proxy: proxy && { ...proxy, trust: systemTrust(host.env) },
    });
    try {
      const sent = { method, path: `${pathname}${search}`, headers, body: body?.toString(), replayable: false, signal };
      const answer = await transport.exchange(sent);
      const chunks: Uint8Array[] = [];
      for await (const chunk of answer.body) chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      return new Response(bytes.length === 0 ? null : bytes, { status: answer.status, headers: answer.headers });
    } finally {
      transport.close();
    }
  };
}

/** What the library says may hold pieces of an answer: of those only the provider's error code is shown. */
function explained(error: unknown, who: string): unknown {
  if (error instanceof KubeSaTokenError) return error;
  if (error instanceof oauth.ResponseBodyError) {
    const code = /^[a-z_]{1,40}$/u.test(error.error) ? error.error : 'an error';
    return failure(
      who,
      `the identity provider refuses the refresh-token (${code})`,
      'Log in again with what made this kubeconfig',
    );
  }
  const { code = '' } = error as { code?: string };
  const what = code.startsWith('OAUTH_') ? 'gave no answer that can be used' : 'cannot be asked';
  return failure(who, `the identity provider ${what}${code === '' ? '' : ` (${escapeLine(code)})`}`);
}

function failure(who: string, why: string, hint?: string): CredentialError {
  return new CredentialError(`Cannot refresh the id-token of ${who}: ${why}`, { reason: 'RefreshFailed', hint });
}

function notSaved(who: string, file: string, cause: unknown): CredentialError {
  const { code } = (cause ?? {}) as NodeJS.ErrnoException;
  const why =
    code === 'EEXIST'
      ? 'somebody else has its lock'
      : cause === undefined
        ? 'it has changed meanwhile'
        : fileReason(cause);
  return new CredentialError(
    `Cannot save the new refresh-token of ${who} in "${escapeLine(file)}": ${why}; the one before may not be valid any more`,
    { reason: 'RefreshNotSaved', hint: 'Log in again with what made this kubeconfig' },
  );
}
