import type { ExecPlugin, KubeconfigUser } from '../model/cluster-access.ts';
import { UsageError } from '../model/errors.ts';
import { escapeLine } from '../model/escape.ts';
import { unlessAborted } from '../system/deadline.ts';
import { basicHeader } from './basic.ts';
import { bearerHeader } from './bearer.ts';
import { clientCertificateOf } from './client-certificate.ts';
import { anonymousIdentity, type Identity } from './identity.ts';
import { impersonatingIdentity } from './impersonation.ts';
import type { PluginHost } from './plugin-host.ts';
import { tokenFileHeader } from './token-file.ts';

/**
 * The identity that a kubeconfig's user stands for, as client-go reads it: a client certificate goes along with a
 * token or a password; a token file wins over a token; `exec` is not run where one of them is there.
 *
 * @param plugins Runs credential plugins, when a credential is asked for; without it they are refused.
 * @throws {UsageError} Names the field: it would have to be acted on and cannot be, or two fields contradict each other.
 */
export function identityOf(user: KubeconfigUser, plugins?: PluginHost): Identity {
  return impersonated(authenticatingIdentity(user, plugins), user);
}

/**
 * The same user over plain http, where no credential is sent: client-go impersonates there as well, for a proxy that
 * adds the credential.
 */
export function identityWithoutCredential(user: KubeconfigUser): Identity {
  return impersonated(anonymousIdentity, user);
}

/** Adds what `user` impersonates, if anything, to another identity. */
export function impersonated(identity: Identity, { impersonate }: Pick<KubeconfigUser, 'impersonate'>): Identity {
  return impersonate === undefined ? identity : impersonatingIdentity(identity, impersonate);
}

function authenticatingIdentity(user: KubeconfigUser, plugins: PluginHost | undefined): Identity {
  const authorization = withProvider(user, authorizationOf(user), plugins);
  const hasCertificate = user.clientCertificate !== undefined;
  if (user.exec !== undefined && authorization === undefined && !hasCertificate) {
    if (plugins === undefined) throw notSupported(user.name, 'exec', 'run a credential plugin here');
    return execIdentity(user.name, user.exec, plugins);
  }
  if (authorization === undefined && !hasCertificate) return anonymousIdentity;
  return {
    description: `user "${escapeLine(user.name)}"`,
    headers: async (signal) => (authorization === undefined ? {} : { authorization: await authorization(signal) }),
    clientCertificate: clientCertificateOf(user),
  };
}

function authorizationOf(user: KubeconfigUser): Header | undefined {
  const { name, password, token, tokenFile, username = '' } = user;
  const hasToken = token !== undefined || tokenFile !== undefined;
  const isBasic = username !== '';
  if (hasToken && isBasic) {
    throw new UsageError(`Cannot use user "${escapeLine(name)}" of the kubeconfig: it has a token and a username`, {
      reason: 'CredentialAmbiguous',
    });
  }
  if (tokenFile !== undefined) return tokenFileHeader(user, tokenFile);
  if (token !== undefined) {
    const header = bearerHeader(token, `token of user "${escapeLine(name)}"`);
    return () => Promise.resolve(header);
  }
  return isBasic ? () => Promise.resolve(basicHeader(username, password)) : undefined;
}

/** client-go runs `exec` only where nothing else authenticates (plugin/pkg/client/auth/exec). Its code is loaded then. */
function execIdentity(user: string, exec: ExecPlugin, host: PluginHost): Identity {
  let loaded: ReturnType<typeof load> | undefined;
  const load = async () => (await import('./exec-plugin.ts')).sharedCredentials(exec, { user, host });
  const credentials = () => (loaded ??= load());
  return {
    description: `user "${escapeLine(user)}"`,
    headers: async (signal) => (await credentials()).headers(signal),
    clientCertificate: async (signal) => (await credentials()).clientCertificate(signal),
    refresh: async (refused, signal) => (await credentials()).refresh(refused, signal),
  };
}

type Header = (signal?: AbortSignal) => Promise<string>;

/**
 * client-go makes the auth-provider in any case, and sends nothing where it cannot; it lets it add its header wherever
 * there is none yet, beside a client certificate too.
 *
 * @param own The header of another credential.
 */
function withProvider(
  { authProvider, name }: KubeconfigUser,
  own: Header | undefined,
  host: PluginHost | undefined,
): Header | undefined {
  if (authProvider === undefined) return own;
  const header = own ?? host;
  if (header === undefined) throw notSupported(name, 'auth-provider', 'act on an auth-provider here');
  let loaded: Promise<Header> | undefined;
  const load = async (): Promise<Header> => {
    const { oidcHeader, requireProvider } = await import('./oidc.ts');
    await requireProvider(authProvider, name);
    return typeof header === 'function' ? header : oidcHeader(authProvider, { user: name, host: header });
  };
  return async (signal) => (await unlessAborted((loaded ??= load()), signal))(signal);
}

function notSupported(name: string, field: string, what: string): UsageError {
  const shown = escapeLine(name);
  return new UsageError(
    `Cannot connect as user "${shown}": users["${shown}"].user.${field} is set, and this version cannot ${what}`,
    {
      reason: 'CredentialNotSupported',
      hint: 'Name another user of the kubeconfig with --user, or another context with --context',
    },
  );
}
