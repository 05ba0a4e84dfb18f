import * as oauth from 'oauth4webapi';
import type { AuthProvider } from '../model/cluster-access.ts';
import { CredentialError } from '../model/errors.ts';
import { chooseProxy } from '../transport/proxy.ts';
import { createTransport } from '../transport/transport.ts';
import { systemTrust } from '../transport/trust.ts';
import { type Asked, explained, failure, named, providerOf, unusable } from './oidc-failure.ts';
import { providerTrust } from './oidc-trust.ts';
import type { PluginHost } from './plugin-host.ts';

export interface GrantInput extends Pick<AuthProvider, 'config'> {
  /** For messages. */
  readonly who: string;
  readonly refreshToken: string;
  readonly host: PluginHost;
}

/** What the token endpoint answered, where that says so: nothing of it is judged here. */
export interface Granted {
  readonly accessToken: string | undefined;
  readonly idToken: string | undefined;
  readonly refreshToken: string | undefined;
}

/**
 * Asks the identity provider for what the refresh-token is good for, as client-go does: it needs no more of the discovery
 * than the token endpoint, and tries the other way to name the client where the first is refused (golang.org/x/oauth2:
 * internal/token.go).
 *
 * @throws {CredentialError} The provider refuses, or gives no answer that can be read.
 */
export async function requestGrant(input: GrantInput, signal: AbortSignal): Promise<Granted> {
  const { config, refreshToken, who } = input;
  const text = (name: string) => config[name]?.reveal() ?? '';
  const client: oauth.Client = { client_id: text('client-id') };
  let asked: Asked = { provider: providerOf(config), proxy: '' };
  const options = { [oauth.customFetch]: await fetchOver(input, (found) => (asked = found)), signal };
  try {
    const issuer = new URL(text('idp-issuer-url'));
    const discovery = await readJson(await oauth.discoveryRequest(issuer, { ...options, algorithm: 'oidc' }), who);
    const token_endpoint = stringAt(discovery, 'token_endpoint');
    if (token_endpoint === undefined) throw unusable(who, 'its discovery names no token_endpoint');
    const server: oauth.AuthorizationServer = { issuer: issuer.href, token_endpoint };
    const ask = async (auth: oauth.ClientAuth) => {
      const response = await oauth.refreshTokenGrantRequest(server, client, auth, refreshToken, options);
      return grantedBy(await readJson(response, who), who);
    };
    const [first, second] = waysToName(text('client-secret'));
    return await ask(first).catch(async (refused: unknown) => {
      if (!(refused instanceof CredentialError)) throw refused;
      const isOfClient = refused.message.includes('(invalid_client)');
      return ask(second).catch((error: unknown) => {
        throw isOfClient ? error : refused; // what is said of the login is worth more
      });
    });
  } catch (error) {
    signal.throwIfAborted();
    throw explained(error, who, asked);
  }
}

/** In the header before in the body; without a secret the other way, since hardly anybody wants an empty one. */
function waysToName(secret: string): readonly [oauth.ClientAuth, oauth.ClientAuth] {
  if (secret !== '') return [oauth.ClientSecretBasic(secret), oauth.ClientSecretPost(secret)];
  const emptySecret: oauth.ClientAuth = (_, { client_id }, __, headers) =>
    headers.set('authorization', `Basic ${btoa(`${encodeURIComponent(client_id)}:`)}`);
  return [oauth.None(), emptySecret];
}

function grantedBy(body: Readonly<Record<string, unknown>>, who: string): Granted {
  const error = body['error'];
  if (error !== undefined && error !== null && error !== '') throw refusal(error, who);
  return {
    accessToken: stringAt(body, 'access_token'),
    idToken: stringAt(body, 'id_token'),
    refreshToken: stringAt(body, 'refresh_token'),
  };
}

/** Of a refusal only the provider's error code is shown: the rest may hold pieces of what was sent. */
function refusal(error: unknown, who: string): CredentialError {
  const code = typeof error === 'string' && /^[a-z_]{1,40}$/u.test(error) ? error : 'an error';
  const hint = 'Log in again with what made this kubeconfig';
  return failure(who, `the identity provider refuses the refresh-token (${code})`, hint);
}

async function readJson(response: Response, who: string): Promise<Readonly<Record<string, unknown>>> {
  const body: unknown = await response.json().catch(() => undefined);
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
  if (!response.ok) {
    const error = isObject ? (body as { error?: unknown }).error : undefined;
    throw typeof error === 'string' ? refusal(error, who) : unusable(who, `HTTP status ${response.status}`);
  }
  if (!isObject) throw unusable(who, 'it is not JSON');
  return body as Readonly<Record<string, unknown>>;
}

function stringAt(body: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = body[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** `fetch` over our own transport: with the provider's CA, through the environment's proxy, no redirect followed. */
async function fetchOver({ config, host, who }: GrantInput, onAsk: (asked: Asked) => void) {
  const trust = (await providerTrust(config, who)) ?? systemTrust(host.env);
  return async (
    url: string,
    { body, headers, method, signal }: oauth.CustomFetchOptions<string, URLSearchParams | undefined>,
  ): Promise<Response> => {
    const { origin, pathname, search } = new URL(url);
    const proxy = chooseProxy({ name: 'identity provider', server: origin, insecureSkipTlsVerify: false }, host.env);
    onAsk({ provider: named(origin), proxy: proxy?.description ?? '' });
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
